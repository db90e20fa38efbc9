//! Who takes part in a case.

use dinh_calendar::Named;
use serde::{Deserialize, Serialize};

/// A role within a kind of case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// How whoever has it stands to the case.
    pub tie: Tie,
    /// Roles of the house, of which they have at least one; empty if the tie is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<String>,
    /// Whether nobody has it who worked on what the case is about: nobody judges their own work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// How somebody stands to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// They are its applicant, or speak for its applicant.
    Applicant,
    /// They act for the unit that received it.
    Receiving,
    /// They act for the unit that handles it now.
    Handling,
    /// They act for the unit with the power to decide it.
    Competent,
    /// It was given to them in person.
    Assignee,
    /// They act for a unit whose opinion was asked.
    Consulted,
    /// The program itself: what happens by itself.
    System,
    /// Any of those who work in the province; the roles of the house alone decide.
    Anybody,
}

impl Tie {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Applicant,
        Self::Receiving,
        Self::Handling,
        Self::Competent,
        Self::Assignee,
        Self::Consulted,
        Self::System,
        Self::Anybody,
    ];

    /// True if the tie alone lets nobody in: without a role of the house, everybody would have it.
    pub const fn needs_role(self) -> bool {
        matches!(self, Self::Anybody)
    }
}
