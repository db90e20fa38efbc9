//! A registration in memory, with what became of calls to its source.

use std::sync::{Mutex, PoisonError};

use dinh_model::{Tenant, Timestamp};
use dinh_ngsild::registration::{Calls, Registration};

/// A registration that is kept.
#[derive(Debug)]
pub struct Registered {
    /// The tenant here.
    pub tenant: Tenant,
    /// What was registered.
    pub registration: Registration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: Calls,
    /// It is left in peace until then.
    rests_until: Option<Timestamp>,
}

impl Registered {
    /// A registration of a tenant whose source has not been called.
    pub fn new(tenant: Tenant, registration: Registration) -> Self {
        Self { tenant, registration, state: Mutex::default() }
    }

    /// Counters of the calls to the source.
    pub fn calls(&self) -> Calls {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).calls.clone()
    }

    /// Counts a call. After a failure the source is left in peace for as long as the registration asks for.
    pub fn note(&self, now: Timestamp, went_well: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.calls.note(now, went_well);
        state.rests_until = match self.registration.management.cooldown {
            Some(milliseconds) if !went_well => Some(now.plus_micros(micros(milliseconds))),
            _ => None,
        };
    }

    /// True while the source is left in peace.
    pub fn rests(&self, now: Timestamp) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.rests_until.is_some_and(|until| now < until)
    }
}

/// Microseconds of a number of milliseconds that is known to be positive and at most a day.
#[expect(clippy::cast_possible_truncation, reason = "bounded when read")]
fn micros(milliseconds: f64) -> i64 {
    (milliseconds * 1_000.0).round() as i64
}
