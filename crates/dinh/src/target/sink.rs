//! A running server as the place where a feed writes: for recordings that are played from another machine.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use dinh_context::SystemClock;
use dinh_feeds::definition::Mode as FeedMode;
use dinh_feeds::sink::{
    Applied, EntityWrite, FeedKey, Outcomes, RecordChange, Refusal, Sink, SinkError, Work,
};
use dinh_model::{Clock as _, Entity, EntityId, Tenant, Term, Timestamp};
use dinh_ngsild::context::Context;
use dinh_ngsild::read::{self, Reader};
use dinh_ngsild::write::Writer;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::batch::{self, BatchWriter, Manner, Mode};
use super::{LOCAL, Target, path};
use crate::bridge;

/// Entities asked for at once: their identifiers stand in the query.
const PAGE: usize = 50;

/// Writes what a feed brings to a server. What the feed wants to remember is kept for as long as this program runs:
/// the server has no place for it.
pub(crate) struct ServerSink {
    target: Arc<Target>,
    records: Mutex<BTreeMap<(&'static str, String), Json>>,
}

impl ServerSink {
    pub(crate) fn new(target: Arc<Target>) -> Self {
        Self { target, records: Mutex::default() }
    }

    fn keep(&self, changes: &[RecordChange]) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            match change {
                RecordChange::Put { kind, key, body } => records.insert((kind, key.clone()), body.clone()),
                RecordChange::Delete { kind, key } => records.remove(&(*kind, key.clone())),
            };
        }
    }

    /// Writes fragments in order; those of one manner go together.
    async fn write(&self, writes: &[EntityWrite]) -> Result<Outcomes, SinkError> {
        let batches = BatchWriter { target: &self.target, mode: Mode::Update };
        let mut outcomes = Vec::with_capacity(writes.len());
        for part in writes.chunk_by(|a, b| a.fragment.mode == b.fragment.mode) {
            let entities: Vec<(usize, batch::Entity)> = part
                .iter()
                .enumerate()
                .flat_map(|(index, write)| entities(write).map(move |e| (index, e)))
                .collect();
            let manner = entities.first().map(|(_, entity)| entity.manner).unwrap_or_default();
            let listed: Vec<&batch::Entity> = entities.iter().map(|(_, entity)| entity).collect();
            let written = batches
                .write(&listed, manner, None)
                .await
                .map_err(|error| SinkError(format!("{error:#}")))?;
            let mut own: Outcomes = part.iter().map(|_| Ok(Applied::Changed)).collect();
            for ((index, _), result) in entities.iter().zip(written) {
                if let (Err(reason), Some(outcome)) = (result, own.get_mut(*index)) {
                    *outcome = Err(Refusal::told(reason));
                }
            }
            outcomes.append(&mut own);
        }
        Ok(outcomes)
    }

    async fn read(&self, ids: &[EntityId]) -> anyhow::Result<HashMap<EntityId, Arc<Entity>>> {
        let listed: Vec<&str> = ids.iter().map(EntityId::as_str).collect();
        let limit = PAGE.to_string();
        let question = path("/ngsi-ld/v1/entities", &[("id", &listed.join(",")), ("limit", &limit), LOCAL]);
        let Json::Array(found) = self.target.json(&question).await? else {
            anyhow::bail!("the answer is not a list")
        };
        let core = Context::core();
        let reader = Reader::new(&core, SystemClock.now());
        let entities = found.into_iter().map(|json| Ok(Arc::new(read::entity(&reader, json)?)));
        entities
            .map(|read: anyhow::Result<Arc<Entity>>| read.map(|entity| (entity.id.clone(), entity)))
            .collect()
    }
}

/// What a write becomes: the fragment, then each earlier observation with the present one behind it.
fn entities(write: &EntityWrite) -> impl Iterator<Item = batch::Entity> {
    let now = SystemClock.now();
    let fragment = &write.fragment;
    let late = write.late.iter().flat_map(|late| [(&late.name, &late.observed), (&late.name, &late.present)]);
    let late = late.map(move |(name, attribute)| Entity {
        attributes: [(name.clone(), vec![attribute.clone()])].into(),
        ..bridge::whole(fragment, now)
    });
    let manner = Manner { is_ld: false, update_only: fragment.mode == FeedMode::Update };
    let core = Context::core();
    std::iter::once(bridge::whole(fragment, now)).chain(late).filter_map(move |entity| {
        let mut json = Vec::new();
        Writer::new(&core).entity(&mut json, &entity);
        let json = RawValue::from_string(String::from_utf8(json).ok()?).ok()?;
        Some(batch::Entity { id: entity.id.as_str().to_owned(), json, manner })
    })
}

impl Sink for ServerSink {
    fn commit<'a>(
        &'a self,
        _feed: &'a FeedKey,
        work: &'a Work,
    ) -> BoxFuture<'a, Result<Outcomes, SinkError>> {
        async move {
            let outcomes = self.write(&work.writes).await?;
            self.keep(&work.records);
            Ok(outcomes)
        }
        .boxed()
    }

    fn record<'a>(
        &'a self,
        _tenant: &'a Tenant,
        kind: &'static str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let found = records.get(&(kind, key.to_owned())).cloned();
        std::future::ready(Ok(found)).boxed()
    }

    fn records<'a>(
        &'a self,
        _tenant: &'a Tenant,
        kind: &'static str,
        after: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let later = records.iter().filter(|((of, key), _)| *of == kind && key.as_str() > after);
        let found = later.take(limit).map(|((_, key), body)| (key.clone(), body.clone())).collect();
        std::future::ready(Ok(found)).boxed()
    }

    fn entities<'a>(
        &'a self,
        _tenant: &'a Tenant,
        ids: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>> {
        async move {
            let mut found = HashMap::with_capacity(ids.len());
            for part in ids.chunks(PAGE) {
                found.extend(self.read(part).await.map_err(|error| SinkError(format!("{error:#}")))?);
            }
            Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
        }
        .boxed()
    }

    /// Nothing: a server tells no history, so derivations that look back have only the present.
    fn series<'a>(
        &'a self,
        _tenant: &'a Tenant,
        _id: &'a EntityId,
        _attribute: &'a Term,
        _from: Timestamp,
        _limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}
