//! The graph as the place where feeds write.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_context::graph::{Commit, HistoryQuery, Op, OpError, StoreError};
use dinh_context::{Context, Error, Session};
use dinh_feeds::definition::Mode;
use dinh_feeds::mapping::Mapped;
use dinh_feeds::sink::{
    Applied, EntityWrite, FeedKey, Outcomes, RecordChange, Refusal, Sink, SinkError, Work,
};
use dinh_model::{Entity, EntityId, Tenant, Term, Timestamp};
use dinh_ngsild::query::EntityQuery;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::fragment;
use super::known::Known;
use super::refusal::refusal;

/// Entities asked for at once.
const PAGE: usize = 500;

/// Writes what feeds bring through the door.
///
/// Some attributes are written only when an entity is created, and the graph knows no operation that does one thing to
/// an entity that exists and another where there is none. So the sink remembers which entities exist: one operation
/// creates an entity or brings the fragment in. Where the memory was wrong, because somebody else has created or deleted
/// the entity, all writes of this batch to it are done again with both operations; since fragments replace whole
/// attributes, nothing is different in the end.
///
/// A late observation and the present value after it are one operation and one change. The graph has no operation that
/// adds to the history alone, and what is present comes from the memory of the feed and not from inside the commit: of
/// two feeds that write the same attribute of the same entity, one may for a moment put back what it wrote itself.
pub(crate) struct GraphSink {
    context: Context,
    known: Known,
}

