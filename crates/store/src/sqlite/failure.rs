//! What the engine's errors mean for the caller.

use rusqlite::ErrorCode;

use crate::Error;
use crate::codec::DecodeError;

/// Result of anything that talks to the engine.
pub(super) type Failed<T> = Result<T, Error>;

/// The meaning of an engine error.
pub(super) fn lift(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::DiskFull,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Damaged(error.to_string()),
        _ => Error::Engine(error.to_string()),
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        lift(error)
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Damaged(error.to_string())
    }
}
