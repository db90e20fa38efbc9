//! Why an action cannot be taken.

use dinh_calendar::Named;

/// Why an action cannot be taken. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The kind has no such action.
    #[error("action: there is no {0:?}")]
    NoAction(String),
    /// It cannot be taken where the case stands.
    #[error("action: {action} cannot be taken while the case is {state}")]
    State {
        /// The action.
        action: String,
        /// Where the case stands.
        state: String,
    },
    /// Whoever tries has none of its roles.
    #[error("action: {action} is taken by {roles:?} alone")]
    Role {
        /// The action.
        action: String,
        /// Who may take it.
        roles: Vec<String>,
    },
    /// A second factor is needed.
    #[error("action: {0} needs a second factor")]
    StepUp(String),
    /// The condition of the action does not hold.
    #[error("action: {action}: its condition does not hold")]
    Guard {
        /// The action.
        action: String,
        /// What is said to people.
        unless: Option<Named>,
    },
    /// Something asked was not answered, or not well.
    #[error("{ask}: {rule}")]
    Asked {
        /// What was asked.
        ask: String,
        /// What an answer must be.
        rule: AskRule,
    },
    /// Something was answered that was not asked.
    #[error("{0}: was not asked")]
    NotAsked(String),
    /// More was asked of the applicant as often as it may be.
    #[error("supplements: more may be asked {0} times only")]
    Supplements(u8),
    /// The answer was put off as often as it may be.
    #[error("extensions: the answer may be put off {0} times only")]
    Extensions(u8),
    /// Opinions without which the case cannot go on are missing.
    #[error("tasks: {0} opinions are missing")]
    Tasks(usize),
    /// The case has had as many steps as a case may have.
    #[error("steps: a case has 500 at most")]
    Full,
    /// The time in which it could be done is over.
    #[error("at: the time for {0} is over")]
    Over(String),
    /// The time of the action lies before what has happened already.
    #[error("at: lies before the last step of the case")]
    Backwards,
    /// What is told of the day on which it was sent cannot be.
    #[error(
        "sent: said of what came by post, and must be of what was taken down on paper; not after now, at most 30 days before"
    )]
    Sent,
    /// What was shown proves nothing by which something would be taken off.
    #[error("proof: the card says nothing by which the fee of this procedure is lower")]
    Proof,
    /// The kind has no version that may be used.
    #[error("kind: {0}")]
    Kind(String),
    /// Working time cannot be counted.
    #[error("clock: {0}")]
    Clock(String),
}

/// What an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskRule {
    /// It must be there.
    #[error("must be answered")]
    Required,
    /// Text of a length.
    #[error("must be text of {least} to {most} characters without control characters")]
    Text {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// One of the choices.
    #[error("must be one of the choices")]
    Choice,
    /// A day that is not over.
    #[error("must be a day, today or later")]
    Date,
    /// A number.
    #[error("must be a whole number from 1 to {0}")]
    Count(u64),
    /// Parts of the dossier.
    #[error("must name parts of the dossier")]
    Parts,
    /// Somebody who did not work on what the case is about.
    #[error("must be somebody who did not work on what this is about")]
    Apart,
    /// A name of a unit or account.
    #[error("must name a unit or an official")]
    Name,
}
