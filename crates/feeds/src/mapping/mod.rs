//! Mapping: from records as sources write them to fragments of entities. Pure.
//!
//! A [`Mapper`] is compiled once from a definition; it then turns any [`Record`] into fragments or a [`Rejection`]
//! that names the field, the rule and the reason in both languages. It never panics, whatever a record holds, and
//! every text, list and number it makes is bounded.

mod attribute;
mod compile;
mod condition;
mod convert;
mod fault;
mod geometry;
mod mapped;
mod mapper;
mod number;
mod record;
mod template;
#[cfg(test)]
mod tests;
mod time;
mod units;
mod vocabulary;

pub use fault::{Fault, Rejection};
pub use mapped::Mapped;
pub use mapper::{Mapper, Mapping};
pub use record::{Position, Record, Replayed};
pub use units::{Unit, UnitError, convert as convert_unit, find as find_unit};
pub use vocabulary::Vocabulary;

pub(crate) use mapper::feed_id;
pub(crate) use record::scalar;
pub(crate) use template::{Template, urn};
pub(crate) use time::TimeRule;
