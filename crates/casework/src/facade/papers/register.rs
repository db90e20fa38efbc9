//! The register of dossiers (form 07 of Circular 03/2025/TT-VPCP): what a unit received within some days, as it is on record.

use dinh_access::Purpose;
use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_documents::{Register, Sheet};
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject, Path, Q};
use jiff::civil::Date;
use jiff::tz::offset;
use serde_json::{Value as Json, json};

use super::super::Casework;
use crate::{Dossier, Error};

/// Dossiers that are read at once.
const CHUNK: usize = 500;
/// Most days of one register: a year.
const MOST_DAYS: i32 = 366;

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
        let at = |day: Date| Literal::Text(begins(day).to_string());
        let until = to.tomorrow().unwrap_or(to);
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
        let reason = format!("Lập sổ theo dõi hồ sơ từ {from} đến {to} (register of dossiers)");
        let open = session.clone().with_purpose(Purpose::CaseHandling).revealing(&reason)?;
        let mut all = Vec::new();
        loop {
            let page = open.query(EntityQuery { offset: all.len(), ..query.clone() }).await?;
            let read = page.entities.len();
            for stored in &page.entities {
                all.push(Dossier::read(self.names(), stored)?);
            }
            if all.len() > Register::MOST_ROWS {
                return Err(Error::TooMany { what: "dossiers", most: Register::MOST_ROWS });
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

/// When a day begins by official time.
fn begins(day: Date) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0);
    offset(7).to_timestamp(midnight).map_or_else(|_| Timestamp::from_micros(0), Timestamp::from)
}
