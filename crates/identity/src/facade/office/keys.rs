//! Keys of devices and systems.

use std::collections::HashMap;

use dinh_access::AccountKind;

use super::Office;
use crate::Error;
use crate::domain::{AccountId, AccountRecord, State};
use crate::event::What;
use crate::kept::{kind, put};
use crate::key::{KeyRecord, KeyScope, KeyText};
use crate::session::MINUTE;

/// Most characters of a title.
const MOST_LETTERS: usize = 200;
/// Longest time for which the former secret stays good after a rotation, in hours.
const LONGEST_OVERLAP: u32 = 7 * 24;

/// A key that was made or rotated.
#[derive(Debug)]
pub struct NewKey {
    /// The whole key, which is said this once: `dinh_<id>_<secret>`.
    pub text: String,
    /// What is kept of it.
    pub key: KeyRecord,
}

impl Office {
    /// Makes a key for the account of a device or system. Administrators of one tenant make keys for that tenant.
    pub async fn key_make(&self, id: &AccountId, title: &str, scope: &KeyScope) -> Result<NewKey, Error> {
        let identity = &self.identity;
        let now = identity.now();
        scope.check(now)?;
        if !(1..=MOST_LETTERS).contains(&title.trim().chars().count()) {
            return Err(Error::Key { field: "title", rule: "write 1 to 200 characters" });
        }
        if let Some(other) =
            scope.tenants.iter().find(|tenant| !self.tenant.is_default() && **tenant != self.tenant)
        {
            return Err(Error::Elsewhere(other.clone()));
        }
        let text = KeyText::fresh(None, identity.0.entropy.as_ref())?;
        let key = KeyRecord {
            id: text.id.clone(),
            account: id.clone(),
            title: title.trim().to_owned(),
            secret_hash: text.hash(),
            former: None,
            scope: scope.clone(),
            made: now,
            made_by: self.by.who.clone(),
            last_used: None,
            revoked: None,
        };
        let op = put(kind::KEY, &key.id, &key)?;
        let made = key.id.clone();
        identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                let machine = matches!(draft.record.kind, AccountKind::Device | AccountKind::System);
                if draft.record.state != State::Active {
                    return Err(Error::NotActive);
                }
                if !machine {
                    return Err(Error::Key { field: "account", rule: "only devices and systems have keys" });
                }
                draft.record.keys.push(made.clone());
                draft.more.push(op);
                draft.events.push(What::KeyMade { key: made });
                Ok(())
            })
            .await?;
        Ok(NewKey { text: text.text(), key })
    }

    /// The keys of an account, revoked ones included.
    pub async fn keys(&self, id: &AccountId) -> Result<Vec<KeyRecord>, Error> {
        let record = self.account(id).await?;
        let mut keys = Vec::new();
        for key in &record.keys {
            keys.push(self.identity.kept_key(id, key).await?);
        }
        Ok(keys)
    }

    /// The keys of all accounts that are looked after from here, the latest first, each with the account's name; of the
    /// first 20,000 that there are.
    pub async fn all_keys(&self) -> Result<Vec<(KeyRecord, String)>, Error> {
        let kept = &self.identity.0.kept;
        let (mut keys, mut names) = (Vec::new(), HashMap::new());
        let (mut after, mut looked_at) = (String::new(), 0);
        while looked_at < super::list::LOOKED_AT {
            let page = kept.list::<KeyRecord>(kind::KEY, &after, super::list::PAGE).await?;
            let read = page.len();
            looked_at += read;
            for (id, key) in page {
                after = id;
                if !names.contains_key(&key.account) {
                    let record = kept.get::<AccountRecord>(kind::ACCOUNT, key.account.as_str()).await?;
                    let name = record.filter(|record| self.sees(record)).map(|record| record.name);
                    names.insert(key.account.clone(), name);
                }
                if let Some(Some(name)) = names.get(&key.account) {
                    keys.push((key, name.clone()));
                }
            }
            if read < super::list::PAGE {
                break;
            }
        }
        keys.sort_by_key(|(key, _)| std::cmp::Reverse(key.made));
        Ok(keys)
    }

    /// Gives a key a new secret. The former one stays good for `overlap_hours`, at most a week, so that devices can
    /// be changed over one after another.
    pub async fn key_rotate(&self, id: &AccountId, key: &str, overlap_hours: u32) -> Result<NewKey, Error> {
        if overlap_hours > LONGEST_OVERLAP {
            return Err(Error::Key {
                field: "overlapHours",
                rule: "the former secret stays good for a week at most",
            });
        }
        let text = KeyText::fresh(Some(key), self.identity.0.entropy.as_ref())?;
        let until = self.identity.now().plus_micros(i64::from(overlap_hours) * 60 * MINUTE);
        let what = What::KeyRotated { key: key.to_owned() };
        let changed = self.key_edit(id, key, what, |record| {
            let former = std::mem::replace(&mut record.secret_hash, text.hash());
            record.former = (overlap_hours > 0).then_some((former, until));
        });
        Ok(NewKey { key: changed.await?, text: text.text() })
    }

    /// Revokes a key at once and for ever.
    pub async fn key_revoke(&self, id: &AccountId, key: &str) -> Result<(), Error> {
        let now = self.identity.now();
        let what = What::KeyRevoked { key: key.to_owned() };
        self.key_edit(id, key, what, |record| record.revoked = Some(now)).await.map(drop)
    }

    async fn key_edit(
        &self,
        id: &AccountId,
        key: &str,
        what: What,
        change: impl FnOnce(&mut KeyRecord) + Send,
    ) -> Result<KeyRecord, Error> {
        let _lock = self.identity.0.locks.of(id.as_str()).await;
        let mut record = self.identity.kept_key(id, key).await?;
        if record.revoked.is_some() {
            return Err(Error::NoSuch("key"));
        }
        change(&mut record);
        let op = put(kind::KEY, key, &record)?;
        self.identity
            .edit_locked(id, &self.by, |draft| {
                self.care(&draft.record)?;
                draft.more.push(op);
                draft.events.push(what);
                Ok(())
            })
            .await?;
        Ok(record)
    }
}
