//! Attributes: the seven kinds of CIM 009 clause 4.5, with their metadata.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{GeoValue, Iri, Term, Timestamp};

/// Attributes by name; each name holds at least one instance, at most one per `datasetId`.
pub type Attributes = BTreeMap<Term, Vec<Attribute>>;

/// A member that may be written as one item or as an array, remembered as it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// Written alone.
    One(T),
    /// Written as an array.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The items, one or many.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

/// Texts by BCP 47 language tag (`vi`, `en`, `@none`).
pub type LanguageText = BTreeMap<String, OneOrMany<String>>;

/// What an attribute says. The tags are those of the stored form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `Property`: any JSON value but null.
    #[serde(rename = "p")]
    Property(Json),
    /// `Relationship`: links to entities, with the types they are said to have (`objectType`).
    #[serde(rename = "r")]
    Relationship {
        /// The entities linked to.
        #[serde(rename = "o")]
        object: OneOrMany<Iri>,
        /// Their types, where told.
        #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
        object_type: Vec<Term>,
    },
    /// `GeoProperty`: a GeoJSON geometry.
    #[serde(rename = "g")]
    Geo(GeoValue),
    /// `LanguageProperty`: texts by language.
    #[serde(rename = "l")]
    Language(LanguageText),
    /// `VocabProperty`: terms of a vocabulary.
    #[serde(rename = "v")]
    Vocab(OneOrMany<Term>),
    /// `JsonProperty`: JSON that no `@context` may touch; null is allowed.
    #[serde(rename = "j")]
    Json(Json),
    /// `ListProperty`: an ordered list.
    #[serde(rename = "pl")]
    List(Vec<Json>),
    /// `ListRelationship`: an ordered list of links.
    #[serde(rename = "rl")]
    ListRelationship {
        /// The entities linked to, in order.
        #[serde(rename = "o")]
        objects: Vec<Iri>,
        /// Their types, where told.
        #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
        object_type: Vec<Term>,
    },
}

/// One instance of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// What it says.
    #[serde(rename = "v")]
    pub value: Value,
    /// Which of several instances this is; none for the default instance (clause 4.5.5).
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<Iri>,
    /// When the value was observed.
    #[serde(rename = "at", default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// UN/CEFACT Common Code of the unit, e.g. `CEL` for degrees Celsius.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub unit_code: Option<Arc<str>>,
    /// When the instance was created in the graph.
    #[serde(rename = "c")]
    pub created_at: Timestamp,
    /// When it last changed in the graph.
    #[serde(rename = "m")]
    pub modified_at: Timestamp,
    /// When the instance vanishes by itself (CIM 009 clause 4.22); none for what stays.
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Properties of the property.
    #[serde(rename = "s", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sub: Attributes,
}

impl Attribute {
    /// An instance that says `value`, created at `at`, with no metadata.
    pub fn new(value: Value, at: Timestamp) -> Self {
        Self {
            value,
            dataset_id: None,
            observed_at: None,
            unit_code: None,
            created_at: at,
            modified_at: at,
            expires_at: None,
            sub: Attributes::new(),
        }
    }

    /// Builder: the same instance observed at `at`.
    #[must_use]
    pub fn observed(mut self, at: Timestamp) -> Self {
        self.observed_at = Some(at);
        self
    }

    /// Builder: the same instance in unit `code`.
    #[must_use]
    pub fn unit(mut self, code: &str) -> Self {
        self.unit_code = Some(code.into());
        self
    }

    /// Equal but for the time stamps that the graph itself keeps.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.value == other.value
            && self.dataset_id == other.dataset_id
            && self.observed_at == other.observed_at
            && self.unit_code == other.unit_code
            && self.expires_at == other.expires_at
            && self.sub.len() == other.sub.len()
            && self.sub.iter().zip(&other.sub).all(|((a, xs), (b, ys))| {
                a == b && xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| x.says_the_same(y))
            })
    }

    /// The number a `Property` holds, if it holds one.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Property(value) => value.as_f64(),
            _ => None,
        }
    }

    /// The text a `Property` holds, if it holds one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Property(value) => value.as_str(),
            _ => None,
        }
    }
}
