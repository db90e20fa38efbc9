//! Opinions asked of others, in parallel.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An opinion asked of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number within the case, from 1.
    pub number: u32,
    /// Which consultation of the kind.
    pub consultation: String,
    /// The unit that was asked.
    pub unit: String,
    /// What it was asked.
    pub question: String,
    /// When.
    pub asked: Timestamp,
    /// By when it should answer.
    pub due: Timestamp,
    /// Where it stands.
    pub state: TaskState,
    /// When it answered, or the question was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Timestamp>,
    /// What it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<String>,
    /// Whether it agrees, if it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// The account that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Where an opinion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// It was asked.
    Asked,
    /// It was given.
    Given,
    /// It is not needed any more.
    TakenBack,
}
