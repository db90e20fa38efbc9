//! Floor 3: the one door to the graph.
//!
//! Every read and write goes through a [`Session`]: who asks, in which tenant, for what purpose. The door checks the
//! policy, validates against the type's schema, commits, and follows the change feed to deliver subscriptions. Nothing
//! above this crate can reach `store`; what they need of its vocabulary is exported here.

mod ambient;
pub mod audit;
mod door;
mod error;
pub mod fields;
mod guard;
pub mod ldcontext;
pub mod outbound;
mod owner;
pub mod packs;
pub mod privacy;
pub mod registrations;
pub mod schema;
mod session;
pub mod snapshots;
mod stirred;
pub mod subscriptions;
mod units;

pub use ambient::{RandomIds, SystemClock, SystemRandomness, fresh_seed};
pub use door::{AccessSettings, Context, FeedReader, Settings};
pub use error::Error;
pub use owner::{Directory, Halt};
pub use session::{AboutOneself, Erased, Explained, File, Kept, NewFile, Session, Why};
pub use stirred::{Stir, Stirred};

/// What the store says and is told, for those who may not reach it.
pub mod graph {
    pub use dinh_store::Error as StoreError;
    pub use dinh_store::{
        Act, Area, AreaQuery, AttributeCount, AuditOrder, AuditPage, AuditQuery, Bounds, Commit, Done,
        DoneKind, Entry, EvolutionPage, EvolutionQuery, GridCell, History, HistoryPosition, HistoryQuery,
        Hit, KeptSeal, Note, Op, OpError, Options, Origin, Page, Receipt, Record, Recorded, Referrer, Report,
        Series, Stats, Stored, Subject, TypeCount, UpsertMode, VaultOptions, What, Written, hex,
    };
}

use guard::{SchemaGuard, SchemaPast};
