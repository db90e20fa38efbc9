//! The door, from outside: real store, real HTTP endpoints.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::float_cmp, reason = "levels come back exactly as they were sent")]

mod access;
mod audit;
mod contexts;
mod erasure;
mod explain;
mod files;
mod house;
mod receiver;
mod rules;
mod schema;
mod send_again;
mod snapshots;
mod stamps;
mod subscriptions;
