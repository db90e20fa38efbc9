//! Sessions: a browser that has signed in.

mod cache;
mod record;
mod tickets;
mod token;

pub(crate) use cache::{Acts, Cache, Known, Live};
pub use record::SessionRecord;
pub(crate) use record::{LATELY_MINUTES, MINUTE, Shown, prefix_of};
pub(crate) use tickets::Tickets;
pub(crate) use token::Token;
