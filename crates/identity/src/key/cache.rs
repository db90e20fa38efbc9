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
/// Keys and networks whose refusals are remembered.
const REFUSED: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");
/// How often the same refusal goes to the audit, in microseconds: a device that was forgotten somewhere must not fill
/// it.
const TOLD_EVERY: i64 = 60_000_000;

/// Keys in memory.
pub(crate) struct Keys {
    live: Mutex<LruCache<String, Arc<LiveKey>>>,
    told: Mutex<LruCache<String, Timestamp>>,
}

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
        let told = Mutex::new(LruCache::new(REFUSED));
        Self { live: Mutex::new(LruCache::new(REMEMBERED)), told }
    }
}

impl Keys {
    pub(crate) fn get(&self, id: &str) -> Option<Arc<LiveKey>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(crate) fn put(&self, key: &Arc<LiveKey>) {
        let id = key.record.id.clone();
        self.live.lock().unwrap_or_else(PoisonError::into_inner).put(id, Arc::clone(key));
    }

    /// Forgets the keys of an account.
    pub(crate) fn forget(&self, account: &AccountRecord) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        for id in &account.keys {
            live.pop(id);
        }
    }

    /// True if this refusal is worth telling, which it is once a minute.
    pub(crate) fn tell(&self, refusal: String, now: Timestamp) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = told.get(&refusal).is_some_and(|at| now.micros_since(*at) < TOLD_EVERY);
        if !recent {
            told.put(refusal, now);
        }
        !recent
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
