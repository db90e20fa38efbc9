//! Why the store cannot do something.

use std::path::{Path, PathBuf};

use dinh_ngsild::mutation::MutationError;
use serde::{Deserialize, Serialize};

/// Why a call failed as a whole. Nothing of a write that failed so was kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the directory open.
    #[error("the store in {} is in use by another process; stop it first", .0.display())]
    InUse(PathBuf),
    /// The store was written by a newer program.
    #[error(
        "the store has schema {found}, but this program knows schemas up to {known}; use the program that wrote it, or a newer one"
    )]
    Newer {
        /// Schema of the store.
        found: u32,
        /// Newest schema that this program knows.
        known: u32,
    },
    /// No room on the disk, or the store has reached [`crate::Options::max_bytes`].
    #[error("there is no room left for the store; nothing of this write was kept; make room and try again")]
    DiskFull,
    /// What is on the disk is not what was written.
    #[error("the store is damaged: {0}; run verify, and restore a backup if it finds faults")]
    Damaged(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Too much is waiting.
    #[error("too many {what} are waiting for the store (the bound is {bound}); try again shortly")]
    Busy {
        /// What waits.
        what: &'static str,
        /// How many may wait.
        bound: usize,
    },
    /// One commit or one answer would be too large.
    #[error("{what} of {found} is too large; the bound is {bound}")]
    TooLarge {
        /// What is too large, with its unit.
        what: &'static str,
        /// Its size.
        found: usize,
        /// The largest allowed.
        bound: usize,
    },
    /// A query would look at too many entities.
    #[error(
        "{what} goes beyond the bound of {bound}; narrow it by type, an indexed attribute, an area or identifiers"
    )]
    TooComplex {
        /// What goes beyond.
        what: &'static str,
        /// The bound.
        bound: usize,
    },
    /// The idempotency key was used for something else.
    #[error("the idempotency key {0:?} was used for another request; use a new key for a new request")]
    KeyReused(String),
    /// The feed no longer goes back so far.
    #[error("the change feed begins at {first}; what was before has been trimmed; read the entities anew")]
    Trimmed {
        /// Oldest change kept.
        first: u64,
    },
    /// The argument cannot be what it is.
    #[error("{0}")]
    Invalid(String),
    /// The master key is not the one that the keys were made with.
    #[error("the master key does not open the keys in {}; use the one that they were made with", .0.display())]
    WrongMaster(PathBuf),
    /// Personal data is sealed, and nobody said where the keys are.
    #[error("the store holds sealed personal data; open it with the folder of its keys")]
    NoVault,
    /// The keys do not go with the store.
    #[error(
        "the keys in {} belong to another store or are older than this one; bring back the newest folder of keys that \
         goes with it",
        .0.display()
    )]
    OtherVault(PathBuf),
    /// Something outside the database: a file, a directory.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The database engine refused for a reason of its own.
    #[error("the database engine failed: {0}")]
    Engine(String),
}

impl Error {
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::DiskFull;
        }
        Self::File { path: path.to_owned(), reason: error.to_string() }
    }
}

/// The result of store calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why one operation of a commit was not done. Nothing of that operation was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum OpError {
    /// There is no such entity, or it has other types than asked for.
    #[error("there is no such entity")]
    NotFound,
    /// There is such an entity already.
    #[error("the entity exists already")]
    AlreadyExists,
    /// The entity has another version than expected.
    #[error("the entity has version {found}, not the expected one: somebody changed it in between")]
    VersionConflict {
        /// Its version.
        found: u64,
    },
    /// The mutation does not fit the entity.
    #[error(transparent)]
    Mutation(#[from] MutationError),
    /// The entity would become too large.
    #[error("the entity would take {found} bytes; the bound is {bound}")]
    TooLarge {
        /// Its size in bytes in the store.
        found: usize,
        /// The largest allowed.
        bound: usize,
    },
    /// The owner's rule ([`crate::Guard`]) refuses the entity.
    #[error("{0}")]
    Guarded(String),
    /// The entity nests too deep, or the store knows too many names.
    #[error("{0}")]
    Refused(String),
    /// The policy does not let this account change this.
    #[error("{0}")]
    Denied(String),
    /// There is no such record or cursor.
    #[error("there is no such record")]
    NoRecord,
    /// Numbers are added to a record that holds something else, or would leave the range of numbers.
    #[error("the record is no object of whole numbers to which that could be added")]
    NoTally,
    /// A cursor cannot be ahead of the feed.
    #[error("the feed ends at {head}; a cursor cannot be ahead of it")]
    AheadOfFeed {
        /// Last change in the feed.
        head: u64,
    },
    /// Another operation of the same atomic commit failed.
    #[error("not done, because another operation of the same commit failed")]
    Undone,
}
