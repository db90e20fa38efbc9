//! What is in a snapshot: entities and what they said over time.

use std::sync::Arc;

use dinh_model::{Entity, Tenant};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::snapshot::Outcome;
use dinh_ngsild::temporal::{Evolution, Records, TemporalEntity};
use dinh_store::{Commit, EvolutionQuery, Op, UpsertMode};
use serde_json::json;

use super::Snapshots;
use crate::{Context, Error, Session};

/// Most entities in one snapshot.
pub const MOST_FROZEN: usize = 10_000;
/// Entities written, read or taken away at once.
const PORTION: usize = 200;

impl Snapshots {
    /// Puts entities into a snapshot of the session's own, beside what is in it of them. How many of them could not be put
    /// there, and why the first of them could not.
    ///
    /// # Errors
    /// There is no such snapshot; the store could not keep them.
    pub async fn put(
        &self,
        session: &Session,
        id: &str,
        entities: &[Arc<Entity>],
    ) -> Result<Option<(usize, String)>, Error> {
        let place = part_of(&self.enter(session, id)?);
        put(&place, entities).await
    }

    /// Puts what entities said over time into a snapshot of the session's own.
    ///
    /// # Errors
    /// As [`Snapshots::put`].
    pub async fn put_evolutions(
        &self,
        session: &Session,
        id: &str,
        evolutions: Vec<TemporalEntity>,
    ) -> Result<Option<(usize, String)>, Error> {
        let place = part_of(&self.enter(session, id)?);
        put_evolutions(&place, evolutions).await
    }

    /// Copies what is in a snapshot of the session's own into another one.
    ///
    /// # Errors
    /// One of them is not there; the store could not do it.
    pub async fn copy(&self, session: &Session, from: &str, to: &str) -> Result<Outcome, Error> {
        let from = part_of(&self.enter(session, from)?);
        let to = part_of(&self.enter(session, to)?);
        let (mut after, mut failed, mut some) = (Some(0), None, false);
        loop {
            let page = from.query(EntityQuery { limit: PORTION, after, ..EntityQuery::default() }).await?;
            let Some(last) = page.entities.last() else { break };
            (after, some) = (Some(last.place), true);
            let entities: Vec<Arc<Entity>> = page.entities.iter().map(|s| Arc::clone(&s.entity)).collect();
            failed = failed.or(put(&to, &entities).await?);
        }
        let mut offset = 0;
        loop {
            let page = from.evolutions(&everything(offset)).await?;
            offset += page.entities.len();
            let ended = page.entities.is_empty() || !page.more;
            let said: Vec<TemporalEntity> = page.entities.into_iter().filter_map(observed).collect();
            some |= !said.is_empty();
            failed = failed.or(put_evolutions(&to, said).await?);
            if ended {
                break;
            }
        }
        Ok(match (failed, some) {
            (Some((_, reason)), _) => {
                Outcome::Failed(json!({"title": "Not everything was copied.", "detail": reason}))
            }
            (None, true) => Outcome::Found,
            (None, false) => Outcome::Nothing,
        })
    }
}

/// A part of the program where whoever asks is.
fn part_of(within: &Session) -> Session {
    within.context().system("snapshots", within.tenant().clone())
}

async fn put(place: &Session, entities: &[Arc<Entity>]) -> Result<Option<(usize, String)>, Error> {
    let ops = entities.iter().map(|entity| {
        let mode = UpsertMode::Update { no_overwrite: false };
        Op::upsert(Arc::clone(entity), mode)
    });
    commit(place, ops.collect()).await
}

async fn put_evolutions(
    place: &Session,
    evolutions: Vec<TemporalEntity>,
) -> Result<Option<(usize, String)>, Error> {
    let ops = evolutions.into_iter().flat_map(|told| {
        let alive = |records: Vec<_>| -> Vec<_> {
            records
                .into_iter()
                .filter(|one: &dinh_ngsild::temporal::TemporalInstance| one.deleted_at.is_none())
                .collect()
        };
        let records: Records = told.attributes.into_iter().map(|(name, all)| (name, alive(all))).collect();
        let records: Records = records.into_iter().filter(|(_, all)| !all.is_empty()).collect();
        let scopes = (!told.scopes.is_empty()).then_some(told.scopes);
        let added = Evolution::Add { types: told.types, scopes, records, expires_at: None, create: true };
        let gone = told.deleted_at.map(|_| Op::delete(told.id.clone()));
        std::iter::once(Op::evolve(told.id, added)).chain(gone)
    });
    commit(place, ops.collect()).await
}

async fn commit(place: &Session, ops: Vec<Op>) -> Result<Option<(usize, String)>, Error> {
    let mut failed: Option<(usize, String)> = None;
    for portion in ops.chunks(PORTION) {
        let receipt = place.commit(Commit::of(portion.to_vec())).await?;
        for error in receipt.results.into_iter().filter_map(Result::err) {
            failed.get_or_insert_with(|| (0, error.to_string())).0 += 1;
        }
    }
    Ok(failed)
}

/// Of what an entity said, what was observed: the rest comes with the entity itself.
fn observed(mut told: TemporalEntity) -> Option<TemporalEntity> {
    for records in told.attributes.values_mut() {
        records.retain(|record| record.attribute.observed_at.is_some());
    }
    told.attributes.retain(|_, records| !records.is_empty());
    let says = !told.attributes.is_empty() && told.deleted_at.is_none();
    says.then_some(told)
}

fn everything(offset: usize) -> EvolutionQuery {
    let entities = EntityQuery { limit: PORTION, offset, ..EntityQuery::default() };
    EvolutionQuery { entities, ..EvolutionQuery::default() }
}

/// Takes away what is in a place, there or gone, with its past.
pub(super) async fn empty(house: &Context, place: &Tenant) -> Result<(), Error> {
    let session = house.system("snapshots", place.clone());
    loop {
        let page = session.query(EntityQuery { limit: PORTION, ..EntityQuery::default() }).await?;
        if page.entities.is_empty() {
            break;
        }
        let ids = page.entities.iter().map(|stored| stored.entity.id.clone());
        let ops = ids.flat_map(|id| [Op::delete(id.clone()), Op::evolve(id, Evolution::End)]);
        session.commit(Commit::of(ops.collect())).await?;
    }
    let mut rounds = 0;
    loop {
        let page = session.evolutions(&everything(0)).await?;
        let ops: Vec<Op> =
            page.entities.into_iter().map(|told| Op::evolve(told.id, Evolution::End)).collect();
        // A past that does not end must not keep this going for ever: the next round takes it up again.
        rounds += 1;
        if ops.is_empty() || rounds > MOST_FROZEN / PORTION {
            return Ok(());
        }
        session.commit(Commit::of(ops)).await?;
    }
}
