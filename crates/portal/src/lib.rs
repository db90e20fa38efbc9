//! Floor 5: links with the national public-service portal and systems like it.
//!
//! Pure: [`message`] draws the portal's messages from dossiers and reads them, [`codes`] says what a counterpart's lists call
//! what ours call otherwise, [`declared`] what was filled in on its forms, [`reply`] what its answers mean.
//!
//! One facade, [`Portal`]: it tells counterparts of dossiers (a cursor on the change feed marks those of which there is news;
//! each is told in the order of its steps, at least once), takes in what is filed there, and compares both sides day by day.
//! Nobody is called who is not in the configuration, and what leaves the house is in the audit before it does.

pub mod codes;
pub mod declared;
mod error;
mod facade;
pub mod message;
pub mod reply;

pub use error::Error;
pub use facade::{
    Arrival, ArrivalState, Arrivals, Day, Difference, Failed, Health, Link, LinkSettings, LinkState, Mapping,
    MappingList, Portal, Synced, Taken, Waiting,
};

#[cfg(test)]
mod tests;
