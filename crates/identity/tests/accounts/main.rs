//! Accounts, from outside: real store, real policies, a clock that moves when told.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod by_card;
mod directory;
mod factors;
mod house;
mod keys;
mod leaving;
mod office;
mod oidc;
mod oidc_apart;
mod passkeys;
mod passwords;
mod provider;
mod sessions;
mod set_up;
mod speed;
