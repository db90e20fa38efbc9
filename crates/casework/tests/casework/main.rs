//! Casework on a real graph, with the packs that ship.

mod counts;
mod dossiers;
mod house;
mod notices;
mod rights;
