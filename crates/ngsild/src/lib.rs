//! Floor 1: the language of the house, ETSI GS CIM 009 (NGSI-LD) v1.8. Pure: no I/O, no clock, no randomness.
//!
//! * [`context`] turns short names into full IRIs and back;
//! * [`read`] turns JSON into entities, fragments, queries and subscriptions, and says what is wrong with it;
//! * [`query`] holds the query languages: conditions, type selection, scopes, geography, ordering, projection;
//! * [`mutation`] says what a write does to an entity and which changes that makes;
//! * [`write`] turns entities into JSON in every representation;
//! * [`subscription`] holds subscriptions and notifications, [`temporal`] the evolution of entities over time;
//! * [`linked`] puts entities that are linked into answers;
//! * [`registration`] holds registrations of other sources;
//! * [`snapshot`] holds snapshots of what queries found;
//! * [`problem`] holds errors as the API tells them.

pub mod bounds;
pub mod context;
mod kind;
pub mod linked;
pub mod mutation;
pub mod names;
pub mod problem;
pub mod query;
pub mod read;
pub mod registration;
pub mod snapshot;
pub mod subscription;
pub mod temporal;
pub mod vocabulary;
pub mod write;

pub use kind::AttributeKind;

#[cfg(test)]
mod tests;
