//! The query languages of CIM 009: conditions (clause 4.9), geography (4.10), types (4.17), scopes (4.19), projection
//! (4.21) and ordering (4.23). Each is parsed into a tree that matches entities exactly and that a store can read to
//! plan with.

mod cursor;
mod entity_query;
mod error;
mod eval;
mod geo;
mod linked;
mod literal;
mod order;
mod order_parse;
mod parse;
mod pattern;
mod print;
mod projection;
mod q;
mod scope;
mod types;

pub use entity_query::{DatasetId, EntityQuery, EntitySelector};
pub use error::QueryError;
pub use geo::{Distance, GeoQuery, GeoRelation, metres_between};
pub use linked::Behind;
pub use literal::Literal;
pub use order::{Direction, OrderKey, OrderSubject, compare};
pub use pattern::{IdPattern, Pattern};
pub use projection::Projection;
pub use q::{Link, Op, Operand, Path, Q};
pub use scope::{ScopeExpr, ScopeLevel, ScopePattern};
pub use types::TypeExpr;
