//! SQLite as the engine of a store: one file for all tenants, a write-ahead log that reaches the disk before a commit
//! is acknowledged, one thread that writes and a pool of connections that read.

mod audits;
mod backup;
mod bind;
mod blobs;
mod checkpoint;
mod connect;
mod engine;
mod failure;
mod lock;
mod migrate;
mod pages;
mod pool;
mod queue;
mod read;
mod reads;
mod recall;
mod shared;
mod verify;
mod wanted;
mod writer;

pub(crate) use audits::TrailFile;
pub(crate) use backup::{copy_from, restore};
pub(crate) use engine::Engine;

/// Name and version of the engine.
pub(crate) fn name() -> String {
    format!("SQLite {}", rusqlite::version())
}
