//! Reconciliation: once a day, what happened to dossiers here is compared with what the counterpart says of them.

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Operand, Path, Q};
use futures::StreamExt as _;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::outbox::keep;
use super::{Link, Portal};
use crate::Error;
use crate::codes::List;
use crate::message::flat;

/// Kind of the records of days.
const KIND: &str = "portal-day";
/// Dossiers read at a time.
const PAGE: usize = 200;
/// Most dossiers of one day.
const MOST: usize = 50_000;
/// Most differences that are listed; all are counted.
const LISTED: usize = 500;
/// Days that are listed.
const DAYS: usize = 31;
/// Oldest day that is compared.
const OLDEST: i64 = 400;
/// How often it is looked whether a day is over.
const EVERY: std::time::Duration = std::time::Duration::from_mins(5);

/// What came of comparing a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Day {
    /// Which day.
    pub day: String,
    /// When it was compared.
    pub at: Option<Timestamp>,
    /// Dossiers that were received or ended here on that day.
    pub ours: u64,
    /// Of these, those that the counterpart has.
    pub theirs: u64,
    /// Of these, those that it has where they stand here.
    pub same: u64,
    /// Of these, those of which there still is something to tell.
    pub waiting: u64,
    /// Those that differ, the first five hundred.
    pub differences: Vec<Difference>,
    /// How many differ.
    pub differing: u64,
    /// Why the day could not be compared.
    pub fault: Option<String>,
}

/// A dossier that stands otherwise with the counterpart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The dossier.
    pub dossier: EntityId,
    /// Its number there.
    pub number: String,
    /// Where it stands here, among the ten states.
    pub ours: String,
    /// Where it stands there; none if it is not there.
    pub theirs: Option<String>,
}

/// A dossier of a day.
struct Row {
    id: EntityId,
    number: String,
    state: String,
    procedure: String,
}

