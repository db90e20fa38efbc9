//! Why an `@context` cannot be used.

use crate::bounds::{CONTEXT_DEPTH, CONTEXT_DOCUMENTS, CONTEXT_TERMS};
use crate::problem::{Problem, ProblemKind};

/// Why an `@context` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// A remote document is not at hand: fetch it and try again, or give up with this error.
    #[error("the @context {url} cannot be had: {reason}")]
    NotAvailable {
        /// Which document.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A document was had but is not a context.
    #[error("the @context is not valid: {0}")]
    Invalid(String),
    /// A document names itself, directly or through others.
    #[error("the @context {0} draws in itself")]
    Cycle(String),
    /// Documents name one another too deeply.
    #[error("the @context draws in documents more than {CONTEXT_DEPTH} deep")]
    TooDeep,
    /// Too many documents.
    #[error("the @context draws in more than {CONTEXT_DOCUMENTS} documents")]
    TooManyDocuments,
    /// Too many terms.
    #[error("the @context defines more than {CONTEXT_TERMS} terms")]
    TooManyTerms,
}

impl From<ContextError> for Problem {
    fn from(error: ContextError) -> Self {
        let kind = match &error {
            ContextError::NotAvailable { .. } => ProblemKind::LdContextNotAvailable,
            _ => ProblemKind::BadRequestData,
        };
        Self::new(kind, error.to_string())
    }
}
