//! Feeds that write nowhere and call nobody, for tests in which no feed runs.

use std::sync::Arc;

use dinh_feeds::fetch::{Answer, Fetch, Request};
use dinh_feeds::sink::{FeedKey, Outcomes, Sink, SinkError, Work};
use dinh_model::{Entity, EntityId, Tenant, Term, Timestamp};
use futures::future::BoxFuture;
use serde_json::Value as Json;

/// The graph and the network that those feeds are given.
pub(crate) struct Nowhere;

fn nothing<T: Send + 'static>() -> BoxFuture<'static, Result<T, SinkError>> {
    Box::pin(async { Err(SinkError("there is nothing".to_owned())) })
}

impl Sink for Nowhere {
    fn commit<'a>(&'a self, _: &'a FeedKey, _: &'a Work) -> BoxFuture<'a, Result<Outcomes, SinkError>> {
        nothing()
    }

    fn record<'a>(
        &'a self,
        _: &'a Tenant,
        _: &'static str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>> {
        nothing()
    }

    fn records<'a>(
        &'a self,
        _: &'a Tenant,
        _: &'static str,
        _: &'a str,
        _: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>> {
        nothing()
    }

    fn entities<'a>(
        &'a self,
        _: &'a Tenant,
        _: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>> {
        nothing()
    }

    fn series<'a>(
        &'a self,
        _: &'a Tenant,
        _: &'a EntityId,
        _: &'a Term,
        _: Timestamp,
        _: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>> {
        nothing()
    }
}

impl Fetch for Nowhere {
    fn allows(&self, _: &url::Url) -> Result<(), String> {
        Err("nobody is called".to_owned())
    }

    fn get(&self, _: Request) -> BoxFuture<'_, Result<Answer, String>> {
        Box::pin(async { Err("nobody is called".to_owned()) })
    }
}
