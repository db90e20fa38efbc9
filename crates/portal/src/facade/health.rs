//! How a counterpart fares: one that does not answer rests, longer each time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dinh_model::Timestamp;

/// How long it rests after it did not answer for the first time, in seconds; twice as long each further time.
const REST: i64 = 2;
/// Longest rest, in seconds.
const LONGEST: i64 = 300;
/// Odd answers, one after another, after which it rests too.
const ODD: u32 = 5;

/// How a counterpart fares, since the program was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// When it took something last.
    pub took: Option<Timestamp>,
    /// When it did not answer as it should last, and what was wrong; none once it does again.
    pub fault: Option<(Timestamp, String)>,
    /// Until when it rests.
    pub rests: Option<Timestamp>,
    faults: u32,
}

/// The same, changing.
#[derive(Debug, Default)]
pub(super) struct Pulse(Mutex<Health>);

impl Pulse {
    /// How it fares.
    pub(super) fn health(&self) -> Health {
        self.get().clone()
    }

    /// True while it rests.
    pub(super) fn rests(&self, now: Timestamp) -> bool {
        self.get().rests.is_some_and(|until| until > now)
    }

    /// It answered as it should.
    pub(super) fn went(&self, now: Timestamp) {
        *self.get() = Health { took: Some(now), ..Health::default() };
    }

    /// It did not: `down` if it does not answer at all, so that it rests at once.
    pub(super) fn failed(&self, now: Timestamp, why: &str, down: bool) {
        let mut health = self.get();
        health.fault = Some((now, why.to_owned()));
        health.faults = health.faults.saturating_add(1);
        let rest = if down { Some(health.faults - 1) } else { health.faults.checked_sub(ODD) };
        // Several that were under way fail together: that is one failure.
        let resting = health.rests.is_some_and(|until| until > now);
        if let Some(times) = rest.filter(|_| !resting) {
            let seconds = REST.saturating_mul(1 << times.min(10)).min(LONGEST);
            health.rests = Some(Timestamp::from_micros(now.as_micros() + seconds * 1_000_000));
        } else if resting && down {
            health.faults -= 1;
        }
    }

    /// Somebody wants it tried now.
    pub(super) fn wake(&self) {
        self.get().rests = None;
    }

    fn get(&self) -> MutexGuard<'_, Health> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_and_end_with_an_answer() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let pulse = Pulse::default();
        pulse.failed(at(0), "cannot reach", true);
        pulse.failed(at(0), "cannot reach", true);
        assert!(pulse.rests(at(1)) && !pulse.rests(at(2)), "two that fail together are one failure");
        pulse.failed(at(10), "cannot reach", true);
        assert!(pulse.rests(at(13)) && !pulse.rests(at(14)));
        pulse.went(at(20));
        assert_eq!(pulse.health(), Health { took: Some(at(20)), ..Health::default() });
        for second in 21..25 {
            pulse.failed(at(second), "odd", false);
            assert!(!pulse.rests(at(second)));
        }
        pulse.failed(at(25), "odd", false);
        assert!(pulse.rests(at(26)));
        pulse.wake();
        assert!(!pulse.rests(at(26)));
        for second in 0..100 {
            pulse.failed(at(1_000 * second), "down", true);
        }
        assert_eq!(pulse.health().rests, Some(at(99_000 + LONGEST)));
    }
}
