//! Geographic conditions (clause 4.10).

mod distance;
mod relation;

pub use distance::metres_between;
pub use relation::{Distance, GeoQuery, GeoRelation};
