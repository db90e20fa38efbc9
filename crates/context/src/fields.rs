//! Attributes of the entities that a part of the program keeps, written and read by their short names.

use std::collections::BTreeMap;

use dinh_access::Mask;
use dinh_model::{Attribute, Attributes, Entity, EntityId, Iri, OneOrMany, Term, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use serde_json::Value as Json;

/// Full names for short ones, in NGSI-LD's default vocabulary. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Names(LdContext);

impl Default for Names {
    fn default() -> Self {
        Self(LdContext::core())
    }
}

impl Names {
    /// The full name of a type or an attribute.
    pub fn of(&self, name: &str) -> Term {
        self.0.expand(name)
    }
}

/// Something that is kept in another form than its type says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {field} cannot be read")]
pub struct Damaged {
    /// Of which entity.
    pub id: EntityId,
    /// Which attribute.
    pub field: &'static str,
}

/// Collects attributes.
#[derive(Clone, Debug)]
pub struct Fields {
    names: Names,
    now: Timestamp,
    /// What was collected.
    pub attributes: Attributes,
    gone: Vec<Term>,
}

impl Fields {
    /// None yet; all of them written now.
    pub fn new(names: &Names, now: Timestamp) -> Self {
        Self { names: names.clone(), now, attributes: Attributes::new(), gone: Vec::new() }
    }

    /// A property.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        let attribute = Attribute::new(Value::Property(value.into()), self.now);
        self.attributes.insert(self.names.of(name), vec![attribute]);
        self
    }

    /// A property that may be there or not. If it is not, a change takes it away.
    #[must_use]
    pub fn maybe(mut self, name: &str, value: Option<impl Into<Json>>) -> Self {
        if let Some(value) = value {
            return self.with(name, value);
        }
        self.gone.push(self.names.of(name));
        self
    }

    /// A relationship.
    #[must_use]
    pub fn to(self, name: &str, to: &EntityId) -> Self {
        self.linked(name, OneOrMany::One(to.clone()))
    }

    /// A relationship that may lead to any number of entities. If it leads to none, a change takes it away.
    #[must_use]
    pub fn to_each(mut self, name: &str, to: &[EntityId]) -> Self {
        match to {
            [] => {
                self.gone.push(self.names.of(name));
                self
            }
            [one] => self.to(name, one),
            many => self.linked(name, OneOrMany::Many(many.to_vec())),
        }
    }

    fn linked(mut self, name: &str, object: OneOrMany<Iri>) -> Self {
        let value = Value::Relationship { object, object_type: Vec::new() };
        self.attributes.insert(self.names.of(name), vec![Attribute::new(value, self.now)]);
        self
    }

    /// The change that writes them, and takes away what is not there any more.
    pub fn change(self) -> Mutation {
        let mut fragment = Fragment::from(self.attributes);
        let gone: BTreeMap<Term, Vec<Instance>> =
            self.gone.into_iter().map(|name| (name, vec![Instance::Delete(None)])).collect();
        fragment.attributes.extend(gone);
        Mutation::Update { fragment }
    }
}

/// Reads attributes of an entity.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Full names.
    pub names: &'a Names,
    /// The entity.
    pub entity: &'a Entity,
}

impl Reading<'_> {
    /// The value of a property.
    pub fn json(&self, name: &str) -> Option<&Json> {
        match &self.entity.attribute(self.names.of(name).as_str())?.value {
            Value::Property(json) => Some(json),
            _ => None,
        }
    }

    /// A text; none if it is missing.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.json(name)?.as_str()
    }

    /// The value of a property that may be masked; none if it is, or is missing.
    pub fn open_json(&self, name: &str) -> Option<&Json> {
        let attribute = self.entity.attribute(self.names.of(name).as_str())?;
        if Mask::covers(attribute) { None } else { self.json(name) }
    }

    /// A text that may be masked; none if it is, or is missing.
    pub fn open_text(&self, name: &str) -> Option<String> {
        self.open_json(name)?.as_str().map(str::to_owned)
    }

    /// Something that must be there and be read so.
    ///
    /// # Errors
    /// [`Damaged`] if it is not.
    pub fn must<T>(&self, field: &'static str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Damaged> {
        self.text(field).and_then(read).ok_or_else(|| self.damaged(field))
    }

    /// Where a relationship leads.
    pub fn object(&self, name: &str) -> Option<Iri> {
        self.objects(name).into_iter().next()
    }

    /// Where a relationship leads, be it to many.
    pub fn objects(&self, name: &str) -> Vec<Iri> {
        match self.entity.attribute(self.names.of(name).as_str()).map(|attribute| &attribute.value) {
            Some(Value::Relationship { object, .. }) => object.as_slice().to_vec(),
            _ => Vec::new(),
        }
    }

    /// That an attribute cannot be read.
    pub fn damaged(&self, field: &'static str) -> Damaged {
        Damaged { id: self.entity.id.clone(), field }
    }
}
