//! Why something could not be done, with enough structure for pages to say it in two languages.

use dinh_model::{Tenant, Timestamp};

use crate::domain::HandleError;
use crate::entropy::NoEntropy;
use crate::event::{KeyFault, TrailError};
use crate::oidc::Fault;
use crate::passkey::Doubt;
use crate::password::Weak;

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
    /// The reason for a change.
    #[error("reason: write {least} to {most} characters on one line")]
    Reason {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
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
    /// The password may not be set.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// The name or the password is not right, or the account may not be used; it is not said which.
    #[error("the name or the password is not right")]
    Refused,
    /// A one-time or recovery code is wrong, old, or was used already.
    #[error("the code is not right, or was used already")]
    WrongCode,
    /// Too many attempts.
    #[error("too many attempts: try again after {until}")]
    TooSoon {
        /// When the next attempt will be looked at.
        until: Timestamp,
    },
    /// More passwords are being checked than may wait.
    #[error(
        "too many people are signing in at this moment (more than {most} wait); try again in some seconds"
    )]
    Busy {
        /// The bound.
        most: usize,
    },
    /// What was begun has ended, or was finished already: sign-in, enrolment, a link, a code.
    #[error("this took too long or was done already; begin again")]
    Expired,
    /// Nobody is signed in.
    #[error("nobody is signed in, or the session has ended")]
    NotSignedIn,
    /// It needs a second factor or a passkey, shown within the last ten minutes.
    #[error("show your second factor or passkey again: this needs one from the last {minutes} minutes")]
    StepUp {
        /// How long one counts.
        minutes: u32,
    },
    /// It needs the password, shown within the last ten minutes.
    #[error("type your password again: this needs one from the last {minutes} minutes")]
    Confirm {
        /// How long one counts.
        minutes: u32,
    },
    /// No administrator lets cards count as a second factor here.
    #[error("cards do not count as a second factor here: an administrator has to allow it first")]
    CardsDoNotCount,
    /// Another account has this address or number.
    #[error("another account has this e-mail address, telephone number or identity")]
    Taken,
    /// There is no such account.
    #[error("there is no such account")]
    NoAccount,
    /// There is no such session, key, factor or link of this account.
    #[error("there is no such {0}")]
    NoSuch(&'static str),
    /// The account is locked or closed.
    #[error("the account is locked or closed")]
    NotActive,
    /// The account is looked after in another tenant, or has rights there.
    #[error("this account is looked after elsewhere: only an administrator of {0} may do this")]
    Elsewhere(Tenant),
    /// Nobody may do this to their own account, so that one administrator always remains.
    #[error("another administrator must do this: nobody may do it to their own account")]
    Oneself,
    /// More of something than is kept.
    #[error("there are already {most} {what}, the most that are kept")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// The definition of a key is wrong.
    #[error("{field}: {rule}")]
    Key {
        /// Which part.
        field: &'static str,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// An identity provider's word is not taken.
    #[error(transparent)]
    Provider(#[from] Fault),
    /// The answer of a passkey is not taken.
    #[error("the passkey's answer is not taken: {0}")]
    Passkey(#[from] Doubt),
    /// A key was refused.
    #[error("the key was refused: {0}")]
    KeyRefused(KeyFault),
    /// A role that no pack describes, or that is not given to accounts.
    #[error("roles: {0:?} is not a role that can be given")]
    NoRole(String),
    /// A setting is wrong.
    #[error("{0}")]
    Settings(String),
    /// The system gives no randomness.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The audit could not record it.
    #[error(transparent)]
    Trail(#[from] TrailError),
    /// The door does not open, or the store could not do it.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
    /// What is kept cannot be read.
    #[error("{0}")]
    Damaged(String),
}

impl Error {
    /// A name for the kind of error that does not change: the key of its message on pages, with the fields of the
    /// variant as arguments.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Handle(HandleError::Email) => "not-an-email",
            Self::Handle(HandleError::Phone) => "not-a-phone",
            Self::Misfit(Misfit::Name(_)) => "name-misfit",
            Self::Misfit(Misfit::Title(_)) => "title-misfit",
            Self::Misfit(Misfit::TooMany { .. }) | Self::TooMany { .. } => "too-many",
            Self::Misfit(Misfit::Backwards) => "days-backwards",
            Self::Misfit(Misfit::Reason { .. }) => "reason-misfit",
            Self::Misfit(Misfit::StandIn(_)) => "stand-in-days",
            Self::Weak(Weak::Short) => "password-short",
            Self::Weak(Weak::Long) => "password-long",
            Self::Weak(Weak::Common) => "password-common",
            Self::Weak(Weak::Breached) => "password-breached",
            Self::Weak(Weak::Personal) => "password-personal",
            Self::Refused => "sign-in-refused",
            Self::WrongCode => "wrong-code",
            Self::TooSoon { .. } => "too-soon",
            Self::Busy { .. } => "busy",
            Self::Expired => "expired",
            Self::NotSignedIn => "not-signed-in",
            Self::StepUp { .. } => "step-up",
            Self::Confirm { .. } => "confirm",
            Self::CardsDoNotCount => "cards-do-not-count",
            Self::Taken => "taken",
            Self::NoAccount => "no-account",
            Self::NoSuch(_) => "no-such",
            Self::NotActive => "not-active",
            Self::Elsewhere(_) => "elsewhere",
            Self::Oneself => "oneself",
            Self::Key { .. } => "key-misfit",
            Self::Provider(fault) => match fault {
                Fault::NoProvider(_) => "no-provider",
                Fault::State => "provider-state",
                Fault::Refused(_) => "provider-refused",
                Fault::Unreachable(_) => "provider-unreachable",
                Fault::NoAccount => "provider-no-account",
                Fault::Claim(_) => "provider-claim",
                _ => "provider-not-believed",
            },
            Self::Passkey(_) => "passkey-refused",
            Self::KeyRefused(_) => "key-refused",
            Self::NoRole(_) => "no-role",
            Self::Door(dinh_context::Error::Denied(_)) => "denied",
            Self::Settings(_) => "settings",
            Self::Entropy(_) | Self::Trail(_) | Self::Door(_) | Self::Damaged(_) => "failed",
        }
    }

    /// True if it is our fault and not that of whoever asked.
    pub fn is_ours(&self) -> bool {
        matches!(self.code(), "failed" | "settings")
    }
}
