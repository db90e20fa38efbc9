//! Why something could not be done.

use dinh_model::EntityId;

use crate::request::IllegalStep;
use crate::tables::TableFault;

/// Why something could not be done, with enough structure for pages to say it in two languages.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The packs in use bring no rules of privacy.
    #[error("the packs in use bring no pack \"privacy\", so nothing is offered here")]
    NotOffered,
    /// Nobody in particular asks.
    #[error("sign in first: this is about somebody in particular")]
    NotSignedIn,
    /// It is about somebody for whom the account does not speak, or not surely enough.
    #[error("this account does not speak for {0}, or its address is not confirmed yet")]
    NotYours(EntityId),
    /// Only data protection officers may.
    #[error("only data protection officers settle requests about personal data")]
    NotOfficer,
    /// A second factor is needed.
    #[error("show your second factor or passkey again: requests are settled only then")]
    StepUp,
    /// Nobody settles their own request.
    #[error("another officer must settle this: nobody settles their own request")]
    OwnRequest,
    /// There is no such thing, or it is not shown to whoever asks.
    #[error("there is no such {0}")]
    NoSuch(&'static str),
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
    /// An extension is too long.
    #[error("days: an extension takes 1 to {most} days")]
    Days {
        /// Most days.
        most: u16,
    },
    /// The text that was agreed to is not the present one.
    #[error("the text has changed since it was shown: read it again")]
    TextChanged,
    /// The step cannot be taken now.
    #[error(transparent)]
    Step(#[from] IllegalStep),
    /// Somebody else has taken a step in between.
    #[error("somebody else changed this in between: look at it again")]
    Conflict,
    /// The kind of request needs somebody whom it is about.
    #[error(
        "subject: this kind of request needs a person whom it is about, and this account is tied to none"
    )]
    NoSubject,
    /// The use of nothing of theirs is restricted.
    #[error("kind: the use of the data of {0} is not restricted, so there is nothing to lift")]
    NotRestricted(EntityId),
    /// More of something than is kept.
    #[error("there are already {most} {what}, the most at once")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// The request has been settled or taken back.
    #[error("this request is over: files are attached while it is open")]
    Closed,
    /// Nothing is known of the deadlines of that day.
    #[error("deadlines.toml: no edition is valid on {0}")]
    NoEdition(jiff::civil::Date),
    /// The tables of the pack are wrong.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// The door does not open, or the store could not do it.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
    /// What is kept cannot be read.
    #[error(transparent)]
    Damaged(#[from] dinh_context::fields::Damaged),
}
