//! Cards, from outside: real store with its vault, real policies, the packs that ship.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod house;
mod lists;
mod lives;
mod print;
mod uses;
mod wallets;
