//! The audit: searched, read, exported and examined by auditors.

mod entry;
mod event;
mod examine;
mod export;
mod filter;
mod search;

pub(super) use examine::examine;
pub(super) use export::export;
pub(super) use search::search;
