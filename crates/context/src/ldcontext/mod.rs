//! `@context` documents: resolved for requests, hosted for those who have nowhere to put theirs.
//!
//! A request names its `@context` by URL or carries it in its body. Parsed contexts are shared through a bounded
//! cache keyed by what the request said, so that the common case costs one look-up.

mod hosted;
mod remote;
mod usage;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dinh_access::Principal;
use dinh_model::Tenant;
use dinh_ngsild::context::{Context as LdContext, ContextError, is_core_url};
use lru::LruCache;
use serde_json::Value as Json;

pub use hosted::{Hosted, HostedContext, HostedError, PATH};

use crate::outbound::Outbound;
use remote::Remote;
pub use usage::Used;
use usage::{Usage, Uses};

/// Parsed contexts kept.
const PARSED: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");
/// Longest source text that is worth a place in the cache, in bytes.
const MAX_KEY: usize = 16 << 10;
/// How long a parsed context is used before its documents are looked at again.
const FRESH: Duration = Duration::from_mins(10);
/// Documents that one context may draw in.
const MAX_ROUNDS: usize = 65;

/// Resolves `@context` values.
#[derive(Debug)]
pub struct LdContexts {
    core: Arc<LdContext>,
    hosted: Hosted,
    remote: Remote,
    parsed: Mutex<LruCache<String, Parsed>>,
    usage: Usage,
}

/// A parsed context.
#[derive(Debug)]
struct Parsed {
    at: Instant,
    context: Arc<LdContext>,
    /// Counts its use, if it is known by a URL.
    uses: Option<Arc<Uses>>,
}

impl LdContexts {
    pub(crate) fn new(outbound: Outbound, hosted: Hosted) -> Self {
        Self {
            core: Arc::new(LdContext::core()),
            hosted,
            remote: Remote::new(outbound),
            parsed: Mutex::new(LruCache::new(PARSED)),
            usage: Usage::new(),
        }
    }

    /// The core context alone: what requests without an `@context` mean.
    pub fn core(&self) -> Arc<LdContext> {
        Arc::clone(&self.core)
    }

    /// The contexts kept here.
    pub fn hosted(&self) -> &Hosted {
        &self.hosted
    }

    /// The URLs of the remote documents at hand, each with how long ago it was fetched.
    pub fn cached(&self) -> Vec<(String, Duration)> {
        self.remote.cached()
    }

    /// How the document at `url` was used since the program started; none if it was not, or so long ago that others are
    /// remembered in its place.
    pub fn used(&self, url: &str) -> Option<Used> {
        self.usage.told(url)
    }

    /// Fetches a remote document anew. One that cannot be had, or is no context, leaves all as it was.
    pub async fn reload(&self, url: &str) -> Result<(), ContextError> {
        let document = self.remote.get(url).await?;
        let documents = HashMap::from([(url.to_owned(), Arc::clone(&document))]);
        match LdContext::parse(&Json::String(url.to_owned()), &documents) {
            // What it draws in from elsewhere is fetched when it is used.
            Ok(_) | Err(ContextError::NotAvailable { .. }) => {}
            Err(error) => return Err(error),
        }
        self.remote.put(url, document);
        self.lock().clear();
        Ok(())
    }

    /// Forgets a remote document, so that its next use fetches it anew; true if it was known.
    pub fn forget(&self, url: &str) -> bool {
        self.lock().clear();
        self.remote.forget(url)
    }

    /// Keeps a document here.
    pub async fn host(&self, who: &Principal, context: &HostedContext) -> Result<(), HostedError> {
        self.hosted.add(who, context).await?;
        self.lock().clear();
        Ok(())
    }

    /// Forgets a document of a tenant that is kept here; true if it was there.
    pub async fn unhost(&self, who: &Principal, tenant: &Tenant, id: &str) -> Result<bool, HostedError> {
        let there = self.hosted.remove(who, tenant, id).await?;
        self.lock().clear();
        Ok(there)
    }

    /// The context that the value of an `@context` member or the URL of a `Link` header describes.
    pub async fn resolve(&self, source: &Json) -> Result<Arc<LdContext>, ContextError> {
        if source.as_str().is_some_and(is_core_url) {
            return Ok(self.core());
        }
        let key = source.to_string();
        if let Some(parsed) = self.lock().get(&key)
            && parsed.at.elapsed() < FRESH
        {
            if let Some(uses) = &parsed.uses {
                self.usage.count(uses);
            }
            return Ok(Arc::clone(&parsed.context));
        }
        let context = Arc::new(self.parse(source).await?);
        let uses = source.as_str().map(|url| self.usage.of(url));
        if let Some(uses) = &uses {
            self.usage.count(uses);
        }
        if key.len() <= MAX_KEY {
            let parsed = Parsed { at: Instant::now(), context: Arc::clone(&context), uses };
            self.lock().put(key, parsed);
        }
        Ok(context)
    }

    /// Parses with the documents at hand, and fetches what turns out to be missing, one document a round.
    async fn parse(&self, source: &Json) -> Result<LdContext, ContextError> {
        let mut documents: HashMap<String, Arc<Json>> = HashMap::new();
        for _round in 0..MAX_ROUNDS {
            match LdContext::parse(source, &documents) {
                Err(ContextError::NotAvailable { url, .. }) if !documents.contains_key(&url) => {
                    let document = match self.hosted.document(&url).await? {
                        Some(document) => document,
                        None => self.remote.fetch(&url).await?,
                    };
                    documents.insert(url, document);
                }
                outcome => return outcome,
            }
        }
        Err(ContextError::TooManyDocuments)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<String, Parsed>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
