//! Procedures of the national list, brought into the graph: by command, when a server starts, from the lists that the pack
//! `procedures` ships, and day by day from the counterparts that the configuration names for it.

mod import;
mod lists;
mod refresh;
#[cfg(test)]
mod tests;

pub(crate) use import::{Imported, Taken, import};
pub(crate) use lists::{PACK, events, keep_up};
pub(crate) use refresh::keep_fresh;
