//! What may be done with a case.

use dinh_calendar::{Named, Period};
use serde::{Deserialize, Serialize};

use crate::Expr;

/// An action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its code within the kind.
    pub code: String,
    /// What stands on its button: a verb.
    pub title: Named,
    /// What is told once it was taken, in the past tense.
    pub done: Named,
    /// States in which it can be taken.
    pub from: Vec<String>,
    /// The state to which it leads; none if it stays where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Roles that may take it.
    pub by: Vec<String>,
    /// It can be taken only if this is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Expr>,
    /// What is said if the guard is not true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Named>,
    /// What is asked of whoever takes it.
    #[serde(default, rename = "ask", skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// What else it brings about, in this order.
    #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub does: Vec<Does>,
    /// Whether it can be taken for many cases at once.
    #[serde(default)]
    pub batch: bool,
    /// Whether a second factor must have been shown lately.
    #[serde(default)]
    pub step_up: bool,
}

impl Action {
    /// True if it can be taken in a state.
    pub fn starts_in(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }

    /// True if it does such a thing.
    pub fn does(&self, is: impl Fn(&Does) -> bool) -> bool {
        self.does.iter().any(is)
    }
}

/// Something asked of whoever takes an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its code within the action.
    pub code: String,
    /// What is asked.
    pub title: Named,
    /// What an answer looks like.
    pub kind: AskKind,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// Values of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<(String, Named)>,
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskKind {
    /// Text of 5 to 2,000 characters, told to the applicant.
    Reason,
    /// Text of at most 2,000 characters, for those who work on the case.
    Note,
    /// One of `choices`.
    Choice,
    /// A day, not in the past.
    Date,
    /// A whole number from 1 on.
    Count,
    /// Codes of parts of the dossier, at least one.
    Parts,
    /// A unit, by its URI.
    Unit,
    /// An account of the unit that handles the case.
    Official,
}

/// What a clock does in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clocking {
    /// It has not begun.
    Waiting,
    /// It runs.
    Runs,
    /// It stands still, and goes on afterwards.
    Pauses,
    /// It is over.
    Over,
}

/// From where the clock goes on after a pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// From where it stood.
    #[default]
    Resume,
    /// From the beginning: what came in was not a dossier before.
    Anew,
}

/// Something that an action brings about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "what")]
pub enum Does {
    /// Gives the case its number and its date of receipt.
    Number,
    /// Sets a fact of the case.
    Set {
        /// Which fact.
        fact: String,
        /// What it becomes.
        to: Expr,
    },
    /// Says how the clock goes on, for an action out of a state in which it pauses.
    Clock {
        /// From where.
        start: Start,
    },
    /// Asks more of the applicant: takes the reason and the parts that were asked with the action.
    AskMore,
    /// The applicant has answered what was asked.
    MoreCame,
    /// Puts off the promise, by what the answer to `days` says, within what the timing allows.
    Extend,
    /// Gives the case to the unit that an answer of the kind `unit` names.
    HandTo,
    /// Gives the case to the official that an answer of the kind `official` names; to whoever takes the action where
    /// nothing is asked.
    Assign,
    /// Asks an opinion. The unit is the answer of the kind `unit`.
    Consult {
        /// Which consultation of the kind.
        consultation: String,
    },
    /// Tells a role, by a message of the pack.
    Notify {
        /// Whom.
        role: String,
        /// Name of the message.
        message: String,
    },
    /// Opens a case of another kind as the child of this one.
    Open {
        /// Which kind.
        kind: String,
    },
    /// Draws up the results that have a template, and gives them their numbers. They hold for nobody yet.
    DrawUp,
    /// Gives up what was numbered: the numbers stay in the register and are not used again.
    GiveUp,
    /// Puts the results into the applicant's locker. What has a template and was not drawn up yet is, with its number. What must
    /// be signed is refused until it is.
    Issue {
        /// Whoever takes the action says that what must be signed was signed by hand, and sealed, on paper.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
}

/// An opinion that may be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// How long the answer may take.
    pub limit: Period,
    /// Whether the case cannot go on without it.
    #[serde(default)]
    pub mandatory: bool,
    /// Whether silence counts as agreement: once the limit has passed, the case goes on without the opinion (Construction
    /// Law 50/2014/QH13, article 102).
    #[serde(default)]
    pub silence_agrees: bool,
    /// Whether the opinion is kept from the applicant.
    #[serde(default)]
    pub confidential: bool,
}