impl Portal {
    /// Compares each day once it is over, until `stop`.
    pub(super) async fn compare(&self, tenant: &Tenant, stop: &CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.compare_yesterday(tenant) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    async fn compare_yesterday(&self, tenant: &Tenant) {
        let Ok(yesterday) = official_day(self.now().to_jiff()).checked_sub(1.day()) else { return };
        let own = self.own(tenant);
        let known = match own.record(KIND, &yesterday.to_string()).await {
            Ok(record) => record.is_some_and(|record| record.body["fault"].is_null()),
            Err(_) => true,
        };
        if known {
            return;
        }
        if let Err(error) = self.reconcile(&own, yesterday).await {
            tracing::warn!(%tenant, day = %yesterday, %error, "a day was not compared with the national portal");
        }
    }

    /// Compares a day: every dossier that was received or ended on it and goes to a counterpart. What came of it is kept.
    ///
    /// # Errors
    /// [`Error::Day`] for a day to come or too long ago; [`Error::Silent`] for a counterpart that does not answer: then the
    /// day is kept as not compared.
    pub async fn reconcile(&self, session: &Session, day: Date) -> Result<Day, Error> {
        let today = official_day(self.now().to_jiff());
        let oldest = today.checked_sub(Span::new().days(OLDEST)).unwrap_or(today);
        if day > today || day < oldest {
            return Err(Error::Day);
        }
        let own = self.own(session.tenant());
        let mut found = Day { day: day.to_string(), at: Some(self.now()), ..Day::default() };
        let compared = self.compared(&own, day, &mut found).await;
        if let Err(Error::Silent(why)) = &compared {
            found = Day { day: found.day, at: found.at, fault: Some(why.clone()), ..Day::default() };
        }
        let body = json!(found);
        own.apply(Op::PutRecord { kind: KIND.to_owned(), key: day.to_string(), body }).await?;
        compared.map(|()| found)
    }

    async fn compared(&self, own: &Session, day: Date, found: &mut Day) -> Result<(), Error> {
        let rows = self.rows_of(own, day).await?;
        found.ours = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let at_once = self.links(own.tenant()).map(|link| link.at_once).max().unwrap_or(1);
        let mut asked = futures::stream::iter(rows)
            .map(|row| async move { self.asked(own, &row).await.map(|theirs| (row, theirs)) })
            .buffered(at_once);
        while let Some(answer) = asked.next().await {
            let (row, theirs) = answer?;
            found.theirs += u64::from(theirs.is_some());
            if theirs.as_ref() == Some(&row.state) {
                found.same += 1;
            } else if !own
                .records(keep::NEWS, &format!("{} ", row.id), 1)
                .await?
                .iter()
                .all(|one| !one.key.starts_with(row.id.as_str()))
            {
                found.waiting += 1;
            } else {
                found.differing += 1;
                if found.differences.len() < LISTED {
                    let (dossier, number) = (row.id, row.number);
                    found.differences.push(Difference { dossier, number, ours: row.state, theirs });
                }
            }
        }
        Ok(())
    }

    /// Where a dossier stands there, among the ten states; none if it is not there.
    async fn asked(&self, own: &Session, row: &Row) -> Result<Option<String>, Error> {
        let Some(link) = self.link_of(own.tenant(), &row.procedure) else { return Ok(None) };
        let body = Map::from_iter([
            ("service".to_owned(), json!("TraCuuHoSo")),
            ("mahoso".to_owned(), json!(row.number)),
        ]);
        let answer = link.call(self.0.context.outbound(), &body).await;
        let answer = answer.map_err(|trouble| Error::Silent(trouble.text().to_owned()))?;
        Ok(state_in(link, &answer, &row.number))
    }

    /// Dossiers of national procedures that were received or ended on a day, by their numbers with the counterpart.
    async fn rows_of(&self, own: &Session, day: Date) -> Result<Vec<Row>, Error> {
        let mut rows: std::collections::BTreeMap<EntityId, Row> = std::collections::BTreeMap::new();
        let (from, to) = bounds(day)?;
        for field in ["receivedAt", "endedAt"] {
            let mut offset = 0;
            while rows.len() < MOST {
                let query = EntityQuery {
                    q: Some(self.between(field, from, to)),
                    offset,
                    limit: PAGE,
                    ..EntityQuery::of_type(self.names().of("Dossier"))
                };
                let page = own.query(query).await?;
                for stored in &page.entities {
                    if let Some(row) = self.row(own, stored).await? {
                        rows.insert(row.id.clone(), row);
                    }
                }
                offset += page.entities.len();
                if page.entities.len() < PAGE {
                    break;
                }
            }
        }
        Ok(rows.into_values().collect())
    }

    async fn row(&self, own: &Session, stored: &dinh_context::graph::Stored) -> Result<Option<Row>, Error> {
        let from = Reading { names: self.names(), entity: &stored.entity };
        let id = stored.entity.id.clone();
        let known = keep::standing(own, &id).await?.and_then(|standing| standing.number);
        let number = known.or_else(|| from.text("number").map(str::to_owned));
        let state = from.json("national").and_then(flat);
        let procedure =
            from.text("procedure").filter(|procedure| self.link_of(own.tenant(), procedure).is_some());
        Ok(number.zip(state).zip(procedure).map(|((number, state), procedure)| Row {
            id,
            number,
            state,
            procedure: procedure.to_owned(),
        }))
    }

    fn between(&self, field: &str, from: Timestamp, to: Timestamp) -> Q {
        let bound = |op, at: Timestamp| Q::Compare {
            path: Path::attribute(self.names().of(field)),
            op,
            value: Operand::One(Literal::Text(at.to_string())),
        };
        Q::And(vec![bound(Compare::Ge, from), bound(Compare::Lt, to)])
    }

    /// The days that were compared, the latest first.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn days(&self, tenant: &Tenant) -> Result<Vec<Day>, Error> {
        let today = official_day(self.now().to_jiff());
        let first = today.checked_sub(Span::new().days(i64::try_from(DAYS).unwrap_or(31))).unwrap_or(today);
        let records = self.own(tenant).records(KIND, &first.to_string(), 2 * DAYS).await?;
        let mut days: Vec<Day> =
            records.iter().filter_map(|record| Day::deserialize(&record.body).ok()).collect();
        days.reverse();
        Ok(days)
    }

    /// Has everything told again that differed on a day; how many that was.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn mend_day(&self, session: &Session, day: Date) -> Result<usize, Error> {
        let record = self.own(session.tenant()).record(KIND, &day.to_string()).await?;
        let found = record.and_then(|record| Day::deserialize(&record.body).ok()).unwrap_or_default();
        let mut told = 0;
        for one in &found.differences {
            match self.tell_again(session, &one.dossier, one.theirs.is_none()).await {
                Ok(()) => told += 1,
                Err(Error::NoSuch(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(told)
    }
}

/// The state that an answer to `TraCuuHoSo` tells of a dossier, as ours.
fn state_in(link: &Link, answer: &Json, number: &str) -> Option<String> {
    let found = match answer.get("result")? {
        Json::Array(all) => {
            all.iter().find(|one| one.get("MaHoSo").and_then(flat).is_none_or(|its| its == number))?
        }
        one => one,
    };
    let state = found.get("TrangThaiHoSo").and_then(flat).unwrap_or_default();
    Some(link.counterpart.ours(List::State, &state).unwrap_or(state))
}

/// From when to when a day is, in official time.
fn bounds(day: Date) -> Result<(Timestamp, Timestamp), Error> {
    let ahead = Offset::constant(7);
    let begin = |day: Date| ahead.to_timestamp(day.at(0, 0, 0, 0)).map(Timestamp::from);
    let next = day.checked_add(1.day()).map_err(|_out_of_range| Error::Day)?;
    Ok((begin(day).map_err(|_out_of_range| Error::Day)?, begin(next).map_err(|_out_of_range| Error::Day)?))
}
