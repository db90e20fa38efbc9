//! How often documents are asked for by their URLs: since the program started, for those who look after them.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// URLs remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(1_024).expect("not zero");

/// How often a document was used, and how long ago last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Requests that named it.
    pub times: u64,
    /// Time since the last one.
    pub ago: Duration,
}

/// The use of one document.
#[derive(Debug, Default)]
pub(super) struct Uses {
    times: AtomicU64,
    /// Milliseconds after the beginning.
    last: AtomicU64,
}

/// The use of all documents.
#[derive(Debug)]
pub(super) struct Usage {
    since: Instant,
    by_url: Mutex<LruCache<String, Arc<Uses>>>,
}

impl Usage {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), by_url: Mutex::new(LruCache::new(REMEMBERED)) }
    }

    /// What counts the use of the document at `url`.
    pub(super) fn of(&self, url: &str) -> Arc<Uses> {
        let mut all = self.by_url.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.get_or_insert_ref(url, Arc::default))
    }

    /// Counts one use.
    pub(super) fn count(&self, uses: &Uses) {
        uses.times.fetch_add(1, Ordering::Relaxed);
        uses.last.store(self.elapsed(), Ordering::Relaxed);
    }

    /// How the document at `url` was used; none if it was not.
    pub(super) fn told(&self, url: &str) -> Option<Used> {
        let all = self.by_url.lock().unwrap_or_else(PoisonError::into_inner);
        let uses = all.peek(url)?;
        let times = uses.times.load(Ordering::Relaxed);
        let ago = self.elapsed().saturating_sub(uses.last.load(Ordering::Relaxed));
        (times > 0).then_some(Used { times, ago: Duration::from_millis(ago) })
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
