//! Floor 2: keeps the graph.
//!
//! A [`Store`] holds the entities of all tenants, their indexes and exact counts, their history, the numbered feed of
//! changes, and the program's own small records, durably and in step: a [`Commit`] becomes true as a whole, together
//! with its changes in the feed, before it is acknowledged. The handle hides the engine (today SQLite, in the directory
//! `sqlite`); nothing in its signatures knows which one it is, and the contract tests speak through the handle alone.
//! Every call takes a grant of `dinh_access` as the evidence that the door has decided.
//!
//! * **Writing.** One writer takes commits from a bounded queue and writes them in groups, one transaction and one
//!   wait for the disk for each group. Operations of a commit succeed or fail one by one, or all together if it is
//!   atomic. An idempotency key makes a repeated request harmless.
//! * **Reading.** A pool of connections, each read one moment of the graph. The planner takes the cheapest index that
//!   surely holds every match, and each candidate is checked against the whole query, so an index may be coarse but
//!   never wrong. What would take too long is refused by name of its bound.
//! * **Order.** Without an order asked for, entities come in the order in which they entered the store. It costs
//!   nothing, where an order by identifier would mean sorting every match; pages keep their place while new entities
//!   arrive; and [`Stored::place`] lets a reader go on where it was.
//! * **The feed.** Numbered from 1 without gaps across all tenants. Recent changes stay in memory with the entities
//!   after them, so live consumers never touch the disk.
//! * **History.** Every attribute instance that says when it was observed; of the types that [`Past`] names every change
//!   and deletion besides. It outlives its entity, and can be added to, corrected and taken away with [`Op::Evolve`]. An
//!   observation does not hold the number of its change: the feed is kept for days and history for years.
//! * **What vanishes.** Entities and instances with an expiry are never read after it, and are taken away soon after, with
//!   a change in the feed like any other deletion.
//! * **The audit.** Every commit leaves an entry of who did what in a chain of hashes, written in its own transaction;
//!   what changes no entity is noted with [`Op::Note`] or [`Store::note`].
//! * **Sealed.** What the types mark as personal is kept as cipher text, under keys outside the store; destroying the keys
//!   of somebody's data erases it wherever it was copied to.
//! * **Trust, and check.** [`Store::verify`] compares every index row, counter, word, series and change with the
//!   entities, both ways, while the store is used.

mod audit;
mod blobs;
mod cells;
mod codec;
mod commit;
mod erasure;
mod error;
mod facets;
mod feed;
mod fingerprint;
mod history;
mod names;
mod options;
mod plan;
mod query;
mod reading;
mod report;
mod spec;
mod sqlite;
mod store;
mod text;
mod trail;
mod vault;
mod weight;
mod written;

pub use audit::{
    Act, AuditOrder, AuditPage, AuditQuery, AuditReport, Break, Changes, Did, Digest, Entry, KeptSeal, Link,
    Note, OnRecord, Origin, Seal, SealError, Subject, Touched, What, hex,
};
pub use commit::{Commit, Done, DoneKind, Op, Receipt, UpsertMode};
pub use erasure::Erasure;
pub use error::{Error, OpError, Result};
pub use feed::Recorded;
pub use history::Past;
pub use options::{Guard, Options};
pub use query::{
    Area, AreaQuery, AttributeCount, Bounds, Cursor, EvolutionPage, EvolutionQuery, GridCell, History,
    HistoryPosition, HistoryQuery, Hit, Page, Record, Referrer, Series, Stats, Stored, TypeCount,
};
pub use report::{Check, FAULTS_TOLD, Report};
pub use spec::IndexSpec;
pub use store::Store;
pub use trail::AuditTrail;
pub use vault::{Marks, NoRandomness, Randomness, VaultOptions};
pub use written::Written;
