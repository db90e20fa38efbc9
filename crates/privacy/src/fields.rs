//! Attributes of the entities of this crate, written and read.

use dinh_access::Mask;
use dinh_model::{Attribute, Attributes, Entity, EntityId, Iri, OneOrMany, Timestamp, Value};
use serde_json::Value as Json;

use crate::Error;
use crate::names::Names;

/// Collects attributes.
pub(crate) struct Fields<'n> {
    names: &'n Names,
    now: Timestamp,
    pub(crate) attributes: Attributes,
}

impl<'n> Fields<'n> {
    pub(crate) fn new(names: &'n Names, now: Timestamp) -> Self {
        Self { names, now, attributes: Attributes::new() }
    }

    /// A property.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        let attribute = Attribute::new(Value::Property(value.into()), self.now);
        self.attributes.insert(self.names.of(name), vec![attribute]);
        self
    }

    /// A relationship.
    #[must_use]
    pub(crate) fn to(mut self, name: &str, to: &EntityId) -> Self {
        let value = Value::Relationship { object: OneOrMany::One(to.clone()), object_type: Vec::new() };
        self.attributes.insert(self.names.of(name), vec![Attribute::new(value, self.now)]);
        self
    }
}

/// Reads attributes of an entity.
pub(crate) struct Reading<'a> {
    pub(crate) names: &'a Names,
    pub(crate) entity: &'a Entity,
}

impl Reading<'_> {
    pub(crate) fn json(&self, name: &str) -> Option<&Json> {
        match &self.entity.attribute(self.names.of(name).as_str())?.value {
            Value::Property(json) => Some(json),
            _ => None,
        }
    }

    /// A text; none if it is missing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.json(name)?.as_str()
    }

    /// A text that may be masked; none if it is, or is missing.
    pub(crate) fn open_text(&self, name: &str) -> Option<String> {
        let attribute = self.entity.attribute(self.names.of(name).as_str())?;
        if Mask::covers(attribute) { None } else { self.text(name).map(str::to_owned) }
    }

    /// Something that must be there and be read so.
    pub(crate) fn must<T>(
        &self,
        field: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        self.text(field).and_then(read).ok_or_else(|| self.damaged(field))
    }

    /// Where a relationship leads.
    pub(crate) fn object(&self, name: &str) -> Option<Iri> {
        match &self.entity.attribute(self.names.of(name).as_str())?.value {
            Value::Relationship { object, .. } => object.as_slice().first().cloned(),
            _ => None,
        }
    }

    pub(crate) fn damaged(&self, field: &'static str) -> Error {
        Error::Damaged { id: self.entity.id.clone(), field }
    }
}
