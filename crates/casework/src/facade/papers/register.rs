//! The register of dossiers (form 07 of Circular 03/2025/TT-VPCP): what a unit received within some days, as it is on record.

use dinh_access::Purpose;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_documents::{Register, Sheet};
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject, Path, Q};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::offset;
use serde_json::{Value as Json, json};

use super::super::Casework;
use crate::{Dossier, Error};

/// Dossiers that are read at once.
const CHUNK: usize = 500;
/// Most days of one register: a year.
const MOST_DAYS: i32 = 366;
/// Days of one part.
const SPAN_DAYS: i64 = 14;
/// Parts that are read at once: as many readers as a store has by default.
const AT_ONCE: usize = 4;

impl Casework {
    /// The dossiers that a unit received from one day to another, both included, in the order in which they came. Who applied
    /// is shown, and the audit notes it.
    ///
    /// # Errors
    /// [`Error::NotYours`] for a unit for which whoever asks does not act; [`Error::TooMany`] for more than a year, or more
    /// than [`Register::MOST_ROWS`] dossiers.
    pub async fn registered(
        &self,
        session: &Session,
        unit: &EntityId,
        (from, to): (Date, Date),
    ) -> Result<Vec<Dossier>, Error> {
        self.enter(session)?;
        let dinh_access::Principal::Account(account) = session.principal() else {
            return Err(Error::NotSignedIn);
        };
        if !account.units.contains(unit.as_str()) {
            return Err(Error::NotYours);
        }
        let days = (to - from).get_days();
        if !(0..MOST_DAYS).contains(&days) {
            return Err(Error::TooMany { what: "days", most: 366 });
        }
        let reason = format!("Lập sổ theo dõi hồ sơ từ {from} đến {to} (register of dossiers)");
        let open = session.clone().with_purpose(Purpose::CaseHandling).revealing(&reason)?;
        let read = stream::iter(spans(from, to)).map(|span| self.received(&open, unit, span));
        read.buffered(AT_ONCE)
            .try_fold(Vec::new(), async |mut all: Vec<Dossier>, span| {
                all.extend(span);
                if all.len() > Register::MOST_ROWS { Err(too_many()) } else { Ok(all) }
            })
            .await
    }

    /// What a unit received from the beginning of one day to that of another.
    async fn received(
        &self,
        open: &Session,
        unit: &EntityId,
        (from, until): (Date, Date),
    ) -> Result<Vec<Dossier>, Error> {
        let at = |day: Date| Literal::Text(begins(day).to_string());
        let received = Path::attribute(self.names().of("receivedAt"));
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.compare("receivedAt", Compare::Ge, at(from)),
                self.compare("receivedAt", Compare::Lt, at(until)),
                self.links("receivingUnit", unit.as_str()),
            ])),
            order: vec![OrderKey { subject: OrderSubject::Value(received), direction: Direction::Ascending }],
            limit: CHUNK,
            ..EntityQuery::of_type(self.names().of("Dossier"))
        };
        let mut all = Vec::new();
        loop {
            let page = open.query(EntityQuery { offset: all.len(), ..query.clone() }).await?;
            let read = page.entities.len();
            for stored in &page.entities {
                all.push(Dossier::read(self.names(), stored)?);
            }
            if all.len() > Register::MOST_ROWS {
                return Err(too_many());
            }
            if read < CHUNK {
                return Ok(all);
            }
        }
    }

    /// A register as PDF, under the head of a unit; under that of nobody in particular for what is about all.
    ///
    /// # Errors
    /// [`Error::Paper`].
    pub async fn set_register(
        &self,
        tenant: &Tenant,
        unit: Option<&EntityId>,
        register: &Register,
    ) -> Result<Vec<u8>, Error> {
        let now = self.now();
        let day = official_day(now.to_jiff());
        let agency = match unit {
            Some(unit) => self.agency(tenant, unit).await?,
            None => super::head::Agency { name: register.agency.clone(), ..Default::default() },
        };
        let data = json!({
            "head": agency.head(None, day),
            "unit_kind": agency.kind,
            "check": Json::Null,
            "register": register,
        });
        let title = format!("{} {}", register.title, register.period);
        let ident = format!("{tenant} {title} {now}");
        let template = Register::TEMPLATE.to_owned();
        self.typeset(Sheet { template, data, title, language: "vi", at: now.to_jiff(), ident }).await
    }
}

fn too_many() -> Error {
    Error::TooMany { what: "dossiers", most: Register::MOST_ROWS }
}

/// The days from `from` to `to`, both included, cut into parts that several readers read at once and that are short enough to be
/// read without passing over what was read before. Each part ends before its second day.
fn spans(from: Date, to: Date) -> Vec<(Date, Date)> {
    let end = to.tomorrow().unwrap_or(to);
    let mut begin = from;
    let mut spans = Vec::new();
    while begin < end {
        let next = begin.checked_add(SPAN_DAYS.days()).map_or(end, |next| next.min(end));
        spans.push((begin, next));
        begin = next;
    }
    spans
}

/// When a day begins by official time.
fn begins(day: Date) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0);
    offset(7).to_timestamp(midnight).map_or_else(|_| Timestamp::from_micros(0), Timestamp::from)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::spans;

    #[test]
    fn parts_follow_each_other_and_leave_no_day_out() {
        let all = spans(date(2026, 1, 1), date(2026, 2, 3));
        let expected = [
            (date(2026, 1, 1), date(2026, 1, 15)),
            (date(2026, 1, 15), date(2026, 1, 29)),
            (date(2026, 1, 29), date(2026, 2, 4)),
        ];
        assert_eq!(all, expected);
        assert_eq!(spans(date(2026, 1, 1), date(2026, 1, 1)), [(date(2026, 1, 1), date(2026, 1, 2))]);
    }
}
