//! Why the audit cannot be sealed or checked.

use std::path::{Path, PathBuf};

/// Why the audit cannot be sealed or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A file does not hold a key.
    #[error("{} does not hold an Ed25519 key (PKCS #8 or SubjectPublicKeyInfo, PEM)", .0.display())]
    NotAKey(PathBuf),
    /// Others than its owner may read the key.
    #[error("{} may be read by others; make it readable by its owner only (chmod 600)", .0.display())]
    OpenKey(PathBuf),
    /// The time-stamp server did not give what it was asked for.
    #[error("the time-stamp server {0}")]
    Stamp(String),
    /// The calendar has no such day.
    #[error("the calendar has no such day: {0}")]
    Calendar(String),
}

impl Error {
    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), reason: error.to_string() }
    }
}
