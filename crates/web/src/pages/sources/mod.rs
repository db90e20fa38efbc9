//! Sources of data: their health, their terms, the records that they could not deliver.

mod credits;
mod one;
mod summary;

pub(super) use credits::credits;
pub(super) use one::{settle, source};
pub(super) use summary::{health, sources};
