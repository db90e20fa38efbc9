//! What happens by itself, and who is told when time runs out.

use dinh_calendar::Period;
use serde::{Deserialize, Serialize};

/// An action that the program takes when a case has stood long enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Its code within the kind.
    pub code: String,
    /// The state in which it runs.
    pub state: String,
    /// How long.
    pub after: Period,
    /// Which action is taken then. One of its roles has the tie `system`.
    pub action: String,
}

/// Who is told when time runs out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Its code within the kind.
    pub code: String,
    /// When.
    pub when: When,
    /// Which role is told.
    pub role: String,
    /// Name of the message.
    pub message: String,
}

/// How far the clock of a case has run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// So many hundredths of its time are used, 1 to 99.
    Used(u8),
    /// It is late.
    Late,
    /// The state in which it stands has lasted longer than its limit.
    StateLate,
}
