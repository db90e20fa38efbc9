//! Casework on a real graph, with the packs that ship.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod citizens;
mod counts;
mod dossiers;
mod house;
mod lists;
mod notices;
mod procedures;
mod rights;
