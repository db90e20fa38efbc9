//! Keys in use, in memory.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::Timestamp;
use lru::LruCache;

use super::KeyRecord;
use super::rate::Rate;
use crate::domain::AccountRecord;
use crate::session::Acts;

/// Keys in memory; those longest unused are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");
/// Keys in memory.
pub(crate) struct Keys(Mutex<LruCache<String, Arc<LiveKey>>>);

/// A key in use.
pub(crate) struct LiveKey {
    pub(crate) record: KeyRecord,
    pub(crate) account: Arc<AccountRecord>,
    pub(crate) acts: Acts,
    rate: Rate,
    noted: AtomicI64,
}

impl Default for Keys {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Keys {
    pub(crate) fn get(&self, id: &str) -> Option<Arc<LiveKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn put(&self, key: &Arc<LiveKey>) {
        let id = key.record.id.clone();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(id, Arc::clone(key));
    }

    /// Forgets the keys of an account.
    pub(crate) fn forget(&self, account: &AccountRecord) {
        let mut live = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in &account.keys {
            live.pop(id);
        }
    }
}

impl LiveKey {
    pub(crate) fn new(record: KeyRecord, account: AccountRecord) -> Self {
        let rate = Rate::per_second(record.scope.per_second);
        let noted = AtomicI64::new(record.last_used.map_or(i64::MIN, Timestamp::as_micros));
        Self { record, account: Arc::new(account), acts: Acts::default(), rate, noted }
    }

    pub(crate) fn admits(&self, now: Timestamp) -> bool {
        self.rate.admits(now)
    }

    /// True if it is worth saving that it is used now, which is said to one caller a `step`.
    pub(crate) fn touch(&self, now: Timestamp, step: i64) -> bool {
        let noted = self.noted.load(Ordering::Relaxed);
        let due = now.as_micros().saturating_sub(noted) >= step;
        let (at, relaxed) = (now.as_micros(), Ordering::Relaxed);
        due && self.noted.compare_exchange(noted, at, relaxed, relaxed).is_ok()
    }
}
