//! Why something could not be done.

use dinh_credentials::Refused;

use crate::{Standing, State};

/// Why something could not be done, with enough structure for pages to say it in two languages. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The packs in use bring no rules of cards.
    #[error("the packs in use bring no pack \"cards\", so nothing is offered here")]
    NotOffered,
    /// Nobody in particular asks.
    #[error("sign in first: cards are somebody's")]
    NotSignedIn,
    /// There is no such thing, or it is not shown to whoever asks.
    #[error("there is no such {0}")]
    NoSuch(&'static str),
    /// The role or the unit is missing.
    #[error("only those who manage the cards of this unit may do this")]
    NotManager,
    /// It is about somebody for whom the account does not speak.
    #[error(
        "this account does not speak for whom the card is asked for, or its address is not confirmed yet"
    )]
    NotYours,
    /// Who they are has not been proved surely enough.
    #[error("a card needs an identity that an authority has proved (level {0})")]
    Unproved(u8),
    /// A second factor is needed.
    #[error("show your second factor or passkey again: cards are managed only then")]
    StepUp,
    /// Nobody decides on their own card.
    #[error("another one must do this: nobody manages their own card")]
    OwnCard,
    /// Nobody decides what they proposed.
    #[error("a second person decides on a card: you proposed this one")]
    SamePerson,
    /// The step cannot be taken in this state.
    #[error("a card that is {0:?} cannot go this step")]
    State(State),
    /// There is a card of this kind already.
    #[error("holder: has a card of this kind already, or one is proposed; renew or revoke that one")]
    HasOne,
    /// Something that a card needs is not known.
    #[error("{0}: is not known of the holder or of the unit, and the card needs it")]
    Missing(&'static str),
    /// A text is too short, too long or not plain text.
    #[error("{field}: write {least} to {most} characters of plain text")]
    Text {
        /// Which text.
        field: &'static str,
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// A span of time that is none.
    #[error("{0}: the end must be after the beginning, and not more than a year after it")]
    Span(&'static str),
    /// More of something than is kept.
    #[error("there are already {most} {what}, the most at once")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Somebody else has taken a step in between.
    #[error("somebody else changed this in between: look at it again")]
    Conflict,
    /// A code or nonce that was never given out, was used, or is too old.
    #[error("{0}: unknown, used already, or too old")]
    Spent(&'static str),
    /// A presentation that was sent before.
    #[error(
        "this question was answered before: a presentation is good once, and whoever sends it again is refused"
    )]
    Repeated,
    /// A card does not hold.
    #[error("the card is {0:?}")]
    NotValid(State),
    /// Nobody has shown anything yet.
    #[error("nobody has shown a card yet: open the request in the wallet that holds it")]
    NotShown,
    /// What was shown proves nothing: the code of the reason.
    #[error("what was shown proves nothing ({0})")]
    Unbelieved(String),
    /// It is somebody else's card.
    #[error("the card that was shown belongs to somebody else")]
    OtherHolder,
    /// The card that was shown does not hold now.
    #[error("the card that was shown does not hold: it is {}", .0.name())]
    DoesNotHold(Standing),
    /// A benefit that the pack does not bring, or that cards of this kind do not say.
    #[error("{0:?} is no benefit that this card may say")]
    NoBenefit(String),
    /// A credential is refused.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The number of a card is not as it should be.
    #[error(transparent)]
    Number(#[from] dinh_credentials::number::NumberFault),
    /// The printed QR cannot be made.
    #[error(transparent)]
    Layout(#[from] dinh_credentials::layout::LayoutFault),
    /// It cannot be printed.
    #[error(transparent)]
    Paper(#[from] dinh_documents::Fault),
    /// The rules of the pack are wrong.
    #[error("cards/cards.toml: {0}")]
    Rules(String),
    /// The door does not open, or the store could not do it.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
    /// What is kept cannot be read.
    #[error(transparent)]
    Damaged(#[from] dinh_context::fields::Damaged),
}
