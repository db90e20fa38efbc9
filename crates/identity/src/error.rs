//! Why something could not be done, with enough structure for pages to say it in two languages.

use crate::domain::HandleError;

/// Why the record of an account is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The display name.
    #[error("name: write 1 to {0} characters on one line")]
    Name(usize),
    /// The title of a position.
    #[error("positions: a title has 1 to {0} characters")]
    Title(usize),
    /// Too much of something.
    #[error("{what}: at most {most} are kept of one account")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Something ends before it begins.
    #[error("days: the last day is before the first")]
    Backwards,
    /// A substitution or delegation without an end, or too long.
    #[error("positions: substitution and delegation have a first and a last day and last at most {0} days")]
    StandIn(i32),
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was written is neither an e-mail address nor a telephone number.
    #[error(transparent)]
    Handle(#[from] HandleError),
    /// The record of the account contradicts itself or is too large.
    #[error(transparent)]
    Misfit(#[from] Misfit),
}
