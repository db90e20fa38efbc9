//! What can go wrong with money.

use dinh_ledger::{BankFault, BillFault, DongFault, QrFault, StatementFault};
use dinh_model::{EntityId, Timestamp};

/// Why something about money was not done. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The packs in use bring no payments.
    #[error("no payments are offered here")]
    NotOffered,
    /// Whoever asks has no account.
    #[error("sign in first")]
    NotSignedIn,
    /// Whoever asks may not do this for this unit.
    #[error("you do not keep money for the unit that this is for")]
    NotYours,
    /// There is no such thing, or none to be seen.
    #[error("there is no {0}")]
    NoSuch(EntityId),
    /// No bill has this reference.
    #[error("reference: there is no bill {0:?}")]
    NoBill(String),
    /// The unit has no account to which money is paid today.
    #[error("bank account: the unit has none that is in use today")]
    NoAccount,
    /// No such form of statements.
    #[error("profile: there is no form of statements {0:?}")]
    NoProfile(String),
    /// Somebody else was quicker.
    #[error("version: it has changed since it was looked at")]
    Conflict,
    /// A file that was brought in before.
    #[error("file: this statement was brought in before, on {at}; nothing has changed")]
    Twice {
        /// When.
        at: Timestamp,
    },
    /// A statement of another account.
    #[error("file: it is a statement of the account {found}, and not of {expected}")]
    OtherAccount {
        /// The account of the file.
        found: String,
        /// The one for which it was brought in.
        expected: String,
    },
    /// Whoever asked for it may not approve it.
    #[error("checker: whoever asked to give money back does not approve it; another person must")]
    SamePerson,
    /// It is not at a point where this can be done.
    #[error("state: it is {0}; this cannot be done with it any more")]
    State(&'static str),
    /// More cash than is owed.
    #[error("amount: in cash at most what is owed is taken, {0} đ; give change")]
    Change(dinh_ledger::Dong),
    /// A bill of another unit.
    #[error("bill: it is one of another unit")]
    OtherUnit,
    /// Something that looks like the number of a card.
    #[error("{0}: this looks like the number of a payment card; none is kept here. Leave it out")]
    Card(&'static str),
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
    /// A day that is none or makes no sense.
    #[error("{0}: must be a day, written 2026-11-23")]
    Day(&'static str),
    /// An account that is none.
    #[error(transparent)]
    Bank(#[from] BankFault),
    /// An amount that is none.
    #[error("amount: {0}")]
    Amount(#[from] DongFault),
    /// A bill refuses.
    #[error(transparent)]
    Bill(#[from] BillFault),
    /// A file is no statement.
    #[error(transparent)]
    Statement(#[from] StatementFault),
    /// A QR is not the one that was meant.
    #[error(transparent)]
    Qr(#[from] QrFault),
    /// The packs contradict themselves.
    #[error("{file}: {reason}")]
    Pack {
        /// Which file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The case.
    #[error(transparent)]
    Case(#[from] dinh_casework::Error),
    /// What is kept cannot be read.
    #[error(transparent)]
    Damaged(#[from] dinh_context::fields::Damaged),
    /// The door refuses or fails.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
}
