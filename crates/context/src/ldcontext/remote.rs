//! Remote `@context` documents: fetched from allowed hosts only, with limits, and remembered.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dinh_ngsild::context::ContextError;
use lru::LruCache;
use reqwest::Method;
use serde_json::Value as Json;

use crate::outbound::Outbound;

/// Largest document, in bytes.
const MAX_DOCUMENT: usize = 1 << 20;
/// Time to fetch one.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Documents remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(128).expect("not zero");
/// How long a document is used before it is fetched again.
const FRESH: Duration = Duration::from_hours(1);
/// How long a failure is remembered, so that a hanging host is not asked by every request.
const FAILED: Duration = Duration::from_secs(10);

type Remembered = (Instant, Result<Arc<Json>, ContextError>);

/// Fetches and remembers documents.
#[derive(Debug)]
pub(super) struct Remote {
    outbound: Outbound,
    documents: Mutex<LruCache<String, Remembered>>,
}

impl Remote {
    pub(super) fn new(outbound: Outbound) -> Self {
        Self { outbound, documents: Mutex::new(LruCache::new(REMEMBERED)) }
    }

    /// The document at `url`.
    pub(super) async fn fetch(&self, url: &str) -> Result<Arc<Json>, ContextError> {
        if let Some(known) = self.known(url) {
            return known;
        }
        let outcome = self.get(url).await;
        self.lock().put(url.to_owned(), (Instant::now(), outcome.clone()));
        outcome
    }

    /// Remembers a document.
    pub(super) fn put(&self, url: &str, document: Arc<Json>) {
        self.lock().put(url.to_owned(), (Instant::now(), Ok(document)));
    }

    /// The URLs of the documents remembered, each with how long ago it was fetched.
    pub(super) fn cached(&self) -> Vec<(String, Duration)> {
        let documents = self.lock();
        let had = documents.iter().filter(|(_, (_, outcome))| outcome.is_ok());
        had.map(|(url, (at, _))| (url.clone(), at.elapsed())).collect()
    }

    /// Forgets a document; true if it was known.
    pub(super) fn forget(&self, url: &str) -> bool {
        self.lock().pop(url).is_some()
    }

    fn known(&self, url: &str) -> Option<Result<Arc<Json>, ContextError>> {
        let mut documents = self.lock();
        let (at, outcome) = documents.get(url)?;
        let lasts = if outcome.is_ok() { FRESH } else { FAILED };
        (at.elapsed() < lasts).then(|| outcome.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<String, Remembered>> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document at `url` as it is there now, whatever is remembered of it.
    pub(super) async fn get(&self, url: &str) -> Result<Arc<Json>, ContextError> {
        let unavailable = |reason: String| ContextError::NotAvailable { url: url.to_owned(), reason };
        let request = self.outbound.request(Method::GET, url).map_err(|e| unavailable(e.to_string()))?;
        let request = request.timeout(TIMEOUT).header("Accept", "application/ld+json, application/json");
        let answer =
            self.outbound.send(request, MAX_DOCUMENT).await.map_err(|e| unavailable(e.to_string()))?;
        if answer.status != 200 {
            return Err(unavailable(format!("the other side answered with status {}", answer.status)));
        }
        // Something was had, but it is no context: that is the fault of the one who names it.
        let document = serde_json::from_slice(&answer.body);
        document
            .map(Arc::new)
            .map_err(|e| ContextError::Invalid(format!("what {url} holds is not JSON: {e}")))
    }
}
