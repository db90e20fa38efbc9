//! What was told lately, so that the audit is not filled with the same refusal over and over.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use dinh_model::Timestamp;
use lru::LruCache;

/// Refusals that are remembered; those longest ago are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");
/// How often the same refusal is told, in microseconds.
const EVERY: i64 = 60_000_000;

/// What was told lately.
pub(crate) struct Told(Mutex<LruCache<String, Timestamp>>);

impl Default for Told {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Told {
    /// True if this refusal is worth telling, which it is once a minute.
    pub(crate) fn is_new(&self, refusal: String, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = told.get(&refusal).is_some_and(|at| now.micros_since(*at) < EVERY);
        if !recent {
            told.put(refusal, now);
        }
        !recent
    }
}
