//! What one caller may ask: so much a second, so much at once. Who asks too much is told when to come back, and others
//! do not notice.

mod book;
mod bucket;
mod pass;

pub(super) use book::Book;
pub(crate) use book::Spender;
pub(super) use pass::pass;
