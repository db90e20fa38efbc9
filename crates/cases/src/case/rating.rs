//! What an applicant thinks of how their case was settled.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A rating: one for each case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// From 1, not at all satisfied, to 5, very satisfied.
    pub stars: u8,
    /// What they add in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// When it was given for the first time.
    pub first: Timestamp,
    /// When it was given or changed last.
    pub at: Timestamp,
}
