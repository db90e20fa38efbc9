//! Tickets: what is half done between two requests, in memory, for some minutes, once.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use dinh_model::Timestamp;
use lru::LruCache;

use crate::entropy::{Entropy, NoEntropy, fresh};
use crate::secret::sha256;
use crate::text::base64;

/// Tickets of one sort that wait at once; the oldest are forgotten first.
const WAITING: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

/// What is half done. A restart forgets it, and people begin again.
pub(crate) struct Tickets<T> {
    lasts: i64,
    waiting: Mutex<LruCache<String, (T, Timestamp)>>,
}

impl<T> Tickets<T> {
    /// Tickets that last so many minutes.
    pub(crate) fn lasting(minutes: i64) -> Self {
        Self { lasts: minutes * super::record::MINUTE, waiting: Mutex::new(LruCache::new(WAITING)) }
    }

    /// Keeps `what` and says the ticket for it: 256 random bits.
    pub(crate) fn give(&self, what: T, now: Timestamp, entropy: &dyn Entropy) -> Result<String, NoEntropy> {
        let ticket = base64(&fresh::<32>(entropy)?);
        self.keep(&ticket, what, now);
        Ok(ticket)
    }

    /// Keeps `what` under a ticket that is made elsewhere.
    pub(crate) fn keep(&self, ticket: &str, what: T, now: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.put(sha256(ticket.as_bytes()), (what, now.plus_micros(self.lasts)));
    }

    /// Takes back what was kept for a ticket, once.
    pub(crate) fn take(&self, ticket: &str, now: Timestamp) -> Option<T> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (what, until) = waiting.pop(&sha256(ticket.as_bytes()))?;
        (now < until).then_some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_ticket_is_good_once_and_not_for_long() {
        let tickets = Tickets::lasting(5);
        let start = Timestamp::from_micros(0);
        let give = |what| tickets.give(what, start, &SystemEntropy::new()).unwrap();
        let (first, second) = (give(1), give(2));
        assert_eq!(tickets.take(&first, start), Some(1));
        assert_eq!(tickets.take(&first, start), None);
        assert_eq!(tickets.take(&second, start.plus_micros(5 * 60_000_000)), None);
        assert_eq!(tickets.take("khác", start), None);
    }
}
