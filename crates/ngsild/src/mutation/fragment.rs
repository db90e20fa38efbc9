//! Parts of entities and attributes, as writes carry them (clause 5.4).

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::{Attribute, Attributes, OneOrMany, Scope, Term, Timestamp, Value};
use serde_json::Value as Json;

use crate::kind::AttributeKind;
use crate::query::DatasetId;

/// Whole attribute instances to write, and instances to delete.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Fragment {
    /// Types to add.
    pub types: Vec<Term>,
    /// Scopes, if given; empty to take them all away.
    pub scopes: Option<Vec<Scope>>,
    /// What becomes of when the entity vanishes by itself, if anything.
    pub expires_at: Option<Edit<Timestamp>>,
    /// Instances by attribute name.
    pub attributes: BTreeMap<Term, Vec<Instance>>,
}

/// What happens to one instance.
#[derive(Clone, Debug, PartialEq)]
pub enum Instance {
    /// It becomes this. Its time stamps are set when it is written.
    Set(Attribute),
    /// It goes away.
    Delete(DatasetId),
}

impl From<Attributes> for Fragment {
    /// A fragment that writes all of `attributes`.
    fn from(attributes: Attributes) -> Self {
        let attributes = attributes
            .into_iter()
            .map(|(name, instances)| (name, instances.into_iter().map(Instance::Set).collect()))
            .collect();
        Self { attributes, ..Self::default() }
    }
}

/// A part of an entity to merge in (clause 5.5.12).
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EntityPatch {
    /// Types to add.
    pub types: Vec<Term>,
    /// Scopes, if given; empty to take them all away.
    pub scopes: Option<Vec<Scope>>,
    /// What becomes of when the entity vanishes by itself, if anything.
    pub expires_at: Option<Edit<Timestamp>>,
    /// Parts of instances by attribute name.
    pub attributes: BTreeMap<Term, Vec<AttributePatch>>,
}

/// A part of an attribute instance.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributePatch {
    /// Which instance.
    pub dataset_id: DatasetId,
    /// What becomes of its value.
    pub value: ValuePatch,
    /// What becomes of `objectType`, if anything.
    pub object_type: Option<Edit<Vec<Term>>>,
    /// What becomes of `observedAt`, if anything.
    pub observed_at: Option<Edit<Timestamp>>,
    /// What becomes of `unitCode`, if anything.
    pub unit_code: Option<Edit<Arc<str>>>,
    /// What becomes of when the instance vanishes by itself, if anything.
    pub expires_at: Option<Edit<Timestamp>>,
    /// Parts of sub-attributes.
    pub sub: BTreeMap<Term, Vec<Self>>,
}

/// What becomes of the value of an attribute instance.
#[derive(Clone, Debug, PartialEq)]
pub enum ValuePatch {
    /// No value given; perhaps a `type`.
    Keep(Option<AttributeKind>),
    /// `urn:ngsi-ld:null`: the instance goes away.
    Delete,
    /// A value of a known kind. Inside JSON, `urn:ngsi-ld:null` stands for a member to take away.
    Set(Value),
    /// A bare value: it takes the kind that the attribute has.
    Plain {
        /// The value.
        json: Json,
        /// What it says as terms of a vocabulary, if it is text.
        terms: Option<OneOrMany<Term>>,
    },
}

/// What becomes of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit<T> {
    /// It becomes this.
    Set(T),
    /// It goes away.
    Remove,
}

impl<T: Clone> Edit<T> {
    /// What is left: the new content, or nothing.
    pub fn outcome(&self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value.clone()),
            Self::Remove => None,
        }
    }
}

impl AttributePatch {
    /// A patch that sets the value of the default instance and nothing else.
    pub fn set(value: Value) -> Self {
        Self::of(ValuePatch::Set(value))
    }

    /// A patch that does this to the value of the default instance and nothing else.
    pub fn of(value: ValuePatch) -> Self {
        Self {
            dataset_id: None,
            value,
            object_type: None,
            observed_at: None,
            unit_code: None,
            expires_at: None,
            sub: BTreeMap::new(),
        }
    }
}
