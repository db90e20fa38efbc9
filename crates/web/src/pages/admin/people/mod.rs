//! Accounts of people, devices and systems.

mod change;
mod list;
mod one;
mod open;
mod rights;
mod rows;

pub(super) use change::change;
pub(super) use list::{list, roles};
pub(super) use one::one;
pub(super) use open::open;
