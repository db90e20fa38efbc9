//! The graph as the place where feeds write.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_context::graph::{Commit, HistoryQuery, Op, OpError, StoreError};
use dinh_context::{Context, Error, Session};
use dinh_feeds::sink::{EntityWrite, FeedKey, Outcomes, RecordChange, Refusal, Sink, SinkError, Work};
use dinh_model::{Entity, EntityId, Tenant, Term, Timestamp};
use dinh_ngsild::query::EntityQuery;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::fragment;

/// Entities asked for at once.
const PAGE: usize = 500;

/// Writes what feeds bring through the door.
pub(crate) struct GraphSink(Context);

impl GraphSink {
    pub(crate) fn new(context: Context) -> Self {
        Self(context)
    }

    fn session(&self, part: &str, tenant: &Tenant) -> Session {
        self.0.system(part, tenant.clone())
    }

    /// Commits writes, in halves where they are too large for one transaction.
    async fn write(&self, session: &Session, writes: &[EntityWrite]) -> Result<Outcomes, SinkError> {
        let mut outcomes = Vec::with_capacity(writes.len());
        let mut waiting = vec![writes];
        while let Some(part) = waiting.pop() {
            match self.write_part(session, part).await {
                Ok(results) => outcomes.extend(results),
                Err(Error::Store(too_large @ StoreError::TooLarge { .. })) if part.len() <= 1 => {
                    outcomes.extend(part.iter().map(|_| Err(Refusal(too_large.to_string()))));
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
        let now = self.0.clock().now();
        let ops: Vec<Vec<Op>> = writes.iter().map(|write| fragment::ops(write, now)).collect();
        let lengths: Vec<usize> = ops.iter().map(Vec::len).collect();
        let ops: Vec<Op> = ops.into_iter().flatten().collect();
        if ops.is_empty() {
            return Ok(Vec::new());
        }
        let receipt = session.commit(Commit::of(ops)).await?;
        let mut results = receipt.results.as_slice();
        let outcomes = lengths.into_iter().map(|length| {
            let (own, others) = results.split_at(length.min(results.len()));
            results = others;
            fragment::outcome(own)
        });
        Ok(outcomes.collect())
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

fn later(error: &Error) -> SinkError {
    SinkError(error.to_string())
}
