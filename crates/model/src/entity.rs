//! Entities.

use serde::{Deserialize, Serialize};

use crate::{Attribute, Attributes, EntityId, GeoValue, Scope, Term, Timestamp, Value};

/// One thing in the graph, with every name as a full IRI. The serde form is the stored form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its URI.
    #[serde(rename = "i")]
    pub id: EntityId,
    /// Its types, at least one, without repeats, in the order given.
    #[serde(rename = "t")]
    pub types: Vec<Term>,
    /// Its scopes.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// When it entered the graph.
    #[serde(rename = "c")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(rename = "m")]
    pub modified_at: Timestamp,
    /// What is known of it.
    #[serde(rename = "a")]
    pub attributes: Attributes,
}

impl Entity {
    /// An entity of one type without attributes.
    pub fn new(id: EntityId, entity_type: Term, at: Timestamp) -> Self {
        Self {
            id,
            types: vec![entity_type],
            scopes: Vec::new(),
            created_at: at,
            modified_at: at,
            attributes: Attributes::new(),
        }
    }

    /// Adds or replaces the instance of `name` with the same `datasetId`.
    pub fn set(&mut self, name: Term, attribute: Attribute) {
        let instances = self.attributes.entry(name).or_default();
        match instances.iter_mut().find(|old| old.dataset_id == attribute.dataset_id) {
            Some(old) => *old = attribute,
            None => instances.push(attribute),
        }
    }

    /// The default instance of an attribute, or else its first one.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let instances = self.attributes.get(name)?;
        instances.iter().find(|a| a.dataset_id.is_none()).or_else(|| instances.first())
    }

    /// The geometry of a `GeoProperty`.
    pub fn geometry(&self, name: &str) -> Option<&GeoValue> {
        match &self.attribute(name)?.value {
            Value::Geo(geometry) => Some(geometry),
            _ => None,
        }
    }

    /// True if one of the types is `entity_type`.
    pub fn is_a(&self, entity_type: &str) -> bool {
        self.types.iter().any(|t| t.as_str() == entity_type)
    }
}
