//! How long to wait after how many failures.

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600 * SECOND;
/// The longest wait but one, in seconds.
const LONG: i64 = 900;

/// How failures turn into waiting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Failures that cost nothing: people mistype.
    pub(super) free: u32,
    /// From this many failures on only a day's wait helps (NIST SP 800-63B-4, 3.2.2: at most 100 in a row).
    pub(super) most: u32,
}

impl Pace {
    /// For one name.
    pub(super) const NAME: Self = Self { free: 5, most: 100 };
    /// For one network: an office, a school or a mobile network may sign in through one address.
    pub(super) const NETWORK: Self = Self { free: 50, most: u32::MAX };

    /// The wait after `failures` in a row, in microseconds: 2 s, 4 s, 8 s … up to a quarter of an hour.
    fn wait(self, failures: u32) -> i64 {
        match failures.checked_sub(self.free) {
            None | Some(0) => 0,
            Some(_) if failures >= self.most => DAY,
            Some(beyond) => LONG.min(1_i64 << beyond.min(16)) * SECOND,
        }
    }
}

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tries {
    /// How many.
    pub(crate) failures: u32,
    /// When the last was, in microseconds since 1970.
    pub(crate) last: i64,
}

impl Tries {
    /// Until when to wait before the next, if at all.
    pub(super) fn wait_until(self, pace: Pace, now: Timestamp) -> Option<Timestamp> {
        let until = self.last.saturating_add(pace.wait(self.current(now).failures));
        (until > now.as_micros()).then(|| Timestamp::from_micros(until))
    }

    /// One more.
    pub(super) fn another(self, now: Timestamp) -> Self {
        Self { failures: self.current(now).failures.saturating_add(1), last: now.as_micros() }
    }

    /// The last one was none after all.
    pub(super) fn one_less(self) -> Self {
        Self { failures: self.failures.saturating_sub(1), ..self }
    }

    /// What is left after a day without another: nothing.
    fn current(self, now: Timestamp) -> Self {
        if self.is_old(now) { Self::default() } else { self }
    }

    /// True if they no longer count.
    pub(crate) fn is_old(self, now: Timestamp) -> bool {
        now.as_micros().saturating_sub(self.last) >= DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_quarter_of_an_hour_and_then_to_a_day() {
        let seconds = |failures| Pace::NAME.wait(failures) / SECOND;
        assert_eq!([0, 5, 6, 7, 8, 14, 15, 16, 99].map(seconds), [0, 0, 2, 4, 8, 512, 900, 900, 900]);
        assert_eq!(Pace::NAME.wait(100), DAY);
        assert_eq!(Pace::NETWORK.wait(50), 0);
        assert_eq!(Pace::NETWORK.wait(51), 2 * SECOND);
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let start = Timestamp::from_micros(0);
        let mut tries = Tries::default();
        for _ in 0..8 {
            tries = tries.another(start);
        }
        assert_eq!(tries.wait_until(Pace::NAME, start), Some(Timestamp::from_micros(8 * SECOND)));
        assert_eq!(tries.wait_until(Pace::NAME, Timestamp::from_micros(8 * SECOND)), None);
        assert_eq!(tries.another(Timestamp::from_micros(DAY)).failures, 1);
        assert_eq!(tries.another(Timestamp::from_micros(DAY - 1)).failures, 9);
        assert_eq!(tries.one_less().failures, 7);
    }
}
