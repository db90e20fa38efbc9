//! What a write does to an entity that exists (clauses 5.5.8, 5.5.12, 5.6.2–5.6.5, 5.6.17–5.6.19).
//!
//! A [`Mutation`] is applied to an entity in memory and answers with the exact list of changes, so that the store can
//! write entity, history and feed from one source of truth. Attributes that say the same as before are left alone:
//! they keep their time stamps and make no change.

mod apply;
mod complete;
mod fragment;
mod merge;
mod patch;
mod replace;
mod stamp;

use dinh_model::{Attribute, AttributeChange, ChangeKind, Entity, Iri, Term, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kind::AttributeKind;
use crate::problem::Problem;
use crate::query::DatasetId;

pub use fragment::{AttributePatch, Edit, EntityPatch, Fragment, Instance, ValuePatch};

/// A write to an entity that exists.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutation {
    /// Append attributes (clause 5.6.3).
    Append {
        /// What to append.
        fragment: Fragment,
        /// Whether instances that are there already are replaced, or left alone and reported.
        overwrite: bool,
    },
    /// Update attributes (clause 5.6.2).
    Update {
        /// What to replace, append or delete.
        fragment: Fragment,
    },
    /// Merge entity (clause 5.6.17).
    Merge {
        /// What to merge in.
        patch: EntityPatch,
        /// `observedAt` for merged attributes that had one and are given none.
        observed_at: Option<Timestamp>,
        /// Language of plain texts merged into language properties.
        lang: Option<String>,
    },
    /// Partial attribute update (clause 5.6.4).
    PatchAttribute {
        /// Which attribute.
        name: Term,
        /// Which instance, and what of it.
        patch: Box<AttributePatch>,
    },
    /// Replace attribute (clause 5.6.19).
    ReplaceAttribute {
        /// Which attribute.
        name: Term,
        /// The instance, and its new content.
        attribute: Box<Attribute>,
    },
    /// Delete attribute (clause 5.6.5). The name may be `scope`.
    DeleteAttribute {
        /// Which attribute.
        name: Term,
        /// Which instance.
        dataset_id: DatasetId,
        /// Every instance, whatever `dataset_id` says.
        all: bool,
    },
    /// Replace entity (clause 5.6.18).
    Replace(Box<Entity>),
    /// Take away what should have vanished by itself (clause 4.22).
    Expire,
}

/// What a mutation has done.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Applied {
    /// Every change of an attribute instance.
    pub changes: Vec<AttributeChange>,
    /// The attributes that now are as asked for, changed or not.
    pub updated: Vec<Term>,
    /// The attributes that are not.
    pub not_updated: Vec<NotUpdated>,
    /// False if the entity is exactly as it was.
    pub touched: bool,
}

/// An attribute that a mutation has left alone (clause 5.2.19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotUpdated {
    /// Which attribute.
    pub name: Term,
    /// Why.
    pub reason: String,
}

/// Why a mutation cannot be applied. The entity is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MutationError {
    /// There is no such attribute, or no such instance of it.
    #[error("the entity has no attribute {name}{}", .dataset_id.as_ref().map(|id| format!(" with datasetId {id}")).unwrap_or_default())]
    NoAttribute {
        /// Which attribute.
        name: Term,
        /// Which instance.
        dataset_id: Option<Iri>,
    },
    /// A partial update may not turn one kind of attribute into another.
    #[error("the attribute {name} is a {is}; a partial update cannot make it a {given}")]
    OtherKind {
        /// Which attribute.
        name: Term,
        /// Its kind.
        is: AttributeKind,
        /// The kind asked for.
        given: AttributeKind,
    },
    /// The new content is of another entity.
    #[error("the entity {is} cannot be replaced by {given}")]
    OtherEntity {
        /// Identifier of the entity.
        is: Iri,
        /// Identifier of the content.
        given: Iri,
    },
    /// The value given does not fit the kind that the attribute has.
    #[error("the attribute {name} is a {is}, which this value does not fit")]
    Unfit {
        /// Which attribute.
        name: Term,
        /// Its kind.
        is: AttributeKind,
    },
}

impl From<MutationError> for Problem {
    fn from(error: MutationError) -> Self {
        use crate::problem::ProblemKind::{BadRequestData, ResourceNotFound};
        let kind = match &error {
            MutationError::NoAttribute { .. } => ResourceNotFound,
            _ => BadRequestData,
        };
        Self::new(kind, error.to_string())
    }
}

impl Mutation {
    /// Applies the write to `entity` at the instant `now`.
    pub fn apply(&self, entity: &mut Entity, now: Timestamp) -> Result<Applied, MutationError> {
        let mut work = apply::Work::new(entity, now);
        match self {
            Self::Append { fragment, overwrite } => work.append(fragment, *overwrite),
            Self::Update { fragment } => work.update(fragment),
            Self::Merge { patch, observed_at, lang } => {
                let common = merge::Common { observed_at: *observed_at, lang: lang.as_deref() };
                work.merge(patch, &common);
            }
            Self::PatchAttribute { name, patch } => work.patch_attribute(name, patch)?,
            Self::ReplaceAttribute { name, attribute } => work.replace_attribute(name, attribute)?,
            Self::DeleteAttribute { name, dataset_id, all } => {
                work.delete_attribute(name, dataset_id.as_ref(), *all)?;
            }
            Self::Replace(new) => work.replace(new)?,
            Self::Expire => work.expire(),
        }
        Ok(work.finish())
    }
}

/// The changes that make an entity out of nothing.
pub fn created_changes(entity: &Entity) -> Vec<AttributeChange> {
    let mut changes = Vec::with_capacity(entity.attributes.len());
    for (name, instances) in &entity.attributes {
        for instance in instances {
            changes.push(AttributeChange {
                name: name.clone(),
                dataset_id: instance.dataset_id.clone(),
                kind: ChangeKind::Created,
                before: None,
                after: Some(instance.clone()),
            });
        }
    }
    changes
}
