//! Why a query cannot be read.

use crate::bounds::{PATTERN_BYTES, QUERY_BYTES, QUERY_DEPTH, QUERY_TERMS};
use crate::problem::{Problem, ProblemKind};

/// Why a query expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The text breaks the grammar.
    #[error("{parameter} cannot be read at character {at}: {reason}")]
    Syntax {
        /// Which parameter.
        parameter: &'static str,
        /// Counted in characters from 1.
        at: usize,
        /// What was expected.
        reason: String,
    },
    /// A value that the parameter does not take.
    #[error("{parameter} cannot be {value:?}: {reason}")]
    Value {
        /// Which parameter.
        parameter: &'static str,
        /// What was given.
        value: String,
        /// What it may be.
        reason: String,
    },
    /// Longer than [`QUERY_BYTES`].
    #[error("{parameter} is {length} bytes long; the limit is {QUERY_BYTES}")]
    TooLong {
        /// Which parameter.
        parameter: &'static str,
        /// Its length in bytes.
        length: usize,
    },
    /// Parentheses deeper than [`QUERY_DEPTH`].
    #[error("{0} nests more than {QUERY_DEPTH} parentheses")]
    TooDeep(&'static str),
    /// More than [`QUERY_TERMS`] conditions.
    #[error("{0} has more than {QUERY_TERMS} conditions")]
    TooManyTerms(&'static str),
    /// A regular expression longer than [`PATTERN_BYTES`], or too large once compiled.
    #[error(
        "the regular expression in {0} is too large; the limit is {PATTERN_BYTES} bytes and no huge repetitions"
    )]
    PatternTooLarge(&'static str),
    /// A regular expression that cannot be read.
    #[error("{parameter}: {pattern:?} is not a regular expression: {reason}")]
    Pattern {
        /// Which parameter.
        parameter: &'static str,
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let kind = match &error {
            QueryError::TooDeep(_) | QueryError::TooManyTerms(_) | QueryError::PatternTooLarge(_) => {
                ProblemKind::TooComplexQuery
            }
            _ => ProblemKind::BadRequestData,
        };
        Self::new(kind, error.to_string())
    }
}
