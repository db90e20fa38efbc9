//! How often a key may be used.

use std::sync::{Mutex, PoisonError};

use dinh_model::Timestamp;

const SECOND: i64 = 1_000_000;

/// Lets so many requests through in each second, evenly; a second's worth may come at once (the generic cell rate
/// algorithm of ITU-T I.371).
#[derive(Debug)]
pub(super) struct Rate {
    each: i64,
    /// When all that was let through will have been paid for, in microseconds.
    paid: Mutex<i64>,
}

impl Rate {
    pub(super) fn per_second(requests: u32) -> Self {
        Self { each: (SECOND / i64::from(requests.max(1))).max(1), paid: Mutex::new(i64::MIN) }
    }

    /// Lets one through, or does not.
    pub(super) fn admits(&self, now: Timestamp) -> bool {
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        let from = (*paid).max(now.as_micros());
        let admits = from.saturating_add(self.each) - now.as_micros() <= SECOND;
        if admits {
            *paid = from + self.each;
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seconds_worth_at_once_and_then_evenly() {
        let rate = Rate::per_second(4);
        let admitted = |at: i64| (0..10).filter(|_| rate.admits(Timestamp::from_micros(at))).count();
        assert_eq!(admitted(0), 4);
        assert_eq!(admitted(249_999), 0);
        assert_eq!(admitted(250_000), 1);
        assert_eq!(admitted(10 * SECOND), 4);
    }
}
