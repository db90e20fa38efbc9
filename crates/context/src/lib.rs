//! Floor 3: the one door to the graph.
//!
//! Every read and write goes through a [`Session`]: who asks, in which tenant, for what purpose. The door checks the
//! policy, validates against the type's schema, commits, and follows the change feed to deliver subscriptions. Nothing
//! above this crate can reach `store`; what they need of its vocabulary is exported here.

mod ambient;
pub mod outbound;
pub mod packs;
pub mod schema;

pub use ambient::{RandomIds, SystemClock};
mod subscriptions;
