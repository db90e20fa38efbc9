//! What has become of the notifications of a subscription (clause 5.2.14.2).

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};

/// Counters and last attempts. The serde form is the stored form.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Deliveries {
    /// Notifications sent, failed ones included.
    pub times_sent: u64,
    /// Notifications that failed.
    pub times_failed: u64,
    /// When the last one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_notification: Option<Timestamp>,
    /// When the last one arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_success: Option<Timestamp>,
    /// When the last one failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<Timestamp>,
}

impl Deliveries {
    /// Notes that a notification was sent at `at` and whether it arrived.
    pub fn note(&mut self, at: Timestamp, arrived: bool) {
        self.times_sent += 1;
        self.last_notification = Some(at);
        if arrived {
            self.last_success = Some(at);
        } else {
            self.times_failed += 1;
            self.last_failure = Some(at);
        }
    }

    /// True if the last notification failed.
    pub fn is_failing(&self) -> bool {
        self.last_failure > self.last_success
    }
}
