//! What became of the calls to a source (table 5.2.9-2).

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::write::instant_text;

/// Counters of a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// How often it was called.
    pub times_sent: u64,
    /// How often that failed.
    pub times_failed: u64,
    /// When it last answered well.
    pub last_success: Option<Timestamp>,
    /// When it last did not.
    pub last_failure: Option<Timestamp>,
}

impl Calls {
    /// Counts a call at `at`.
    pub fn note(&mut self, at: Timestamp, went_well: bool) {
        self.times_sent += 1;
        if went_well {
            self.last_success = Some(at);
        } else {
            self.times_failed += 1;
            self.last_failure = Some(at);
        }
    }

    /// True if the last call failed.
    pub fn is_failing(&self) -> bool {
        self.last_failure.is_some() && self.last_failure > self.last_success
    }

    /// Adds the members that tell of it, once there is something to tell.
    pub(super) fn tell(&self, object: &mut Map<String, Json>) {
        if self.times_sent == 0 {
            return;
        }
        object.insert("status".into(), if self.is_failing() { "failed" } else { "ok" }.into());
        object.insert("timesSent".into(), self.times_sent.into());
        object.insert("timesFailed".into(), self.times_failed.into());
        for (name, at) in [("lastSuccess", self.last_success), ("lastFailure", self.last_failure)] {
            if let Some(at) = at {
                object.insert(name.into(), instant_text(at).into());
            }
        }
    }
}
