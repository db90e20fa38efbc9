//! The states of a request, and the steps between them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It has arrived.
    Received,
    /// The requester was told that it has.
    Acknowledged,
    /// The answer was put off, once.
    Extended,
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// The requester took it back.
    Withdrawn,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// It is made.
    File,
    /// Its arrival is confirmed.
    Acknowledge,
    /// The answer is put off.
    Extend,
    /// It is done.
    Complete,
    /// It is refused.
    Refuse,
    /// It is taken back.
    Withdraw,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Whoever made the request.
    Requester,
    /// A data protection officer.
    Officer,
}

/// A step that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request is {state}: the step {step} of the {by} cannot be taken now")]
pub struct IllegalStep {
    /// Where the request stands.
    pub state: State,
    /// The step.
    pub step: Step,
    /// Who would take it.
    pub by: By,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Received, Self::Acknowledged, Self::Extended, Self::Done, Self::Refused, Self::Withdrawn];

    /// The name that entities write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Extended => "extended",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// From [`State::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// True while an answer is owed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Acknowledged | Self::Extended)
    }

    /// The state after a step. What was not acknowledged cannot be completed: the requester must first know that it has
    /// arrived. It can be refused at once.
    pub fn after(self, step: Step, by: By) -> Result<Self, IllegalStep> {
        match (self, step, by) {
            (Self::Received, Step::Acknowledge, By::Officer) => Ok(Self::Acknowledged),
            (Self::Acknowledged, Step::Extend, By::Officer) => Ok(Self::Extended),
            (Self::Acknowledged | Self::Extended, Step::Complete, By::Officer) => Ok(Self::Done),
            (open, Step::Refuse, By::Officer) if open.is_open() => Ok(Self::Refused),
            (open, Step::Withdraw, By::Requester) if open.is_open() => Ok(Self::Withdrawn),
            (state, step, by) => Err(IllegalStep { state, step, by }),
        }
    }

    /// The steps that somebody may take now.
    pub fn steps(self, by: By) -> Vec<Step> {
        Step::ALL.into_iter().filter(|step| self.after(*step, by).is_ok()).collect()
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::File, Self::Acknowledge, Self::Extend, Self::Complete, Self::Refuse, Self::Withdraw];

    /// The name that entities and forms write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Acknowledge => "acknowledge",
            Self::Extend => "extend",
            Self::Complete => "complete",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
}

impl By {
    /// The name that entities write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Officer => "officer",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
