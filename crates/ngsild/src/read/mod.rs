//! JSON into the model: entities, fragments, patches, queries (clauses 4.5, 4.6, 5.2 and 5.5.4).
//!
//! One reader serves every write. It reads each attribute instance as an [`AttributePatch`](crate::mutation::AttributePatch)
//! – normalized, concise and, where asked for, simplified – and a whole attribute is a patch that lacks nothing. What may
//! stand in for "nothing" (`urn:ngsi-ld:null`) is told by the operation, see [`Nulls`].

mod attribute;
mod batch;
mod entity;
mod error;
mod evolution;
mod feature;
mod fragment;
mod json;
mod members;
mod query;

mod simplified;
mod text;
mod value;

use dinh_model::Timestamp;

use crate::context::Context;

pub use batch::batch;
pub use entity::entity;
pub use error::ReadError;
pub use evolution::{EvolutionRequest, evolution, record};
pub use feature::feature;
pub use fragment::{Identified, append_fragment, attribute, attribute_patch, entity_patch, update_fragment};
pub use json::json;
pub use query::{QueryRequest, query};

pub use text::{dataset_ids, entity_id, instant};

/// In which representation attributes are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Normalized or concise, attribute by attribute (clauses 4.5.2 and 4.5.3).
    #[default]
    Full,
    /// Simplified, also called keyValues (clause 4.5.4).
    Simplified,
}

/// Where `urn:ngsi-ld:null` may stand (clause 5.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// Nowhere.
    Refused,
    /// In the place of an attribute or of a member of one.
    Members,
    /// There, and inside JSON values and language maps too.
    Anywhere,
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Expands short names.
    pub context: &'a Context,
    /// Becomes `createdAt` and `modifiedAt` of what is read.
    pub now: Timestamp,
    /// In which representation attributes are given.
    pub format: Format,
}

impl<'a> Reader<'a> {
    /// Reads normalized and concise attributes.
    pub fn new(context: &'a Context, now: Timestamp) -> Self {
        Self { context, now, format: Format::Full }
    }

    /// The same for simplified attributes.
    #[must_use]
    pub fn simplified(mut self) -> Self {
        self.format = Format::Simplified;
        self
    }
}
