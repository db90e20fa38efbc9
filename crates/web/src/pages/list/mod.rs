//! The list: everything that the map shows, as rows that can be sorted, filtered and paged through.

mod columns;
mod find;
mod page;
mod rows;

pub(super) use find::{Wanted, of_types};
pub(super) use page::list;
pub(super) use rows::{make, row, value_text};
