//! Opening, finding, locking and closing accounts.

use dinh_access::AccountKind;
use dinh_model::Iri;

use super::Office;
use crate::domain::{AccountId, AccountRecord, Handle, ProvedIdentity, State};
use crate::event::What;
use crate::facade::leave::close;
use crate::facade::own::Details;
use crate::kept::kind;
use crate::secrets::Secrets;
use crate::{Error, SessionRecord};

/// Most accounts that are looked at for one page of a list.
const LOOKED_AT: usize = 5_000;
/// Accounts read at once.
const PAGE: usize = 500;

/// An account to be opened.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// For whom.
    pub kind: AccountKind,
    /// Name, addresses and language.
    pub details: Details,
    /// URI of the person, enterprise, device or system in the graph.
    pub subject: Option<Iri>,
}

/// An account that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The account.
    pub account: AccountRecord,
    /// The secret end of the link by which its holder chooses a password within three days
    /// ([`crate::Identity::recover`]). Accounts of devices and systems have none: they use keys.
    pub link: Option<String>,
}

/// What an official has seen with their own eyes of somebody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proved {
    /// The holder's identity card, which makes them known at level 2.
    pub identity: bool,
    /// That the e-mail address is theirs.
    pub email: bool,
    /// That the telephone number is theirs.
    pub phone: bool,
}

impl Office {
    /// At most `limit` accounts that are looked after from here, in order of their identifiers, after `after`; and
    /// where to go on, if there may be more.
    pub async fn accounts(
        &self,
        after: Option<&AccountId>,
        limit: usize,
    ) -> Result<(Vec<AccountRecord>, Option<AccountId>), Error> {
        let mut after = after.map_or_else(String::new, ToString::to_string);
        let (mut found, mut looked_at) = (Vec::new(), 0);
        while looked_at < LOOKED_AT {
            let page = self.identity.0.kept.list::<AccountRecord>(kind::ACCOUNT, &after, PAGE).await?;
            let read = page.len();
            for (key, record) in page {
                after = key;
                looked_at += 1;
                if self.sees(&record) {
                    found.push(record);
                }
                if found.len() == limit {
                    return Ok((found, AccountId::parse(&after)));
                }
            }
            if read < PAGE {
                return Ok((found, None));
            }
        }
        Ok((found, AccountId::parse(&after)))
    }

    /// One account.
    pub async fn account(&self, id: &AccountId) -> Result<AccountRecord, Error> {
        let record = self.identity.record(id).await?;
        if self.sees(&record) || self.oneself.as_ref() == Some(id) {
            return Ok(record);
        }
        Err(Error::Elsewhere(record.home))
    }

    /// The account with this e-mail address or telephone number. Whoever has it, so that rights can be given to
    /// somebody whose account is looked after elsewhere; of such an account only identifier, kind and name are said.
    pub async fn find(&self, handle: &Handle) -> Result<AccountRecord, Error> {
        let owner = self.identity.owner(&self.identity.digest(handle)).await?.ok_or(Error::NoAccount)?;
        let record = self.identity.record(&owner).await?;
        if self.sees(&record) {
            return Ok(record);
        }
        let AccountRecord { id, kind, home, name, created, .. } = record;
        Ok(AccountRecord::new(id, kind, home, &name, created))
    }

    /// Opens an account.
    pub async fn open(&self, new: &NewAccount) -> Result<Opened, Error> {
        let identity = &self.identity;
        let id = AccountId::fresh(identity.0.context.ids());
        let now = identity.now();
        let mut record =
            AccountRecord::new(id.clone(), new.kind, self.tenant.clone(), &new.details.name, now);
        new.details.apply(&mut record);
        record.subject.clone_from(&new.subject);
        let person = matches!(new.kind, AccountKind::Citizen | AccountKind::Official);
        let (link, kept) = if person {
            let (link, kept) = identity.link(&id, false, true)?;
            (Some(link), Some(kept))
        } else {
            (None, None)
        };
        let _lock = identity.0.locks.of(id.as_str()).await;
        identity.create(&record, &Secrets { link: kept, ..Secrets::default() }, Vec::new()).await?;
        identity.note(&self.by, Some(&id), What::AccountMade).await?;
        Ok(Opened { account: record, link })
    }

