//! What is in a snapshot: entities and what they said over time.

use std::sync::Arc;

use dinh_model::{Entity, Tenant};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::temporal::{Evolution, TemporalEntity};
use dinh_store::{Commit, EvolutionQuery, Op, UpsertMode};

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

    /// Copies what is in a snapshot of the session's own into another one, and tells how that ended.
    ///
    /// # Errors
    /// That it has ended could not be kept.
    pub async fn copy(&self, session: &Session, from: &str, to: &str) -> Result<(), Error> {
        let copied = self.copied(session, from, to).await;
        if let Err(error) = &copied {
            tracing::error!(%error, snapshot = to, "a snapshot could not be copied");
        }
        let is_whole = matches!(copied, Ok(None));
        let place = (session.tenant(), to);
        self.settle(session.context(), place, |snapshot, now| snapshot.copied(is_whole, now)).await
    }

    async fn copied(
        &self,
        session: &Session,
        from: &str,
        to: &str,
    ) -> Result<Option<(usize, String)>, Error> {
        let from = part_of(&self.enter(session, from)?);
        let to = part_of(&self.enter(session, to)?);
        let (mut after, mut failed) = (Some(0), None);
        loop {
            let page = from.query(EntityQuery { limit: PORTION, after, ..EntityQuery::default() }).await?;
            let Some(last) = page.entities.last() else { break };
            after = Some(last.place);
            let entities: Vec<Arc<Entity>> = page.entities.iter().map(|s| Arc::clone(&s.entity)).collect();
            failed = failed.or(put(&to, &entities).await?);
        }
        let mut offset = 0;
        loop {
            let page = from.evolutions(&everything(offset)).await?;
            offset += page.entities.len();
            let ended = page.entities.is_empty() || !page.more;
            let said = page.entities.into_iter().filter_map(observed).collect();
            failed = failed.or(put_evolutions(&to, said).await?);
            if ended {
                return Ok(failed);
            }
        }
    }
}

/// A part of the program where whoever asks is.
fn part_of(within: &Session) -> Session {
    within.context().system("snapshots", within.tenant().clone())
}

async fn put(place: &Session, entities: &[Arc<Entity>]) -> Result<Option<(usize, String)>, Error> {
    let mode = UpsertMode::Update { no_overwrite: false };
    let ops: Vec<Op> = entities.iter().map(|entity| Op::upsert(Arc::clone(entity), mode)).collect();
    commit(place, &ops).await
}

async fn put_evolutions(
    place: &Session,
    evolutions: Vec<TemporalEntity>,
) -> Result<Option<(usize, String)>, Error> {
    let ops: Vec<Op> = evolutions.into_iter().flat_map(said).collect();
    commit(place, &ops).await
}

/// What puts the evolution of an entity somewhere: what it said, and that it is gone if it is.
fn said(mut told: TemporalEntity) -> impl Iterator<Item = Op> {
    for records in told.attributes.values_mut() {
        records.retain(|record| record.deleted_at.is_none());
    }
    told.attributes.retain(|_, records| !records.is_empty());
    let TemporalEntity { id, types, scopes, deleted_at, attributes: records, .. } = told;
    let scopes = (!scopes.is_empty()).then_some(scopes);
    let gone = deleted_at.map(|_| Op::delete(id.clone()));
    let added = Evolution::Add { types, scopes, records, expires_at: None, create: true };
    std::iter::once(Op::evolve(id, added)).chain(gone)
}

async fn commit(place: &Session, ops: &[Op]) -> Result<Option<(usize, String)>, Error> {
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
