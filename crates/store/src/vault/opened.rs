//! Keys that are kept open, so that what is read again need not be unwrapped again. Bounded: the least recently used go.

use std::num::NonZeroUsize;
use std::sync::Arc;

use dinh_model::{EntityId, Tenant};
use lru::LruCache;

use super::cipher::Cipher;

/// Most keys kept open: about 4 MB.
const MOST: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

/// Whose a key is: tenant, entity, and its subjects, one on each line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Whose {
    pub(crate) tenant: Tenant,
    pub(crate) entity: EntityId,
    pub(crate) subjects: String,
}

/// The open keys.
pub(super) struct Opened {
    by_number: LruCache<u64, Arc<Cipher>>,
    by_owner: LruCache<Whose, u64>,
    /// How often keys were destroyed: a key read before that is not put in after it.
    destructions: u64,
}

impl Opened {
    pub(super) fn new() -> Self {
        Self { by_number: LruCache::new(MOST), by_owner: LruCache::new(MOST), destructions: 0 }
    }

    pub(super) fn destructions(&self) -> u64 {
        self.destructions
    }

    pub(super) fn cipher(&mut self, number: u64) -> Option<Arc<Cipher>> {
        self.by_number.get(&number).cloned()
    }

    pub(super) fn number(&mut self, whose: &Whose) -> Option<u64> {
        self.by_owner.get(whose).copied()
    }

    /// Keeps a key that was read when keys had been destroyed `destructions` times.
    pub(super) fn keep(&mut self, number: u64, cipher: &Arc<Cipher>, destructions: u64) {
        if destructions == self.destructions {
            self.by_number.put(number, Arc::clone(cipher));
        }
    }

    /// Keeps whose key it is; for the writer, who also destroys.
    pub(super) fn know(&mut self, whose: Whose, number: u64) {
        self.by_owner.put(whose, number);
    }

    /// Forgets everything: keys are destroyed so seldom that the rest is soon open again.
    pub(super) fn forget(&mut self) {
        self.destructions += 1;
        self.by_number.clear();
        self.by_owner.clear();
    }
}
