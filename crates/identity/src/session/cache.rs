//! Accounts whose sessions are in use, in memory.
//!
//! An entry holds an account with all its sessions, and is forgotten as a whole when anything of the account changes:
//! what is revoked or taken away is gone with the answer to whoever did it.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dinh_access::Account;
use dinh_model::{Tenant, Timestamp};
use lru::LruCache;

use super::SessionRecord;
use crate::domain::{AccountId, AccountRecord};

/// Accounts in memory; those longest unused are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");
/// Tenants for which a session or key remembers how it acts.
const TENANTS: usize = 8;

/// Accounts in memory.
pub(crate) struct Cache(Mutex<LruCache<AccountId, Arc<Known>>>);

/// An account with its sessions.
pub(crate) struct Known {
    pub(crate) account: Arc<AccountRecord>,
    pub(crate) sessions: Vec<Arc<Live>>,
}

/// A session in use.
pub(crate) struct Live {
    pub(crate) record: SessionRecord,
    seen: AtomicI64,
    saved: AtomicI64,
    pub(crate) acts: Acts,
}

/// How somebody acts in each tenant, and until when that is so.
#[derive(Default)]
pub(crate) struct Acts(Mutex<Vec<(Tenant, Arc<Account>, Timestamp)>>);

impl Default for Cache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Cache {
    pub(crate) fn get(&self, account: &AccountId) -> Option<Arc<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    pub(crate) fn put(&self, account: AccountId, known: Arc<Known>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(account, known);
    }

    pub(crate) fn forget(&self, account: &AccountId) -> Option<Arc<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop(account)
    }
}

impl Known {
    pub(crate) fn session(&self, id: &str) -> Option<&Arc<Live>> {
        self.sessions.iter().find(|live| live.record.id == id)
    }
}

impl Live {
    pub(crate) fn new(record: SessionRecord) -> Self {
        let seen = record.seen.as_micros();
        let (seen, saved) = (AtomicI64::new(seen), AtomicI64::new(seen));
        Self { record, seen, saved, acts: Acts::default() }
    }

    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.record.is_over(self.seen(), now)
    }

    pub(crate) fn seen(&self) -> Timestamp {
        Timestamp::from_micros(self.seen.load(Ordering::Relaxed))
    }

    /// Notes that it is used now; true if this is worth saving, which is said to one caller a `step`.
    pub(crate) fn touch(&self, now: Timestamp, step: i64) -> bool {
        self.seen.fetch_max(now.as_micros(), Ordering::Relaxed);
        let saved = self.saved.load(Ordering::Relaxed);
        now.as_micros().saturating_sub(saved) >= step
            && self
                .saved
                .compare_exchange(saved, now.as_micros(), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

impl Acts {
    /// How they act in `tenant`, if that is known and still so.
    pub(crate) fn get(&self, tenant: &Tenant, now: Timestamp) -> Option<Arc<Account>> {
        let acting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = acting.iter().find(|(of, _, until)| of == tenant && now < *until);
        known.map(|(_, account, _)| Arc::clone(account))
    }

    pub(crate) fn put(&self, tenant: &Tenant, account: Arc<Account>, until: Timestamp) {
        let mut acting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        acting.retain(|(of, _, _)| of != tenant);
        if acting.len() >= TENANTS {
            acting.remove(0);
        }
        acting.push((tenant.clone(), account, until));
    }
}
