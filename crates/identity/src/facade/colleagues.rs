//! Who acts for the same unit: to whom work may be given.

use dinh_access::{AccountKind, Principal};
use dinh_context::Session;
use dinh_model::Iri;
use dinh_model::fold::fold;

use super::Identity;
use super::lookup::{Card, card};
use super::office::{LOOKED_AT, PAGE};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Moment, Position, acting};
use crate::kept::kind;

impl Identity {
    /// The officials who act for a unit now, in order of their names, for those who act for it too: of the first 20,000
    /// accounts, at most `limit`. For anybody else there are none.
    pub async fn colleagues(&self, session: &Session, unit: &Iri, limit: usize) -> Result<Vec<Card>, Error> {
        let Principal::Account(own) = session.principal() else { return Ok(Vec::new()) };
        if !own.units.contains(unit.as_str()) {
            return Ok(Vec::new());
        }
        let (tenant, now) = (session.tenant(), self.now());
        let units = self.units(tenant).await?;
        let moment = Moment { tenant, now, units: &units, acting_for: None, stepped_up_until: None };
        let acts = |record: &AccountRecord| {
            record.kind == AccountKind::Official
                && acting(record, &moment).is_some_and(|one| one.account.units.contains(unit.as_str()))
        };
        let (mut found, mut after, mut looked_at) = (Vec::new(), String::new(), 0);
        while looked_at < LOOKED_AT {
            let page = self.0.kept.list::<AccountRecord>(kind::ACCOUNT, &after, PAGE).await?;
            let read = page.len();
            looked_at += read;
            for (key, record) in page {
                after = key;
                if acts(&record) {
                    found.push((fold(&record.name), card(record)));
                }
            }
            if read < PAGE {
                break;
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found.into_iter().take(limit).map(|(_, card)| card).collect())
    }

    /// One official who acts for a unit now, with what the unit knows of them, for those who act for it too; none for
    /// anybody else.
    pub async fn colleague(
        &self,
        session: &Session,
        unit: &Iri,
        id: &str,
    ) -> Result<Option<Colleague>, Error> {
        let Principal::Account(own) = session.principal() else { return Ok(None) };
        let record = self.0.kept.get::<AccountRecord>(kind::ACCOUNT, id).await?;
        let Some(record) = record.filter(|_| own.units.contains(unit.as_str())) else { return Ok(None) };
        let (tenant, now) = (session.tenant(), self.now());
        let units = self.units(tenant).await?;
        let moment = Moment { tenant, now, units: &units, acting_for: None, stepped_up_until: None };
        let acts = acting(&record, &moment).is_some_and(|one| one.account.units.contains(unit.as_str()));
        if record.kind != AccountKind::Official || !acts {
            return Ok(None);
        }
        let here = |one: &&Position| one.tenant == *tenant && one.unit == *unit;
        let title = record.positions.iter().rev().find(here).map(|one| one.title.clone());
        Ok(Some(Colleague { id: record.id, name: record.name, subject: record.subject, title }))
    }
}

/// An official, as their unit knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Which account.
    pub id: AccountId,
    /// What pages call them.
    pub name: String,
    /// The person of the graph that the account is tied to.
    pub subject: Option<Iri>,
    /// What their position in the unit is called.
    pub title: Option<String>,
}
