//! Why a credential is refused.

/// Why a credential is refused, so that pages can say each of them in two languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not written as such a credential is.
    #[error("{what}: {why}")]
    Malformed {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// It is longer than is read.
    #[error("{what} is longer than {most} bytes")]
    TooLong {
        /// What was read.
        what: &'static str,
        /// The bound, in bytes.
        most: usize,
    },
    /// The key that signed it is none of those that are trusted.
    #[error("signed by the key {0:?}, which is none of the issuer's that are known here")]
    UnknownIssuer(String),
    /// The key is trusted for other times only.
    #[error("signed at a time for which the key {0:?} does not hold")]
    KeyNotValid(String),
    /// The signature does not fit: something was altered, or somebody else signed it.
    #[error("the signature does not fit: it was altered, or somebody else signed it")]
    BadSignature,
    /// Its time is over.
    #[error("it expired at {0}")]
    Expired(jiff::Timestamp),
    /// Its time has not begun.
    #[error("it holds only from {0} on")]
    NotYet(jiff::Timestamp),
    /// It is about something else than what was asked for.
    #[error("{claim} is {found:?}, not {expected:?}")]
    Other {
        /// Which claim.
        claim: &'static str,
        /// What it says.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// A key could not be made or used.
    #[error("the key cannot be used: {0}")]
    Key(&'static str),
}

impl Refused {
    /// Something that is not written as it should be.
    pub(crate) fn malformed(what: &'static str, why: impl Into<String>) -> Self {
        Self::Malformed { what, why: why.into() }
    }

    /// A short name of the reason, for machines and for keys of messages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::TooLong { .. } => "too-long",
            Self::UnknownIssuer(_) => "unknown-issuer",
            Self::KeyNotValid(_) => "key-not-valid",
            Self::BadSignature => "bad-signature",
            Self::Expired(_) => "expired",
            Self::NotYet(_) => "not-yet",
            Self::Other { .. } => "other",
            Self::Key(_) => "key",
        }
    }
}
