//! The evolution of entities over time (clauses 4.5.6–4.5.9, 4.5.19 and 4.11): what a question about it asks, what a
//! change of it says, and how the answer is written. Keeping history is the store's work.

mod aggregate;
mod name;
mod query;
mod scope;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use dinh_model::{Attribute, EntityId, OneOrMany, Scope, Term, Timestamp, Value};

use crate::query::DatasetId;
use crate::vocabulary::NULL;

pub use aggregate::{Aggregated, Aggregation, AggregationError, Aggregator, InPeriod, Method, Period};
pub use name::InstanceName;
pub use query::{TemporalQuery, TimeProperty, TimeRelation};
pub use scope::{scope_instance, scopes_in, scopes_of};
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

    /// True if its value says that there was none (clauses 4.5.7 and 4.5.8).
    pub fn says_nothing(&self) -> bool {
        let null = |text: &str| text == NULL;
        match &self.attribute.value {
            Value::Property(json) | Value::Json(json) => json.as_str().is_some_and(null),
            Value::Relationship { object, .. } => object.as_slice().iter().any(|id| null(id.as_str())),
            Value::ListRelationship { objects, .. } => objects.iter().any(|id| null(id.as_str())),
            Value::Language(texts) => texts.values().flat_map(OneOrMany::as_slice).any(|text| null(text)),
            Value::Vocab(terms) => terms.as_slice().iter().any(|term| null(term.as_str())),
            Value::List(items) => items.iter().any(|item| item.as_str().is_some_and(null)),
            Value::Geo(_) => false,
        }
    }

    /// The instant that a time property has in this record.
    pub fn time(&self, property: TimeProperty) -> Option<Timestamp> {
        match property {
            TimeProperty::ObservedAt => self.attribute.observed_at.filter(|_| self.deleted_at.is_none()),
            TimeProperty::CreatedAt => Some(self.attribute.created_at).filter(|_| self.deleted_at.is_none()),
            TimeProperty::ModifiedAt => {
                Some(self.attribute.modified_at).filter(|_| self.deleted_at.is_none())
            }
            TimeProperty::DeletedAt => self.deleted_at,
        }
    }

    /// The instant that a time property has in this record, or else the nearest to it that the record has: for order.
    pub fn moment(&self, property: TimeProperty) -> Timestamp {
        let nearest = self.deleted_at.or(self.attribute.observed_at).unwrap_or(self.attribute.modified_at);
        self.time(property).unwrap_or(nearest)
    }
}

/// Records by attribute name.
pub type Records = BTreeMap<Term, Vec<TemporalInstance>>;

/// The evolution of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct TemporalEntity {
    /// Its URI.
    pub id: EntityId,
    /// Its types.
    pub types: Vec<Term>,
    /// Its scopes, where they never changed; their evolution stands among the attributes otherwise.
    pub scopes: Vec<Scope>,
    /// When it entered the graph.
    pub created_at: Timestamp,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// When it left the graph.
    pub deleted_at: Option<Timestamp>,
    /// Records by attribute name, oldest first.
    pub attributes: Records,
    /// What the records come to, where that was asked for instead of them.
    pub aggregated: BTreeMap<Term, Vec<Aggregated>>,
}

/// A change of what is kept of the past of an entity (clauses 5.6.11–5.6.16).
#[derive(Clone, Debug, PartialEq)]
pub enum Evolution {
    /// Records are added; one made at the same instant as an earlier one takes its place.
    Add {
        /// Types that the entity gets besides those that it has.
        types: Vec<Term>,
        /// Its scopes, told without a time.
        scopes: Option<Vec<Scope>>,
        /// What is added. The evolution of the scope stands under its name.
        records: Records,
        /// When an entity that is created vanishes by itself.
        expires_at: Option<Timestamp>,
        /// Whether an entity that nobody knows is created.
        create: bool,
    },
    /// One record is replaced (clause 5.6.14).
    Modify {
        /// Of which attribute.
        name: Term,
        /// Which record.
        instance: String,
        /// What it says from now on.
        attribute: Box<Attribute>,
    },
    /// One record goes (clause 5.6.15).
    Remove {
        /// Of which attribute.
        name: Term,
        /// Which record.
        instance: String,
    },
    /// All records of an attribute go, or those of one data set (clause 5.6.13).
    RemoveAttribute {
        /// Which attribute.
        name: Term,
        /// Which data set.
        dataset_id: DatasetId,
        /// Every data set, whatever `dataset_id` says.
        all: bool,
    },
    /// All records go (clause 5.6.16).
    End,
}
