//! What is wrong with a document.

use crate::problem::{Problem, ProblemKind};

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or not JSON of the right form.
    #[error("the body cannot be read: {0}")]
    Syntax(String),
    /// A member breaks a rule.
    #[error("{at}: {reason}")]
    Member {
        /// Which member, as in `temperature.accuracy`; `the body` for the whole.
        at: String,
        /// Which rule.
        reason: String,
    },
    /// Something of the standard that is not done here.
    #[error("{at}: {what} is not supported")]
    NotSupported {
        /// Which member.
        at: String,
        /// What.
        what: &'static str,
    },
}

impl ReadError {
    /// Member `at` breaks a rule.
    pub(crate) fn at(at: &str, reason: impl Into<String>) -> Self {
        let at = if at.is_empty() { "the body" } else { at };
        Self::Member { at: at.chars().take(200).collect(), reason: reason.into() }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let kind = match &error {
            ReadError::Syntax(_) => ProblemKind::InvalidRequest,
            ReadError::Member { .. } => ProblemKind::BadRequestData,
            ReadError::NotSupported { .. } => ProblemKind::OperationNotSupported,
        };
        Self::new(kind, error.to_string())
    }
}
