//! Casework on a real graph, with the packs that ship.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod changes;
mod citizens;
mod counter;
mod counts;
mod dossiers;
mod house;
mod lists;
mod notices;
mod papers;
mod procedures;
mod prove;
mod rights;
mod tickets;
