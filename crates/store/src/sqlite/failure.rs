//! What the engine's errors mean for the caller.

use rusqlite::ErrorCode;

use crate::Error;
use crate::codec::DecodeError;

/// Result of anything that talks to the engine.
pub(super) type Failed<T> = Result<T, Error>;

impl From<rusqlite::Error> for Error {
    /// The meaning of an engine error.
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // The memory that readers and the writer share is a file too, and could not grow.
            _ if code == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Damaged(error.to_string())
    }
}
