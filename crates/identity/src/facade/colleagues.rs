//! Who acts for the same unit: to whom work may be given.

use dinh_access::{AccountKind, Principal};
use dinh_context::Session;
use dinh_model::Iri;
use dinh_model::fold::fold;

use super::Identity;
use super::lookup::{Card, card};
use super::office::{LOOKED_AT, PAGE};
use crate::Error;
use crate::domain::{AccountRecord, Moment, acting};
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
}
