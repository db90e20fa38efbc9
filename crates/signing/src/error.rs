//! Why something could not be done.

use dinh_signatures::{CertificateFault, KeyFault, PdfFault, SignFault, StampFault};

use crate::module::ModuleFault;

/// Why something could not be done, with enough structure for pages to say it in two languages.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such key, or it may not be used by whoever asks.
    #[error("there is no such key, or it is not for you to use")]
    NoKey,
    /// A second factor is needed.
    #[error("show your second factor or passkey again: signing needs it")]
    StepUp,
    /// A word is too long, empty or not plain.
    #[error("{field}: write {least} to {most} characters of plain text")]
    Text {
        /// Which.
        field: &'static str,
        /// Fewest.
        least: usize,
        /// Most.
        most: usize,
    },
    /// No keys in software: there is nothing to seal them with.
    #[error("keys cannot be kept here: this server has no key to seal them with")]
    NoSeal,
    /// No security module.
    #[error("this server has no security module (signing.module in the configuration)")]
    NoModule,
    /// The security module.
    #[error(transparent)]
    Module(#[from] ModuleFault),
    /// The sealed key cannot be opened.
    #[error(
        "the private key cannot be opened: the sealing key of this server is another, or the record was altered"
    )]
    Damaged,
    /// Not a key that is taken.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Not a certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// A certificate of another key.
    #[error("certificate: it is for another key than the one that was asked for")]
    OtherCertificate,
    /// A certificate that is not for signing documents.
    #[error("certificate: its key usage does not allow signing documents")]
    NotForSigning,
    /// A certificate of the past or the future.
    #[error("certificate: it is valid from {from} until {until}, and now is not between")]
    NotNow {
        /// From when.
        from: jiff::Timestamp,
        /// Until when.
        until: jiff::Timestamp,
    },
    /// The key has no certificate yet.
    #[error("the key has no certificate yet")]
    NoCertificate,
    /// The key was withdrawn.
    #[error("the key was withdrawn")]
    Withdrawn,
    /// The key is of another unit.
    #[error("the key is the seal of another unit than the one that the document is of")]
    OtherUnit,
    /// The key signs only where it is.
    #[error("the key is elsewhere: it signs in two steps")]
    Elsewhere,
    /// No such signing that waits: it never was, was finished, or is over.
    #[error(
        "there is no such signing that waits for its signature: it was finished already, or its time is over"
    )]
    NothingWaits,
    /// Too many wait.
    #[error("{most} signings wait already; finish some first")]
    TooMany {
        /// Most.
        most: usize,
    },
    /// The document cannot be read.
    #[error(transparent)]
    Pdf(#[from] PdfFault),
    /// The document cannot be signed.
    #[error(transparent)]
    Sign(#[from] SignFault),
    /// No time stamp.
    #[error(transparent)]
    Stamp(#[from] StampFault),
    /// A server elsewhere does not answer.
    #[error("the time-stamp authority does not answer: {0}")]
    Away(String),
    /// Work that was cut short.
    #[error("the work was cut short")]
    CutShort,
    /// What the door says.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
}
