//! Where a case may stand.

use dinh_calendar::{Named, Period};
use serde::{Deserialize, Serialize};

use super::Clocking;
use crate::Outcome;

/// A state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its code within the kind.
    pub code: String,
    /// What officials call it.
    pub title: Named,
    /// What the applicant is told while the case stands there.
    pub told: Named,
    /// Its number among the ten states of the national portal, if it has one (1 Mới đăng ký … 10 Đã trả kết quả).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national: Option<u8>,
    /// The role on whose desk the case lies; none where nobody has anything to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// What the clock of the case does there.
    pub clock: Clocking,
    /// How long a case may stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Period>,
    /// How the case has ended, for states in which nothing is owed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Outcome>,
}

impl State {
    /// True if the case has ended there. Something may still be done with it, as to hand over its result.
    pub const fn is_end(&self) -> bool {
        self.ends.is_some()
    }
}
