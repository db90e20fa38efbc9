//! Floor 0: what the graph is made of.
//!
//! Entities, attributes, values, geometry, time, identifiers, changes and the folding of Vietnamese text. Nothing here
//! does I/O, reads a clock or draws a random number: time and identifiers arrive as arguments or through
//! [`Clock`] and [`Ids`], so that everything above can be tested with a clock that stands still.
//!
//! Names follow ETSI GS CIM 009 (NGSI-LD). Inside the house every name is a full IRI ([`Term`]); short names exist
//! only at the edge, where an `@context` turns one into the other (crate `ngsild`).

pub mod admin;
mod attribute;
mod change;
mod entity;
pub mod fold;
pub mod geometry;
mod id;
mod ids;
mod scope;
mod tenant;
mod term;
mod time;

pub use attribute::{Attribute, Attributes, LanguageText, OneOrMany, Value};
pub use change::{AttributeChange, Change, ChangeKind};
pub use entity::Entity;
pub use geometry::{GeoValue, Geometry, GeometryError};
pub use id::{EntityId, IdError, Iri};
pub use ids::{Ids, SequentialIds};
pub use scope::{Scope, ScopeError};
pub use tenant::{Tenant, TenantError};
pub use term::Term;
pub use time::{Clock, ManualClock, TimeError, Timestamp};
