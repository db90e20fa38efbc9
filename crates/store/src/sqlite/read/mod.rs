//! Reading. Every function here runs on a reader's connection, in one transaction, with bounded loops.

mod area;
mod audit;
mod changes;
mod conditions;
mod counts;
mod evolution;
mod fetch;
mod history;
mod linked;
mod links;
mod order;
mod plan;
mod query;
mod records;
mod search;
mod sieve;
mod source;
mod stats;
mod vault;
mod walk;

pub(super) use audit::{Trail, last_link, last_link_before, last_seal, link_at, seals};
pub(super) use fetch::Scene;
pub(super) use query::{listed_types, page_key};
pub(super) use vault::vault_place;
