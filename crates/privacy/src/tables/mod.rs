//! The dated tables of the pack `privacy`.

mod deadlines;
mod purposes;

pub(crate) use deadlines::later;
pub use deadlines::{Deadlines, Edition, Sure, Unit};
pub use purposes::{Purpose, Purposes};

/// Why a table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct TableFault {
    /// Which file.
    pub file: &'static str,
    /// What is wrong with it.
    pub reason: String,
}
