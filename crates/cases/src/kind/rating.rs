//! How long applicants may say what they think of how their case was settled.

use dinh_calendar::Period;
use serde::{Deserialize, Serialize};

/// When a case of a kind may be rated. Both periods count by the Civil Code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingTerms {
    /// How long after it ended it may be rated for the first time.
    pub within: Period,
    /// How long after that the rating may be changed.
    pub change: Period,
}
