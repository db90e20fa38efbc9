//! The change feed in memory.
//!
//! A bounded ring holds the latest changes with the entities after them, so that live consumers (subscriptions, live
//! maps, rules) never touch the database and never decode what the writer has in its hands anyway. The feed has no
//! gaps, so a place in the ring is a subtraction.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::{Change, Entity};
use tokio::sync::watch;

/// A change as committed, with the entity after it where that is at hand.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The change.
    pub change: Change,
    /// The entity as the change left it. `None` for a deletion, and for changes so old that they come from the disk.
    pub after: Option<Arc<Entity>>,
}

struct Held {
    recorded: Arc<Recorded>,
    bytes: usize,
}

#[derive(Default)]
struct Ring {
    held: VecDeque<Held>,
    bytes: usize,
}

/// The latest changes and the number of the last one.
pub(crate) struct Feed {
    ring: Mutex<Ring>,
    head: watch::Sender<u64>,
    most: usize,
    most_bytes: usize,
}

impl Feed {
    pub(crate) fn new(head: u64, most: usize, most_bytes: usize) -> Self {
        Self { ring: Mutex::default(), head: watch::Sender::new(head), most, most_bytes }
    }

    /// Makes changes that are durable known, with their sizes in memory. In order, without gaps.
    pub(crate) fn publish(&self, changes: impl Iterator<Item = (Arc<Recorded>, usize)>) {
        let mut last = None;
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            for (recorded, bytes) in changes {
                last = Some(recorded.change.seq);
                ring.bytes += bytes;
                ring.held.push_back(Held { recorded, bytes });
                while ring.held.len() > self.most || ring.bytes > self.most_bytes {
                    let Some(oldest) = ring.held.pop_front() else { break };
                    ring.bytes -= oldest.bytes;
                }
            }
        }
        if let Some(last) = last {
            self.head.send_replace(last);
        }
    }

    /// The changes after `after`, at most `limit`. `None` if the ring does not go back so far.
    pub(crate) fn after(&self, after: u64, limit: usize) -> Option<Vec<Arc<Recorded>>> {
        if after >= self.head() {
            return Some(Vec::new());
        }
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let first = ring.held.front()?.recorded.change.seq;
        let skip = usize::try_from((after + 1).checked_sub(first)?).ok()?;
        Some(ring.held.iter().skip(skip).take(limit).map(|held| Arc::clone(&held.recorded)).collect())
    }

    /// Forgets the changes held: they are read from the disk, without what was erased.
    pub(crate) fn forget(&self) {
        *self.ring.lock().unwrap_or_else(PoisonError::into_inner) = Ring::default();
    }

    pub(crate) fn head(&self) -> u64 {
        *self.head.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{ChangeKind, EntityId, Tenant, Timestamp};

    use super::*;

    fn recorded(seq: u64) -> (Arc<Recorded>, usize) {
        let change = Change {
            seq,
            tenant: Tenant::default_tenant(),
            entity: EntityId::trusted("urn:x:1"),
            types: Vec::new(),
            kind: ChangeKind::Updated,
            at: Timestamp::from_micros(0),
            version: seq,
            by: String::new(),
            attributes: Vec::new(),
        };
        (Arc::new(Recorded { change, after: None }), 100)
    }

    fn numbers(feed: &Feed, after: u64, limit: usize) -> Option<Vec<u64>> {
        Some(feed.after(after, limit)?.iter().map(|r| r.change.seq).collect())
    }

    #[test]
    fn the_ring_serves_what_it_holds_and_says_when_it_does_not() {
        let feed = Feed::new(5, 4, 10_000);
        assert_eq!(numbers(&feed, 3, 9), None, "older than the ring");
        assert_eq!(numbers(&feed, 5, 9), Some(vec![]));
        feed.publish((6..=12).map(recorded));
        assert_eq!((feed.head(), *feed.watch().borrow()), (12, 12));
        assert_eq!(numbers(&feed, 7, 9), None);
        assert_eq!(numbers(&feed, 8, 9), Some(vec![9, 10, 11, 12]));
        assert_eq!(numbers(&feed, 10, 1), Some(vec![11]));
        assert_eq!(numbers(&feed, 12, 9), Some(vec![]));
    }

    #[test]
    fn the_ring_is_bounded_in_bytes() {
        let feed = Feed::new(0, 100, 250);
        feed.publish((1..=9).map(recorded));
        assert_eq!(numbers(&feed, 7, 9), Some(vec![8, 9]));
        assert_eq!(numbers(&feed, 6, 9), None);
    }
}
