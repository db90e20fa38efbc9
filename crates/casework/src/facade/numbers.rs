//! Numbers of cases: one after another, without gaps, in the commit that gives them.

use dinh_calendar::official_day;
use dinh_cases::{Case, Kind};
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Timestamp};
use serde_json::json;

use super::Casework;
use crate::Error;

/// Kind of the records that keep the last serial of what is counted.
const COUNTER: &str = "case-number";

impl Casework {
    /// Gives a case its next number. The operation belongs into the same atomic commit; `numbering` is held until that is
    /// durable.
    pub(super) async fn number(
        &self,
        own: &Session,
        kind: &Kind,
        case: &mut Case,
        now: Timestamp,
    ) -> Result<Op, Error> {
        let unit = EntityId::trusted(case.receiving.as_str());
        let code = self.code_of(own, &unit).await?;
        let number = kind.number.on(&code, &kind.code, official_day(now.to_jiff()));
        let last = own.record(COUNTER, &number.key).await?.and_then(|record| record.body["last"].as_u64());
        let serial = last.unwrap_or_default() + 1;
        case.number = Some(number.with(serial));
        Ok(Op::PutRecord { kind: COUNTER.to_owned(), key: number.key, body: json!({"last": serial}) })
    }

    /// Refuses what is no unit of the administration.
    pub(super) async fn check_unit(&self, own: &Session, unit: &EntityId) -> Result<(), Error> {
        let found = own.find(unit).await?;
        let is_unit = found.is_some_and(|stored| {
            stored.entity.types.contains(&self.names().of("Unit")) && self.exists(&stored.entity)
        });
        if is_unit { Ok(()) } else { Err(Error::NotAUnit(unit.clone())) }
    }

    /// The electronic identifier of a unit that exists today (Decision 20/2020/QĐ-TTg), by which it numbers.
    pub(super) async fn code_of(&self, own: &Session, unit: &EntityId) -> Result<String, Error> {
        let found = own.find(unit).await?;
        let code = found.and_then(|stored| {
            let from = Reading { names: self.names(), entity: &stored.entity };
            from.text("code").filter(|_| self.exists(&stored.entity)).map(str::to_owned)
        });
        code.ok_or_else(|| Error::NoUnit(unit.clone()))
    }
}