impl GraphSink {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, known: Known::default() }
    }

    fn session(&self, part: &str, tenant: &Tenant) -> Session {
        self.context.system(part, tenant.clone())
    }

    /// Commits writes, in halves where they are too large for one transaction.
    async fn write(&self, session: &Session, writes: &[EntityWrite]) -> Result<Outcomes, SinkError> {
        let mut outcomes = Vec::with_capacity(writes.len());
        let mut waiting = vec![writes];
        while let Some(part) = waiting.pop() {
            match self.write_part(session, part).await {
                Ok(results) => outcomes.extend(results),
                Err(Error::Store(too_large @ StoreError::TooLarge { .. })) if part.len() <= 1 => {
                    outcomes.extend(part.iter().map(|_| Err(Refusal::told(too_large.to_string()))));
                }
                Err(Error::Store(StoreError::TooLarge { .. })) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.extend([second, first]);
                }
                Err(error) => return Err(later(&error)),
            }
        }
        Ok(outcomes)
    }

    async fn write_part(&self, session: &Session, writes: &[EntityWrite]) -> Result<Outcomes, Error> {
        let now = self.context.clock().now();
        let mut results =
            self.operate(session, writes.iter().zip(self.operations(session, writes, now))).await?;
        let surprises: HashMap<&EntityId, Surprise> = writes
            .iter()
            .zip(&results)
            .filter_map(|(write, result)| Some((&write.fragment.id, surprise(write, result)?)))
            .collect();
        let (places, again): (Vec<usize>, Vec<EntityWrite>) = writes
            .iter()
            .enumerate()
            .filter_map(|(place, write)| match surprises.get(&write.fragment.id)? {
                Surprise::Gone => Some((place, fragment::anew(write))),
                Surprise::There => Some((place, write.clone())),
            })
            .unzip();
        let both = |write| vec![fragment::create(write, now), fragment::bring_in(write)];
        let later = self.operate(session, again.iter().map(|write| (write, both(write)))).await?;
        for (place, result) in places.into_iter().zip(later) {
            if let Some(slot) = results.get_mut(place) {
                *slot = result;
            }
        }
        let refuse = |error: &OpError, fragment: &Mapped| refusal(error, fragment, self.context.types(), now);
        let told = writes.iter().zip(results);
        Ok(told.map(|(write, result)| result.map_err(|error| refuse(&error, &write.fragment))).collect())
    }

    /// The operations of each write: one, where it is known whether the entity exists.
    fn operations(&self, session: &Session, writes: &[EntityWrite], now: Timestamp) -> Vec<Vec<Op>> {
        let ids = || writes.iter().map(|write| &write.fragment.id);
        let mut there = self.known.among(session.tenant(), ids());
        let mut times: HashMap<&EntityId, usize> = HashMap::new();
        for id in ids() {
            *times.entry(id).or_default() += 1;
        }
        let of = |write: &EntityWrite| {
            let id = &write.fragment.id;
            if write.fragment.mode == Mode::Update || there.contains(id) {
                return vec![fragment::bring_in(write)];
            }
            there.insert(id.clone());
            // Of several writes to an entity, the first must not be left for later: their order would be lost.
            if times.get(id).is_some_and(|times| *times > 1) {
                return vec![fragment::create(write, now), fragment::bring_in(write)];
            }
            vec![fragment::create(write, now)]
        };
        writes.iter().map(of).collect()
    }

    /// Commits the operations of writes, and remembers what exists.
    async fn operate(
        &self,
        session: &Session,
        writes: impl Iterator<Item = (&EntityWrite, Vec<Op>)>,
    ) -> Result<Vec<Result<Applied, OpError>>, Error> {
        let (ids, ops): (Vec<&EntityId>, Vec<Vec<Op>>) =
            writes.map(|(write, ops)| (&write.fragment.id, ops)).unzip();
        if ops.is_empty() {
            return Ok(Vec::new());
        }
        let lengths: Vec<usize> = ops.iter().map(Vec::len).collect();
        let receipt = session.commit(Commit::of(ops.into_iter().flatten().collect())).await?;
        let mut results = receipt.results.as_slice();
        let mut outcomes = Vec::with_capacity(lengths.len());
        for (id, length) in ids.into_iter().zip(lengths) {
            let (own, others) = results.split_at(length.min(results.len()));
            results = others;
            let outcome = fragment::outcome(own);
            match &outcome {
                Ok(_) | Err(OpError::AlreadyExists) => self.known.learn(session.tenant(), id),
                Err(OpError::NotFound) => self.known.forget(session.tenant(), id),
                Err(_) => {}
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    async fn keep(&self, session: &Session, records: &[RecordChange]) -> Result<(), SinkError> {
        if records.is_empty() {
            return Ok(());
        }
        let ops = records.iter().cloned().map(|change| match change {
            RecordChange::Put { kind, key, body } => Op::PutRecord { kind: kind.to_owned(), key, body },
            RecordChange::Delete { kind, key } => Op::DeleteRecord { kind: kind.to_owned(), key },
        });
        let receipt = session.commit(Commit::of(ops.collect())).await.map_err(|error| later(&error))?;
        let failed = receipt.results.iter().find_map(|result| match result {
            Ok(_) | Err(OpError::NoRecord) => None,
            Err(error) => Some(SinkError(error.to_string())),
        });
        failed.map_or(Ok(()), Err)
    }
}

impl Sink for GraphSink {
    fn commit<'a>(&'a self, feed: &'a FeedKey, work: &'a Work) -> BoxFuture<'a, Result<Outcomes, SinkError>> {
        async move {
            let session = self.session(&format!("feed:{}", feed.name), &feed.tenant);
            let outcomes = self.write(&session, &work.writes).await?;
            self.keep(&session, &work.records).await?;
            Ok(outcomes)
        }
        .boxed()
    }

    fn record<'a>(
        &'a self,
        tenant: &'a Tenant,
        kind: &'static str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>> {
        async move {
            let found = self.session("feeds", tenant).record(kind, key).await;
            Ok(found.map_err(|error| later(&error))?.map(|record| record.body))
        }
        .boxed()
    }

    fn records<'a>(
        &'a self,
        tenant: &'a Tenant,
        kind: &'static str,
        after: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>> {
        async move {
            let found = self.session("feeds", tenant).records(kind, after, limit).await;
            let found = found.map_err(|error| later(&error))?;
            Ok(found.into_iter().map(|record| (record.key, record.body)).collect())
        }
        .boxed()
    }

    fn entities<'a>(
        &'a self,
        tenant: &'a Tenant,
        ids: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>> {
        async move {
            let session = self.session("feeds", tenant);
            let mut found = HashMap::with_capacity(ids.len());
            for part in ids.chunks(PAGE) {
                let query = EntityQuery { ids: part.to_vec(), limit: PAGE, ..EntityQuery::default() };
                let page = session.query(query).await.map_err(|error| later(&error))?;
                found.extend(
                    page.entities.into_iter().map(|stored| (stored.entity.id.clone(), stored.entity)),
                );
            }
            Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
        }
        .boxed()
    }

    fn series<'a>(
        &'a self,
        tenant: &'a Tenant,
        id: &'a EntityId,
        attribute: &'a Term,
        from: Timestamp,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>> {
        async move {
            let query = HistoryQuery {
                attributes: vec![attribute.clone()],
                from: Some(from.plus_micros(1)),
                last: Some(limit),
                limit,
                ..HistoryQuery::of(id.clone())
            };
            let history =
                self.session("feeds", tenant).history(query).await.map_err(|error| later(&error))?;
            // The default instance speaks for the attribute, as it does for its present value.
            let series = history.series.iter().min_by_key(|series| series.dataset_id.is_some());
            let observations = series.into_iter().flat_map(|series| &series.observations);
            Ok(observations.filter_map(|seen| Some((seen.observed_at?, seen.number()?))).collect())
        }
        .boxed()
    }
}

/// How an entity was not as the sink remembered it.
#[derive(Clone, Copy)]
enum Surprise {
    /// It is no more.
    Gone,
    /// It exists.
    There,
}

fn surprise(write: &EntityWrite, result: &Result<Applied, OpError>) -> Option<Surprise> {
    match result {
        Err(OpError::AlreadyExists) => Some(Surprise::There),
        Err(OpError::NotFound) if write.fragment.mode == Mode::Upsert => Some(Surprise::Gone),
        _ => None,
    }
}

fn later(error: &Error) -> SinkError {
    SinkError(error.to_string())
}
