//! Documents that wait for a signature from elsewhere: which one, on which version, as what. Kept in memory beside what
//! `dinh_signing` keeps of them: whoever starts the program anew begins again, and nothing was promised.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use dinh_casework::Signer;
use dinh_model::EntityId;
use jiff::Timestamp;

/// Most that wait: as many as `dinh_signing` lets wait.
const MOST: usize = 1_000;

/// What waits.
#[derive(Clone, Debug)]
pub(crate) struct One {
    pub(crate) document: EntityId,
    pub(crate) version: u64,
    pub(crate) signer: Signer,
    pub(crate) key: String,
    pub(crate) ends: Timestamp,
}

/// All that wait, by the name of the signing. Names are drawn by lot; whose they are is checked by `dinh_signing`.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<String, One>>);

impl Waiting {
    pub(crate) fn keep(&self, id: String, one: One, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, one| one.ends > now);
        if all.len() < MOST {
            all.insert(id, one);
        }
    }

    /// What waits under a name for this document. It stays until it is over: a signature that does not fit may be followed by
    /// one that does.
    pub(crate) fn of(&self, id: &str, document: &EntityId, now: Timestamp) -> Option<One> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(id).filter(|one| one.document == *document && one.ends > now).cloned()
    }

    pub(crate) fn drop(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
