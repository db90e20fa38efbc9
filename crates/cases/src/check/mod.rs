//! Whether a kind makes sense, found out before a case is opened under it.

mod actions;
mod answers;
mod codes;
mod paths;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::Kind;

/// What a kind may refer to outside itself.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Roles of the house.
    pub roles: BTreeSet<String>,
    /// Messages of the packs.
    pub messages: BTreeSet<String>,
    /// Forms of the packs, each with what it asks.
    pub forms: BTreeMap<String, BTreeSet<String>>,
    /// Templates of the packs.
    pub templates: BTreeSet<String>,
    /// Codes of kinds.
    pub kinds: BTreeSet<String>,
}

/// What is wrong with a kind: where, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Fault {
    /// Where: `state decided`, `action approve`.
    pub at: String,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Wrong {
    /// Something that must be there is not.
    #[error("there is none")]
    None,
    /// A code stands there twice.
    #[error("stands there twice")]
    Twice,
    /// A code that is no short lower-case name.
    #[error("a code is 1 to 60 lower-case letters, digits and hyphens, and begins with a letter")]
    Code,
    /// Something that it names is not there.
    #[error("names the {what} {code:?}, which there is not")]
    Unknown {
        /// What it should be.
        what: &'static str,
        /// The name.
        code: String,
    },
    /// A condition asks for an answer that the form does not have: it would never be true, and nobody would know.
    #[error("asks for the answer {0:?}, which the form does not have")]
    Answer(String),
    /// No action leads there.
    #[error("no action leads there from the first state")]
    Dead,
    /// No way leads from there to an end.
    #[error("no way leads from there to an end")]
    Endless,
    /// Nobody has the role.
    #[error("nobody has it: it needs roles of the house")]
    Nobody,
    /// On this desk nothing can be done.
    #[error("the role {0:?} has it on its desk but can do nothing there")]
    IdleDesk(String),
    /// Words are missing in a language.
    #[error("has no words in {0}")]
    Words(&'static str),
    /// The clock of an end, or of a state that is none.
    #[error("the clock is over in ends, and in ends alone")]
    Clock,
    /// A first state whose clock stands still or is over.
    #[error("the clock of the first state waits or runs")]
    FirstClock,
    /// Something that the action does needs another answer than it asks.
    #[error("{does} needs to ask a {needs}")]
    Asks {
        /// What it does.
        does: &'static str,
        /// What it should ask.
        needs: &'static str,
    },
    /// More is asked of the applicant while the clock runs on.
    #[error("asking more leads to a state in which the clock pauses")]
    NoPause,
    /// The answer is put off, but the timing does not allow it.
    #[error("the timing allows no extension")]
    NoExtension,
    /// A timer runs an action that the program may not take there.
    #[error("the action cannot be taken by the program in that state")]
    Timer,
    /// A timer runs an action that asks something: nobody is there to answer.
    #[error("the action asks something that must be answered, and the program answers nothing")]
    TimerAsks,
    /// Silence counts as agreement where no opinion is needed.
    #[error("silence_agrees says something only where the opinion is mandatory")]
    Silence,
    /// A share of time that is none.
    #[error("used is 1 to 99 hundredths")]
    Used,
    /// A number of the national portal that there is not.
    #[error("national states have the numbers 1 to 10")]
    National,
    /// A result with a template and no number, or the other way round.
    #[error("what has a template has a number, and nothing else has")]
    Numbered,
    /// Signatures of what is not set here, or out of order.
    #[error("signatures are [\"person\"] or [\"person\", \"seal\"], of what has a template")]
    Signatures,
    /// A choice without choices, or choices without a choice.
    #[error("a choice has choices, and nothing else has")]
    Choices,
}

impl Kind {
    /// What is wrong with it; nothing for a kind that may be used.
    pub fn faults(&self, known: &Known) -> Vec<Fault> {
        let mut faults = Vec::new();
        codes::check(self, known, &mut faults);
        paths::check(self, &mut faults);
        actions::check(self, known, &mut faults);
        answers::check(self, known, &mut faults);
        words::check(self, &mut faults);
        faults.sort();
        faults.dedup();
        faults
    }
}

fn fault(at: impl Into<String>, what: Wrong) -> Fault {
    Fault { at: at.into(), what }
}
