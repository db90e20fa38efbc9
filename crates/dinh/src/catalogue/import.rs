//! The import itself: what is new, changed, read better, or the same.

use std::collections::HashMap;

use dinh_context::graph::{Commit, Op, UpsertMode};
use dinh_context::{Error, Session};
use dinh_model::{EntityId, Term};
use dinh_ngsild::query::EntityQuery;
use dinh_procedures::read::Record;
use dinh_procedures::{Edition, Entry, LifeEvents, Standing, Treatment, graph};
use jiff::civil::Date;

/// Procedures asked for at once.
const PAGE: usize = 1_000;
/// Procedures written in one commit, each with its edition.
const PORTION: usize = 100;

/// When a list was taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// The last day on which its records were collected.
    pub(crate) on: Date,
    /// Day from which its records are in force, if the one who imports says so.
    pub(crate) valid_from: Option<Date>,
}

/// What came of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Procedures that were not there.
    pub(crate) new: usize,
    /// Procedures with another content: a new edition each.
    pub(crate) changed: usize,
    /// The same content, read better.
    pub(crate) read_anew: usize,
    /// Nothing to do.
    pub(crate) unchanged: usize,
    /// What is kept was taken later.
    pub(crate) older: usize,
}

/// Brings records into the tenant of a session. A procedure and its edition are written together or not at all.
pub(crate) async fn import(
    session: &Session,
    records: &[Record],
    events: &LifeEvents,
    taken: Taken,
) -> Result<Imported, Error> {
    let kept = standings(session).await?;
    let reader = events.reader();
    let mut imported = Imported::default();
    for portion in records.chunks(PORTION) {
        let mut ops = Vec::new();
        for record in portion {
            let known = kept.get(&graph::id(&record.procedure.code));
            let treatment = Treatment::of(known, &record.hash, &reader, taken.on);
            imported.count(treatment);
            ops.extend(match (treatment, known) {
                (Treatment::New, _) => written(session, record, events, taken),
                (Treatment::Changed, Some(known)) => {
                    let mut ops = written(session, record, events, taken);
                    ops.extend(close(session, record, known, taken.on).await?);
                    ops
                }
                (Treatment::ReadAnew, Some(known)) => {
                    let valid_from = valid_from(session, record, known).await?;
                    written(session, record, events, Taken { on: known.taken_on, valid_from })
                }
                _ => Vec::new(),
            });
        }
        if !ops.is_empty() {
            let receipt = session.commit(Commit::atomic(ops)).await?;
            receipt.results.into_iter().collect::<Result<Vec<_>, _>>()?;
        }
    }
    Ok(imported)
}

impl Imported {
    fn count(&mut self, treatment: Treatment) {
        let place = match treatment {
            Treatment::New => &mut self.new,
            Treatment::Changed => &mut self.changed,
            Treatment::ReadAnew => &mut self.read_anew,
            Treatment::Unchanged => &mut self.unchanged,
            Treatment::Older => &mut self.older,
        };
        *place += 1;
    }
}

/// What is kept of each procedure. What cannot be read counts as missing, and is written anew.
async fn standings(session: &Session) -> Result<HashMap<EntityId, Standing>, Error> {
    let query = EntityQuery::of_type(Term::from(graph::PROCEDURE));
    let mut kept = HashMap::new();
    let mut offset = 0;
    loop {
        let page = session.query(EntityQuery { limit: PAGE, offset, ..query.clone() }).await?;
        let read = page.entities.len();
        for stored in &page.entities {
            if let Ok(standing) = graph::standing(&stored.entity) {
                kept.insert(stored.entity.id.clone(), standing);
            }
        }
        if read < PAGE {
            return Ok(kept);
        }
        offset += read;
    }
}

/// The procedure and its present edition.
fn written(session: &Session, record: &Record, events: &LifeEvents, taken: Taken) -> Vec<Op> {
    let now = session.context().clock().now();
    let procedure = &record.procedure;
    let edition = Edition {
        hash: record.hash.clone(),
        decision: procedure.decision.clone(),
        taken_on: taken.on,
        valid_from: taken.valid_from,
        superseded_on: None,
    };
    let entry = Entry::of(procedure, events);
    vec![
        Op::upsert(graph::of_edition(procedure, &edition, now), UpsertMode::Replace),
        Op::upsert(graph::of_procedure(&entry, &edition, &events.reader(), now), UpsertMode::Replace),
    ]
}

/// The edition that was present so far, closed on this day. One that is missing stays so.
async fn close(session: &Session, record: &Record, known: &Standing, on: Date) -> Result<Option<Op>, Error> {
    let id = graph::edition_id(&record.procedure.code, &known.hash);
    let now = session.context().clock().now();
    let closed = session.find(&id).await?.map(|stored| graph::superseded(&stored.entity, on, now));
    Ok(closed.map(|entity| Op::upsert(entity, UpsertMode::Replace)))
}

/// From when the kept edition is in force.
async fn valid_from(session: &Session, record: &Record, known: &Standing) -> Result<Option<Date>, Error> {
    let id = graph::edition_id(&record.procedure.code, &known.hash);
    let kept = session.find(&id).await?;
    Ok(kept
        .and_then(|stored| graph::edition_alone(&stored.entity).ok())
        .and_then(|edition| edition.valid_from))
}
