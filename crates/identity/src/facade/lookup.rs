//! Who accounts are, for those who administer or audit: names, and how somebody acts now. Nothing is changed here, and
//! no address is said.

use dinh_access::{Account, AccountKind, Action};
use dinh_context::Session;
use dinh_model::Tenant;
use dinh_model::fold::fold;

use super::Identity;
use super::office::{LOOKED_AT, PAGE};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Handle, Moment, State, acting};
use crate::kept::kind;

/// Who accounts are, in one tenant.
pub struct Lookup {
    identity: Identity,
    tenant: Tenant,
}

/// An account, as a list of answers names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Which one.
    pub id: AccountId,
    /// What pages call the holder.
    pub name: String,
    /// What kind of holder.
    pub kind: AccountKind,
    /// Whether it may be used.
    pub state: State,
}

impl Identity {
    /// Lets in who may administer or audit.
    pub fn lookup(&self, session: &Session) -> Result<Lookup, Error> {
        if session.may(Action::Audit).is_err() {
            session.may(Action::Administer)?;
        }
        Ok(Lookup { identity: self.clone(), tenant: session.tenant().clone() })
    }

    /// What pages call an official, for those who answer for their work; none for accounts of others. Whoever asks has to
    /// see to it that they may know who works in the office.
    pub async fn official(&self, id: &str) -> Result<Option<String>, Error> {
        let record = self.0.kept.get::<AccountRecord>(kind::ACCOUNT, id).await?;
        Ok(record.filter(|record| record.kind == AccountKind::Official).map(|record| record.name))
    }
}

impl Lookup {
    /// One account by its identifier; none if there is none.
    pub async fn card(&self, id: &AccountId) -> Result<Option<Card>, Error> {
        let record = self.identity.0.kept.get::<AccountRecord>(kind::ACCOUNT, id.as_str()).await?;
        Ok(record.map(card))
    }

    /// At most `limit` accounts with these words in their names, accents and case aside, or with this address, in order
    /// of their names. Those whose home is here or that have a role or position here; of the first 20,000.
    pub async fn named(&self, words: &str, limit: usize) -> Result<Vec<Card>, Error> {
        if let Ok(handle) = Handle::parse(words.trim()) {
            let owner = self.identity.owner(&self.identity.digest(&handle)).await?;
            let Some(owner) = owner else { return Ok(Vec::new()) };
            return Ok(self.card(&owner).await?.into_iter().collect());
        }
        let words = fold(words);
        let (mut found, mut after, mut looked_at) = (Vec::new(), String::new(), 0);
        while looked_at < LOOKED_AT {
            let page = self.identity.0.kept.list::<AccountRecord>(kind::ACCOUNT, &after, PAGE).await?;
            let read = page.len();
            looked_at += read;
            for (key, record) in page {
                after = key;
                let name = fold(&record.name);
                if self.is_of_here(&record) && words.split_whitespace().all(|word| name.contains(word)) {
                    found.push((name, card(record)));
                }
            }
            if read < PAGE {
                break;
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found.into_iter().take(limit).map(|(_, card)| card).collect())
    }

    /// An account as it acts now, all its units together; none if it may not be used. Whether a second factor was shown
    /// is a matter of a session: it is as it is said here.
    pub async fn acting(&self, id: &AccountId, stepped_up: bool) -> Result<Option<Account>, Error> {
        let record = self.identity.record(id).await?;
        let units = self.identity.units(&self.tenant).await?;
        let now = self.identity.now();
        let moment =
            Moment { tenant: &self.tenant, now, units: &units, acting_for: None, stepped_up_until: None };
        Ok(acting(&record, &moment).map(|acting| Account { stepped_up, ..acting.account }))
    }

    fn is_of_here(&self, record: &AccountRecord) -> bool {
        record.home == self.tenant
            || record.roles.iter().any(|role| role.tenant == self.tenant)
            || record.positions.iter().any(|position| position.tenant == self.tenant)
    }
}

pub(super) fn card(record: AccountRecord) -> Card {
    Card { id: record.id, name: record.name, kind: record.kind, state: record.state }
}
