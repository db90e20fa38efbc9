//! Where the feed of the matrix keeps its rejected records: there is always one, and nothing else.

use std::sync::Arc;

use dinh_feeds::sink::{FeedKey, Outcomes, Refusal, Sink, SinkError, Work};
use dinh_model::{Entity, EntityId, Tenant, Term, Timestamp};
use futures::future::BoxFuture;
use serde_json::{Value as Json, json};

/// What the rejected record says: nobody knows what of it is personal.
pub(crate) const MARKER: &str = "mkletterx";

pub(crate) struct Letters;

fn letter() -> Json {
    json!({
        "id": 1, "at": "2026-11-20T07:00:00Z", "position": "row 1", "record": {"code": MARKER},
        "rejection": {"field": "level", "rule": "number", "reason": {"vi": "không phải số", "en": "no number"}}
    })
}

fn answer<T: Send + 'static>(value: T) -> BoxFuture<'static, Result<T, SinkError>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Sink for Letters {
    fn commit<'a>(&'a self, _: &'a FeedKey, work: &'a Work) -> BoxFuture<'a, Result<Outcomes, SinkError>> {
        let outcomes = work.writes.iter().map(|_| Err(Refusal::told("nothing is taken here")));
        answer(outcomes.collect())
    }

    fn record<'a>(
        &'a self,
        _: &'a Tenant,
        kind: &'static str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>> {
        answer((kind == "feed-letter").then(letter))
    }

    fn records<'a>(
        &'a self,
        _: &'a Tenant,
        kind: &'static str,
        after: &'a str,
        _: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>> {
        let key = format!("test/benches/{:020}", 1);
        let there = kind == "feed-letter" && *after < *key;
        answer(if there { vec![(key, letter())] } else { Vec::new() })
    }

    fn entities<'a>(
        &'a self,
        _: &'a Tenant,
        ids: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>> {
        answer(vec![None; ids.len()])
    }

    fn series<'a>(
        &'a self,
        _: &'a Tenant,
        _: &'a EntityId,
        _: &'a Term,
        _: Timestamp,
        _: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>> {
        answer(Vec::new())
    }
}
