//! Procedures of the national list, brought into the graph: by command, and when a server starts, from the lists that the
//! pack `procedures` ships.

mod import;
mod lists;
#[cfg(test)]
mod tests;

pub(crate) use import::{Imported, Taken, import};
pub(crate) use lists::{PACK, events, keep_up};
