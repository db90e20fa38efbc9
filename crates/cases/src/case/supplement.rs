//! What was asked of an applicant while the case went on (form 02 of Circular 03/2025/TT-VPCP).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// More that was asked of the applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// When it was asked.
    pub asked: Timestamp,
    /// Why, in words that the applicant understands.
    pub reason: String,
    /// Which parts of the dossier are asked for; none if it is about the form alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The state in which it was asked.
    pub stage: String,
    /// When the case was due before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_before: Option<Timestamp>,
    /// When the applicant answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Timestamp>,
    /// When the case is due since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_after: Option<Timestamp>,
}
