//! Changes: what the feed carries.

use serde::{Deserialize, Serialize};

use crate::{Attribute, EntityId, Iri, Tenant, Term, Timestamp};

/// What happened to an entity or an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It was not there before.
    #[serde(rename = "c")]
    Created,
    /// It was there and is different now.
    #[serde(rename = "u")]
    Updated,
    /// It is there no more.
    #[serde(rename = "d")]
    Deleted,
}

/// One change of one entity, as committed. Changes are numbered from 1 without gaps across all tenants, in the order
/// in which they became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Number in the feed.
    pub seq: u64,
    /// Whose graph.
    pub tenant: Tenant,
    /// Which entity.
    pub entity: EntityId,
    /// Its types after the change (before it, for a deletion).
    pub types: Vec<Term>,
    /// What happened to the entity.
    pub kind: ChangeKind,
    /// When it was committed.
    pub at: Timestamp,
    /// The entity's version after the change: 1 when created, one more with every change.
    pub version: u64,
    /// Who did it: the principal's name.
    pub by: String,
    /// What happened to its attributes. Complete: the attributes not named here did not change.
    /// A deletion names all, with what they were.
    pub attributes: Vec<AttributeChange>,
}

/// One change of one attribute instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Name of the attribute.
    #[serde(rename = "n")]
    pub name: Term,
    /// Which instance.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<Iri>,
    /// What happened to it.
    #[serde(rename = "k")]
    pub kind: ChangeKind,
    /// The instance before, unless it was created.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Attribute>,
    /// The instance after, unless it was deleted.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Attribute>,
}
