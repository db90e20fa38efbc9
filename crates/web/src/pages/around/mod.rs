//! "Quanh tôi": what is near a place, for everybody, without scripts.

mod near;
mod page;
mod place;

pub(super) use page::around;
