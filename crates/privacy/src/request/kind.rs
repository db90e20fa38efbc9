//! What a data subject may ask for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a data subject may ask for (Law 91/2025/QH15, rights of the data subject).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// To be told what is kept and what is done with it.
    Access,
    /// To have it corrected.
    Correct,
    /// To have it erased.
    Erase,
    /// To have its use restricted.
    Restrict,
    /// To have a restriction of its use lifted.
    Lift,
    /// To object to a use.
    Object,
    /// To have a consent taken back by an officer.
    Withdraw,
    /// To be given a copy.
    Copy,
}

impl Kind {
    /// All of them, in the order in which people are offered them.
    pub const ALL: [Self; 8] = [
        Self::Access,
        Self::Copy,
        Self::Correct,
        Self::Erase,
        Self::Restrict,
        Self::Lift,
        Self::Object,
        Self::Withdraw,
    ];

    /// The name that entities and tables write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Correct => "correct",
            Self::Erase => "erase",
            Self::Restrict => "restrict",
            Self::Lift => "lift",
            Self::Object => "object",
            Self::Withdraw => "withdraw",
            Self::Copy => "copy",
        }
    }

    /// From [`Kind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True for what can only be done to data about a person of the graph.
    pub const fn needs_subject(self) -> bool {
        matches!(self, Self::Erase | Self::Restrict | Self::Lift)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
