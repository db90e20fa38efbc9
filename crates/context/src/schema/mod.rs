//! Types: what the packs say about the entities of each type.
//!
//! A type says once what its attributes are called in both languages, in which unit they are kept, which are personal,
//! indexed or searched, which values make sense, and how long the law asks to keep its entities ([`crate::privacy`]). Validation, masks, forms, legends and publication all read it
//! here. Types that no pack describes are let pass: the graph is open.

mod attribute;
mod registry;
mod rule;
mod r#type;

pub use attribute::{AttributeType, Unit};
pub use dinh_access::Privacy;
pub use registry::{Registry, Violation};
pub use rule::Rule;
pub use r#type::EntityType;
