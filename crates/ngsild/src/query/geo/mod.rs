//! Geographic conditions (clause 4.10).

mod distance;
pub(super) mod parse;
mod relation;

pub use distance::metres_between;
pub use relation::{Distance, GeoQuery, GeoRelation};
