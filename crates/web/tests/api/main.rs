//! NGSI-LD and the house's own API over HTTP, on a real graph in a temporary folder.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::cast_precision_loss, reason = "small numbers")]
#![expect(clippy::wrong_self_convention, reason = "a request comes from somewhere")]

mod access;
#[path = "../support/accounts.rs"]
mod accounts;
mod attacks;
mod attributes;
mod bad_input;
mod batch;
mod contexts;
mod discovery;
mod entities;
mod evolution;
mod forged;
mod house;
mod limits;
mod linked;
mod negotiation;
#[path = "../support/nowhere.rs"]
mod nowhere;
mod operations;
mod privacy;
mod province;
mod queries;
mod rate;
#[path = "../support/rules.rs"]
mod rules;
mod slow;
mod subscriptions;
mod tenants;
mod versions;
