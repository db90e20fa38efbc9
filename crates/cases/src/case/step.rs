//! What happened to a case.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which action; `open` for the first, `adopt` for a move to another version, `succeed` for a move to the unit that
    /// took over.
    pub action: String,
    /// When.
    pub at: Timestamp,
    /// The account that took it; none for the program itself, and for somebody without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The unit for which they acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As which role of the kind.
    pub role: String,
    /// Where the case stood after it.
    pub state: String,
    /// What they answered to what was asked of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asked: BTreeMap<String, Answer>,
    /// True if the case, or the state that the step ended, was late then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// What somebody answered who took an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A number.
    Count(u64),
    /// Text, a choice, a day, a unit or an account.
    Text(String),
    /// Codes of parts.
    Codes(Vec<String>),
}

impl Answer {
    /// As text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Count(_) | Self::Codes(_) => None,
        }
    }

    /// As a number, if it is one.
    pub const fn count(&self) -> Option<u64> {
        match self {
            Self::Count(count) => Some(*count),
            Self::Text(_) | Self::Codes(_) => None,
        }
    }

    /// As codes, if it is a list of them.
    pub fn codes(&self) -> Option<&[String]> {
        match self {
            Self::Codes(codes) => Some(codes),
            Self::Text(_) | Self::Count(_) => None,
        }
    }
}
