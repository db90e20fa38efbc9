//! Units of the administration: entities of the graph, with dates.

mod change;
mod list;
mod one;
mod read;
mod write;

pub(super) use change::{change, make};
pub(super) use list::list;
pub(super) use one::one;
pub(super) use read::{Unit, all};
