//! Tiles drawn before, as long as they are true and there is room.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use lru::LruCache;

/// Most tiles kept, whatever their size.
const MAX_TILES: NonZeroUsize = NonZeroUsize::new(20_000).expect("is not zero");

/// Compressed tiles by key and version. Bounded by bytes; what was not asked for longest goes first.
#[derive(Debug)]
pub struct TileCache<K: std::hash::Hash + Eq> {
    inner: Mutex<Inner<K>>,
    limit: usize,
}

#[derive(Debug)]
struct Inner<K: std::hash::Hash + Eq> {
    tiles: LruCache<K, (u64, Bytes)>,
    bytes: usize,
}

impl<K: std::hash::Hash + Eq> TileCache<K> {
    /// A cache of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { inner: Mutex::new(Inner { tiles: LruCache::new(MAX_TILES), bytes: 0 }), limit }
    }

    /// The tile at `key`, if it is kept in this version.
    pub fn get(&self, key: &K, version: u64) -> Option<Bytes> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.tiles.get(key).filter(|(kept, _)| *kept == version).map(|(_, tile)| tile.clone())
    }

    /// Keeps a tile.
    pub fn put(&self, key: K, version: u64, tile: Bytes) {
        if tile.len() > self.limit {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.bytes += tile.len();
        if let Some((_, (_, old))) = inner.tiles.push(key, (version, tile)) {
            inner.bytes -= old.len();
        }
        while inner.bytes > self.limit {
            let Some((_, (_, old))) = inner.tiles.pop_lru() else { break };
            inner.bytes -= old.len();
        }
    }

    /// Bytes kept.
    pub fn bytes(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_true_and_fits() {
        let cache = TileCache::new(10);
        let tile = |size: usize| Bytes::from(vec![0; size]);
        cache.put(1, 7, tile(4));
        assert_eq!(cache.get(&1, 7).map(|t| t.len()), Some(4));
        assert_eq!(cache.get(&1, 8), None);
        cache.put(1, 8, tile(5));
        assert_eq!((cache.bytes(), cache.get(&1, 7)), (5, None));
        cache.put(2, 1, tile(5));
        assert!(cache.get(&1, 8).is_some());
        cache.put(3, 1, tile(5));
        assert_eq!((cache.bytes(), cache.get(&2, 1)), (10, None));
        cache.put(4, 1, tile(11));
        assert_eq!((cache.bytes(), cache.get(&4, 1)), (10, None));
    }
}
