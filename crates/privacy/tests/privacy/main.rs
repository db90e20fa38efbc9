//! Privacy, from outside: real store, real policies, the packs that ship.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod consents;
mod holdings;
mod house;
mod requests;
