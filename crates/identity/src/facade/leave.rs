//! Taking along everything that is kept, and leaving.

use serde_json::{Value as Json, json};

use super::edit::Draft;
use super::{By, Identity, Present};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, State};
use crate::event::{Origin, What};
use crate::kept::{delete, kind};
use crate::secrets::Secrets;

impl Identity {
    /// Everything that is kept of the account here, as JSON: the record, sessions, keys, and which factors there are.
    /// Secrets and their hashes are left out.
    pub async fn export(&self, present: &Present, from: &Origin) -> Result<Json, Error> {
        let id = present.id();
        let draft = self.draft(id).await?;
        self.lately(present.session(), &draft.secrets)?;
        let mut keys = Vec::new();
        for key in &draft.record.keys {
            keys.push(self.kept_key(id, key).await?);
        }
        let secrets = &draft.secrets;
        let whole = json!({
            "exportedAt": self.now().to_string(),
            "account": draft.record,
            "sessions": draft.sessions.iter().map(shown).collect::<Vec<_>>(),
            "keys": keys.iter().map(shown).collect::<Vec<_>>(),
            "factors": {
                "passwordSet": secrets.password.as_ref().map(|password| password.set.to_string()),
                "oneTimeCodesSince": secrets.totp.as_ref().map(|totp| totp.since.to_string()),
                "passkeys": secrets.passkeys.iter().map(|key| json!({
                    "name": key.name,
                    "since": key.since.to_string(),
                    "lastUsed": key.last_used.map(|at| at.to_string()),
                })).collect::<Vec<_>>(),
                "recoveryCodesLeft": secrets.recovery.len(),
            },
        });
        self.note(&By::holder(id, from), Some(id), What::Exported).await?;
        Ok(whole)
    }

    /// Closes the account for ever: sessions, keys and secrets are destroyed at once, and what is left is a record
    /// without personal data, so that what the audit says keeps its meaning. Personal data of the graph is not touched.
    pub async fn close_own(&self, present: &Present, from: &Origin) -> Result<(), Error> {
        let id = present.id();
        let is_last_hope =
            present.account().roles.iter().any(|role| role.code == super::set_up::ADMINISTRATOR);
        if is_last_hope {
            return Err(Error::Oneself);
        }
        self.edit(id, &By::holder(id, from), |draft| {
            self.lately(present.session(), &draft.secrets)?;
            close(draft);
            Ok(())
        })
        .await
    }

    /// Removes sessions that are over and attempts that no longer count. For the program to call once in a while.
    pub async fn tidy(&self) -> Result<u64, Error> {
        let (now, mut removed, mut after) = (self.now(), 0, String::new());
        loop {
            let page = self.0.kept.list::<crate::SessionRecord>(kind::SESSION, &after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            last.clone_into(&mut after);
            let over = page.iter().filter(|(_, session)| session.is_over(session.seen, now));
            for account in over.map(|(_, session)| session.account.clone()).collect::<Accounts>() {
                removed += self.tidy_account(&account).await?;
            }
        }
        after.clear();
        loop {
            let page = self.0.kept.list::<crate::throttle::Tries>(kind::TRIES, &after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            last.clone_into(&mut after);
            for (key, _) in page.iter().filter(|(_, tries)| tries.is_old(now)) {
                // One by one: an account that is just now freed may have removed its own.
                removed += u64::from(self.0.kept.write(vec![delete(kind::TRIES, key)]).await.is_ok());
            }
        }
        Ok(removed)
    }

    async fn tidy_account(&self, id: &AccountId) -> Result<u64, Error> {
        let by = By::someone("system:identity".to_owned(), &Origin::default());
        let now = self.now();
        // What is in use is known better in memory than in the store.
        let seen = self.0.cache.get(id);
        self.edit(id, &by, |draft| {
            let before = draft.sessions.len();
            draft.sessions.retain(|session| {
                let live = seen.as_ref().and_then(|known| known.session(&session.id));
                !session.is_over(live.map_or(session.seen, |live| live.seen()), now)
            });
            Ok((before - draft.sessions.len()) as u64)
        })
        .await
    }
}

/// Records read at once.
const PAGE: usize = 500;

type Accounts = std::collections::BTreeSet<AccountId>;

/// Leaves nothing of an account but the record that it was.
pub(super) fn close(draft: &mut Draft) {
    for key in &draft.record.keys {
        draft.more.push(delete(kind::KEY, key));
    }
    let AccountRecord { id, kind, home, created, changed, .. } = draft.record.clone();
    draft.record = AccountRecord {
        created,
        state: State::Closed,
        name: String::new(),
        ..AccountRecord::new(id, kind, home, "", changed)
    };
    draft.secrets = Secrets::default();
    draft.end_sessions_but(None);
    draft.events.push(What::Closed);
}

/// A record without the hash of its secret.
fn shown<T: serde::Serialize>(record: &T) -> Json {
    let mut json = serde_json::to_value(record).unwrap_or_default();
    if let Some(members) = json.as_object_mut() {
        members.remove("hash");
        members.remove("former");
    }
    json
}