    /// Changes name, addresses, language and subject.
    pub async fn change(
        &self,
        id: &AccountId,
        details: &Details,
        subject: Option<&Iri>,
    ) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                let mut members = details.apply(&mut draft.record);
                if draft.record.subject.as_ref() != subject {
                    draft.record.subject = subject.cloned();
                    members.push("subject".to_owned());
                }
                draft.events.push(What::AccountChanged { members });
                Ok(())
            })
            .await
    }

    /// Records what was seen with own eyes.
    pub async fn prove(&self, id: &AccountId, proved: Proved) -> Result<(), Error> {
        let now = self.identity.now();
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                let record = &mut draft.record;
                if proved.identity {
                    let number = record.identity.take().and_then(|identity| identity.number);
                    record.identity =
                        Some(ProvedIdentity { level: 2, by: "counter".to_owned(), at: now, number });
                }
                let addresses = [(proved.email, &mut record.email), (proved.phone, &mut record.phone)];
                for address in
                    addresses.into_iter().filter_map(|(proved, slot)| slot.as_mut().filter(|_| proved))
                {
                    address.verified = Some(now);
                }
                let members =
                    [("identity", proved.identity), ("email", proved.email), ("phone", proved.phone)];
                let members =
                    members.into_iter().filter(|(_, proved)| *proved).map(|(name, _)| name.to_owned());
                draft.events.push(What::AccountChanged { members: members.collect() });
                Ok(())
            })
            .await
    }

    /// Locks an account: its sessions end and its keys rest at once.
    pub async fn lock(&self, id: &AccountId) -> Result<(), Error> {
        self.set_state(id, State::Active, State::Locked, What::Locked).await
    }

    /// Unlocks an account. Its holder signs in anew.
    pub async fn unlock(&self, id: &AccountId) -> Result<(), Error> {
        self.set_state(id, State::Locked, State::Active, What::Unlocked).await
    }

    async fn set_state(&self, id: &AccountId, from: State, to: State, what: What) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                if draft.record.state != from {
                    return Err(Error::NotActive);
                }
                draft.record.state = to;
                draft.events.push(what);
                draft.end_sessions_but(None);
                Ok(())
            })
            .await
    }

    /// Closes an account for ever, as its holder could.
    pub async fn close(&self, id: &AccountId) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                if draft.record.state == State::Closed {
                    return Err(Error::NotActive);
                }
                close(draft);
                Ok(())
            })
            .await
    }

    /// Lets the holder choose a new password within half an hour: answers the secret end of a link, which an earlier
    /// one gives way to. With `drop_factors` the second factors go with the old password, for who has lost both.
    pub async fn recovery_link(&self, id: &AccountId, drop_factors: bool) -> Result<String, Error> {
        let (link, kept) = self.identity.link(id, drop_factors, false)?;
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                let person = matches!(draft.record.kind, AccountKind::Citizen | AccountKind::Official);
                if draft.record.state != State::Active || !person {
                    return Err(Error::NotActive);
                }
                draft.secrets.link = Some(kept);
                draft.events.push(What::RecoveryLinkMade);
                Ok(())
            })
            .await?;
        Ok(link)
    }

    /// The sessions of an account that are not over.
    pub async fn sessions(&self, id: &AccountId) -> Result<Vec<SessionRecord>, Error> {
        let record = self.account(id).await?;
        let now = self.identity.now();
        let mut sessions = self.identity.kept_sessions(&record.id).await?;
        sessions.retain(|session| !session.is_over(session.seen, now));
        Ok(sessions)
    }

    /// Ends one session of an account. From then on its token opens nothing.
    pub async fn session_end(&self, id: &AccountId, session: &str) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                let before = draft.sessions.len();
                draft.sessions.retain(|kept| kept.id != session);
                if draft.sessions.len() == before {
                    return Err(Error::NoSuch("session"));
                }
                draft.events.push(What::SessionsRevoked { sessions: vec![session.to_owned()] });
                Ok(())
            })
            .await
    }

    /// Ends all sessions of an account.
    pub async fn sessions_end(&self, id: &AccountId) -> Result<(), Error> {
        self.identity
            .edit(id, &self.by, |draft| {
                self.care(&draft.record)?;
                draft.end_sessions_but(None);
                Ok(())
            })
            .await
    }
}
