//! Entities that the writer keeps decoded, bounded in bytes: a sensor that reports every second is read and decoded
//! once. Nothing but the writer changes entities, so what is here is always the latest.

use std::sync::Arc;

use dinh_model::{Entity, EntityId, Iri};
use lru::LruCache;

use crate::history::Kind;
use crate::names::NameId;
use crate::sqlite::shared::TenantId;

/// Whose entity, and which.
pub(super) type CacheKey = (TenantId, EntityId);

/// An entity as found.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) pk: i64,
    pub(super) version: u64,
    pub(super) entity: Arc<Entity>,
}

struct Held {
    found: Found,
    series: Vec<((NameId, Kind), Option<Iri>, i64)>,
    bytes: usize,
}

/// The cache. The least recently used go first.
pub(super) struct EntityCache {
    held: LruCache<CacheKey, Held>,
    bytes: usize,
    bound: usize,
}

impl EntityCache {
    pub(super) fn new(bound: usize) -> Self {
        Self { held: LruCache::unbounded(), bytes: 0, bound }
    }

    pub(super) fn get(&mut self, key: &CacheKey) -> Option<Found> {
        self.held.get(key).map(|held| held.found.clone())
    }

    /// The same without counting as use, with its size.
    pub(super) fn peek(&self, key: &CacheKey) -> Option<(&Found, usize)> {
        self.held.peek(key).map(|held| (&held.found, held.bytes))
    }

    /// Keeps an entity, and what is known of its series.
    pub(super) fn put(&mut self, key: &CacheKey, found: Found, bytes: usize) {
        if let Some(held) = self.held.get_mut(key) {
            self.bytes = self.bytes - held.bytes + bytes;
            held.found = found;
            held.bytes = bytes;
        } else {
            self.bytes += bytes;
            self.held.put(key.clone(), Held { found, series: Vec::new(), bytes });
        }
        while self.bytes > self.bound {
            let Some((_, oldest)) = self.held.pop_lru() else { break };
            self.bytes -= oldest.bytes;
        }
    }

    pub(super) fn remove(&mut self, key: &CacheKey) {
        if let Some(held) = self.held.pop(key) {
            self.bytes -= held.bytes;
        }
    }

    /// The series of an attribute instance, if it is known.
    pub(super) fn series(&self, key: &CacheKey, of: (NameId, Kind), dataset: Option<&Iri>) -> Option<i64> {
        let series = &self.held.peek(key)?.series;
        series.iter().find(|s| s.0 == of && s.1.as_ref() == dataset).map(|s| s.2)
    }

    pub(super) fn know_series(&mut self, key: &CacheKey, of: (NameId, Kind), dataset: Option<Iri>, id: i64) {
        if let Some(held) = self.held.peek_mut(key) {
            held.series.push((of, dataset, id));
        }
    }

    /// Forgets all series: some may be gone.
    pub(super) fn forget_series(&mut self) {
        for (_, held) in &mut self.held {
            held.series.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Term, Timestamp};

    use super::*;

    #[test]
    fn the_least_recently_used_leave_when_it_is_full() {
        let mut cache = EntityCache::new(250);
        let key = |n: u32| (1, EntityId::trusted(format!("urn:x:{n}")));
        let found = |n: u32| Found {
            pk: i64::from(n),
            version: 1,
            entity: Entity::new(key(n).1, Term::from("T"), Timestamp::from_micros(0)).into(),
        };
        for n in 1..=2 {
            cache.put(&key(n), found(n), 100);
        }
        cache.know_series(&key(1), (7, Kind::Observed), None, 70);
        assert!(cache.get(&key(1)).is_some());
        cache.put(&key(3), found(3), 100);
        assert!(cache.get(&key(2)).is_none());
        cache.put(&key(1), found(1), 120);
        assert_eq!(cache.series(&key(1), (7, Kind::Observed), None), Some(70));
        assert_eq!(cache.bytes, 220);
        cache.remove(&key(3));
        assert_eq!(cache.bytes, 120);
    }
}
