//! The facade against a portal that insists on its rules, with the packs that ship.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arrive;
mod compare;
mod declared;
mod house;
mod list;
mod tell;
