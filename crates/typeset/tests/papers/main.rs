//! Papers as they are set: with the templates that ship, with the values that the pages and the cases give them.

mod common;
mod forms;
mod results;
mod wrong;
