//! What comes of an action beside the case as it is then.

use crate::Case;

/// What came of an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The case as it is now.
    pub case: Case,
    /// What else is to be done, in the same commit, in this order.
    pub effects: Vec<Effect>,
}

/// Something that whoever uses the machine has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Give the case its number.
    Number,
    /// Tell a role.
    Notify {
        /// Which role of the kind.
        role: String,
        /// Name of the message.
        message: String,
    },
    /// Open a case of another kind as the child of this one.
    Open {
        /// Which kind.
        kind: String,
    },
    /// Draw up the results that have a template, and number them.
    DrawUp,
    /// Give up what was numbered and not issued.
    GiveUp,
    /// Put the results into the applicant's locker.
    Issue {
        /// What must be signed was signed by hand, as whoever took the action says.
        by_hand: bool,
    },
}
