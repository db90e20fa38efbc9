//! Entities that were read lately, kept decoded, bounded in bytes.
//!
//! Tiles of one area are drawn again and again, the page of a dossier asks for the dossier, its unit and its kind from many
//! sides, a queue is looked at until it is empty; and most of it has not changed in between. The row still says which
//! version is true; if it is the one kept here, the document need not be read, opened and decoded. That halves the
//! cost of a tile of points, and of a tile of boundaries with thousands of vertices it leaves next to nothing.

use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::Entity;
use lru::LruCache;

struct Held {
    version: u64,
    entity: Arc<Entity>,
    bytes: usize,
}

struct Inner {
    held: LruCache<i64, Held>,
    bytes: usize,
    epoch: u64,
}

/// The entities kept. Shared by all readers; the least recently used go first.
pub(super) struct Recall {
    inner: Mutex<Inner>,
    bound: usize,
}

impl Recall {
    pub(super) fn new(bound: usize) -> Self {
        Self { inner: Mutex::new(Inner { held: LruCache::unbounded(), bytes: 0, epoch: 0 }), bound }
    }

    /// The age between two forgettings: whoever reads and then keeps names the one in which it began to read.
    pub(super) fn epoch(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).epoch
    }

    /// The entity of this key, if this version of it is kept.
    pub(super) fn get(&self, pk: i64, version: u64) -> Option<Arc<Entity>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.held.get(&pk).filter(|held| held.version == version).map(|held| Arc::clone(&held.entity))
    }

    /// Forgets all of them, and what readers have still in their hands.
    pub(super) fn forget(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.epoch += 1;
        inner.held.clear();
        inner.bytes = 0;
    }

    /// Keeps an entity, unless it alone is larger than the bound or was read before all were forgotten: what was erased
    /// must not come back by way of a reader who was under way.
    pub(super) fn put(&self, pk: i64, version: u64, entity: &Arc<Entity>, (bytes, epoch): (usize, u64)) {
        if bytes > self.bound {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.epoch != epoch {
            return;
        }
        let held = Held { version, entity: Arc::clone(entity), bytes };
        inner.bytes += bytes;
        if let Some(before) = inner.held.put(pk, held) {
            inner.bytes -= before.bytes;
        }
        while inner.bytes > self.bound {
            let Some((_, oldest)) = inner.held.pop_lru() else { break };
            inner.bytes -= oldest.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{EntityId, Term, Timestamp};

    use super::*;

    #[test]
    fn only_the_true_version_is_recalled() {
        let recall = Recall::new(250);
        let entity =
            Arc::new(Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), Timestamp::from_micros(0)));
        recall.put(1, 1, &entity, (100, 0));
        assert!(recall.get(1, 1).is_some());
        assert!(recall.get(1, 2).is_none());
        recall.put(1, 2, &entity, (120, 0));
        assert!(recall.get(1, 1).is_none());
        recall.put(2, 1, &entity, (100, 0));
        assert!(recall.get(1, 2).is_some());
        recall.put(3, 1, &entity, (100, 0));
        assert!(recall.get(2, 1).is_none(), "the least recently used has left");
        recall.put(4, 1, &entity, (1_000, 0));
        assert!(recall.get(4, 1).is_none(), "too large to keep");
        assert!(recall.get(3, 1).is_some(), "and nothing leaves for it");
        let epoch = recall.epoch();
        recall.forget();
        assert!(recall.get(3, 1).is_none());
        recall.put(3, 1, &entity, (100, epoch));
        assert!(recall.get(3, 1).is_none(), "it was read before all were forgotten");
        recall.put(3, 1, &entity, (100, recall.epoch()));
        assert!(recall.get(3, 1).is_some());
    }
}
