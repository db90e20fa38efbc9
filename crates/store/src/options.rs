//! How a store is kept. Every bound of the store is here, with its default.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::{AttributeChange, Entity};

use crate::{Past, VaultOptions};

/// A rule of the owner's that every entity keeps, asked by the writer inside the commit, where the entity is known as
/// it will stand. It must be quick and do no I/O.
pub trait Guard: Debug + Send + Sync {
    /// Refuses an entity, in a whole sentence, for what has changed of it. `created` is true for a new one.
    fn check(&self, after: &Entity, changes: &[AttributeChange], created: bool) -> Result<(), String>;
}

/// Sizes, bounds and retention of a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reading, and so the reads that run at the same time.
    pub readers: usize,
    /// Reads that may wait for a connection.
    pub read_queue: usize,
    /// Commits that may wait for the writer.
    pub write_queue: usize,
    /// Bytes of commits that may wait for the writer.
    pub write_queue_bytes: usize,
    /// How long a commit waits for a place in the queue before it is refused.
    pub queue_wait: Duration,
    /// Most operations in one commit.
    pub max_commit_ops: usize,
    /// Largest commit, in bytes.
    pub max_commit_bytes: usize,
    /// Largest entity in its stored form, in bytes.
    pub max_entity_bytes: usize,
    /// Most operations that share one transaction.
    pub group_ops: usize,
    /// Most bytes that share one transaction.
    pub group_bytes: usize,
    /// How long further commits may join a transaction.
    pub group_time: Duration,
    /// Memory for entities that the writer keeps decoded, in bytes.
    pub entity_cache_bytes: usize,
    /// Memory for entities that were read lately, kept decoded, in bytes.
    pub recall_bytes: usize,
    /// Recent changes kept in memory for live consumers.
    pub ring_length: usize,
    /// Memory for recent changes, in bytes.
    pub ring_bytes: usize,
    /// Database page cache of the writer, in KiB.
    pub writer_cache_kib: usize,
    /// Database page cache of each reader, in KiB.
    pub reader_cache_kib: usize,
    /// Write-ahead log size, in pages, from which it is copied into the database.
    pub checkpoint_pages: usize,
    /// Largest size of the database, in bytes; `None` for what the disk holds.
    pub max_bytes: Option<u64>,
    /// Entities that one query may look at.
    pub scan_budget: usize,
    /// Largest offset of a query.
    pub max_offset: usize,
    /// Largest page of any answer: entities, observations, records, changes.
    pub max_page: usize,
    /// How long observations stay in the hot history, by the time of observation; `None` for ever.
    pub history_keep: Option<Duration>,
    /// How long changes stay in the feed. Changes that a cursor has not passed stay longer, up to `feed_max`.
    pub feed_keep: Duration,
    /// Most changes in the feed, whatever the cursors say.
    pub feed_max: u64,
    /// How long idempotency keys are remembered.
    pub key_keep: Duration,
    /// How often the writer, while it is idle, does a bounded step of housekeeping.
    pub housekeeping: Duration,
    /// The rule that every written entity must keep.
    pub guard: Option<Arc<dyn Guard>>,
    /// Of which types every change is kept; without it, what was observed alone.
    pub past: Option<Arc<dyn Past>>,
    /// Where the keys are that personal data is sealed with; without them nothing is sealed.
    pub vault: Option<VaultOptions>,
}

const MIB: usize = 1 << 20;
const DAY: Duration = Duration::from_hours(24);

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            read_queue: 1024,
            write_queue: 1024,
            write_queue_bytes: 64 * MIB,
            queue_wait: Duration::from_secs(10),
            max_commit_ops: 10_000,
            max_commit_bytes: 64 * MIB,
            max_entity_bytes: 8 * MIB,
            group_ops: 8192,
            group_bytes: 32 * MIB,
            group_time: Duration::from_millis(5),
            entity_cache_bytes: 64 * MIB,
            recall_bytes: 64 * MIB,
            ring_length: 4096,
            ring_bytes: 16 * MIB,
            writer_cache_kib: 32 * 1024,
            reader_cache_kib: 8 * 1024,
            checkpoint_pages: 4096,
            max_bytes: None,
            scan_budget: 250_000,
            max_offset: 100_000,
            max_page: 10_000,
            history_keep: Some(DAY * 3650),
            feed_keep: DAY * 7,
            feed_max: 20_000_000,
            key_keep: DAY,
            housekeeping: Duration::from_secs(1),
            guard: None,
            past: None,
            vault: None,
        }
    }
}
