//! The evolution of entities over time (clauses 4.5.6–4.5.9 and 4.11): what a question about it asks, and how the
//! answer is written. Keeping history is the store's work; aggregation joins when history moves to the lake.

mod query;
mod write;

use std::collections::BTreeMap;

use dinh_model::{Attribute, EntityId, Term, Timestamp};

pub use query::{TemporalQuery, TimeProperty, TimeRelation};
pub use write::TemporalFormat;

/// One attribute instance at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct TemporalInstance {
    /// The instance as it was from then on.
    pub attribute: Attribute,
    /// When the instance was deleted: its value is then the last one it had, and is written as nothing.
    pub deleted_at: Option<Timestamp>,
    /// The URI of this record, if it has one.
    pub instance_id: Option<String>,
}

impl TemporalInstance {
    /// A record of an instance that is alive.
    pub fn new(attribute: Attribute) -> Self {
        Self { attribute, deleted_at: None, instance_id: None }
    }

    /// The instant that a time property has in this record.
    pub fn time(&self, property: TimeProperty) -> Option<Timestamp> {
        match property {
            TimeProperty::ObservedAt => self.attribute.observed_at.filter(|_| self.deleted_at.is_none()),
            TimeProperty::CreatedAt => Some(self.attribute.created_at),
            TimeProperty::ModifiedAt => Some(self.deleted_at.unwrap_or(self.attribute.modified_at)),
            TimeProperty::DeletedAt => self.deleted_at,
        }
    }
}

/// The evolution of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct TemporalEntity {
    /// Its URI.
    pub id: EntityId,
    /// Its types.
    pub types: Vec<Term>,
    /// Records by attribute name, oldest first.
    pub attributes: BTreeMap<Term, Vec<TemporalInstance>>,
}
