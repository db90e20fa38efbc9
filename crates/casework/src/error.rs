//! What can go wrong with cases.

use dinh_cases::Refused;
use dinh_model::EntityId;

use crate::NumberRule;

/// Why something about a case was not done. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The packs in use bring no kinds of case.
    #[error("no procedures are offered here")]
    NotOffered,
    /// Whoever asks has no account.
    #[error("sign in first")]
    NotSignedIn,
    /// There is no such case, or none to be seen.
    #[error("there is no case {0}")]
    NoSuch(EntityId),
    /// There is no such kind, or none that is open today.
    #[error("kind: there is no procedure {0:?} that is open today")]
    NoKind(String),
    /// There is no such unit, or none with a code to number by.
    #[error("receiving: {0} is no unit with an electronic identifier")]
    NoUnit(EntityId),
    /// There is no such unit.
    #[error("handling, competent: {0} is no unit of the administration")]
    NotAUnit(EntityId),
    /// A number of an applicant is none of its kind.
    #[error("applicant.number: {rule}")]
    Number {
        /// What it must be.
        rule: NumberRule,
    },
    /// A text is too short, too long or odd.
    #[error("{field}: must be text of {least} to {most} characters without control characters")]
    Text {
        /// Which field.
        field: &'static str,
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// A card that was shown belongs to somebody else.
    #[error("card: it does not belong to whoever applies")]
    NotTheirCard,
    /// The machine refuses.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody else was quicker.
    #[error("version: the case has changed since it was looked at")]
    Conflict,
    /// A time for which no appointment can be booked.
    #[error("slot: there is no such time within the next 14 days, or it is full")]
    Slot,
    /// More was asked for than is done at once.
    #[error("{what}: at most {most} at once")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many at most.
        most: usize,
    },
    /// Whoever asks is no official of the units concerned.
    #[error("you do not act for the unit that this is for")]
    NotYours,
    /// There is no such document, or none to be seen.
    #[error("there is no document {0}")]
    NoDocument(EntityId),
    /// A document does not stand where that can happen to it.
    #[error(transparent)]
    Standing(#[from] dinh_documents::Standstill),
    /// What was to be added to a document changes it.
    #[error(transparent)]
    Altered(#[from] dinh_documents::Altered),
    /// The seal comes after the person.
    #[error("signatures: whoever decides has to sign before the seal of the agency is put on")]
    NotSigned,
    /// There is such a signature already, or the seal closed it.
    #[error("signatures: the document is signed so already, or its seal allows no other signature")]
    SignedAlready,
    /// What must be signed is not issued before it is.
    #[error("signatures: {serial} is not issued before it has its signature ({})", .signer.name())]
    Unsigned {
        /// Its number and symbol; what it is called, if it has none yet.
        serial: String,
        /// Which one it lacks next.
        signer: dinh_cases::Signer,
    },
    /// What has some of its signatures is not issued as if it were signed by hand.
    #[error("signatures: {0} has a digital signature; it gets the others so too, or is given up")]
    HalfSigned(String),
    /// Another document of the case is not sealed yet.
    #[error("signatures: {0} of the same case is not sealed yet; they are issued together")]
    OthersWait(String),
    /// A paper could not be set.
    #[error(transparent)]
    Paper(#[from] dinh_documents::Fault),
    /// The packs contradict themselves.
    #[error("{file}: {reason}")]
    Pack {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What is kept cannot be read.
    #[error(transparent)]
    Damaged(#[from] dinh_context::fields::Damaged),
    /// The door refuses or fails.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
}
