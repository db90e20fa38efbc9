//! The model into JSON, in every representation (clauses 4.5.1–4.5.5, 4.5.16–4.5.24), straight into bytes: a list of
//! entities never becomes a tree in between.
//!
//! Members come in a fixed order: `id`, `type`, `scope`, time stamps, then attributes by their short names.

mod attribute;
mod earlier;
mod entity;
mod feature;
mod json;
mod language;
mod time;
mod value;

use dinh_model::Entity;

use crate::context::Context;
use crate::query::{DatasetId, Projection};

pub(crate) use attribute::{Extra, instances};
pub use earlier::earlier;
pub(crate) use entity::{header, in_order, members, push_scopes};
pub use feature::{feature, feature_collection};
pub(crate) use json::{Object, push_array};
pub use language::Languages;
pub(crate) use time::push_quoted;
pub use time::{instant_text, push_instant};
pub(crate) use value::push_nothing;

/// In which representation attributes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Representation {
    /// Everything said in full.
    #[default]
    Normalized,
    /// Nothing lost, nothing said twice.
    Concise,
    /// Values alone (keyValues). Loses metadata.
    Simplified,
}

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// Shortens names.
    pub context: &'a Context,
    /// In which representation.
    pub representation: Representation,
    /// With `createdAt` and `modifiedAt`.
    pub sys_attrs: bool,
    /// These members only, `id` and `type` too only if named.
    pub pick: Option<&'a Projection>,
    /// All members but these.
    pub omit: Option<&'a Projection>,
    /// `id`, `type`, `scope` and these attributes.
    pub attrs: Option<&'a Projection>,
    /// Language properties as texts in the best of these languages (clause 4.15).
    pub languages: Option<&'a Languages>,
    /// These instances only; empty for all.
    pub dataset_ids: &'a [DatasetId],
    /// Content of an `@context` member to write into each entity: JSON, as it is to appear.
    pub embed_context: Option<&'a str>,
}

impl<'a> Writer<'a> {
    /// Writes everything, normalized, with the short names of `context`.
    pub fn new(context: &'a Context) -> Self {
        Self {
            context,
            representation: Representation::Normalized,
            sys_attrs: false,
            pick: None,
            omit: None,
            attrs: None,
            languages: None,
            dataset_ids: &[],
            embed_context: None,
        }
    }

    /// The same in another representation.
    #[must_use]
    pub fn represented(mut self, representation: Representation) -> Self {
        self.representation = representation;
        self
    }

    /// Appends one entity.
    pub fn entity(&self, out: &mut Vec<u8>, entity: &Entity) {
        entity::write(self, out, entity);
    }

    /// Appends an array of entities.
    pub fn entities<'e>(&self, out: &mut Vec<u8>, entities: impl IntoIterator<Item = &'e Entity>) {
        out.push(b'[');
        for (at, entity) in entities.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.entity(out, entity);
        }
        out.push(b']');
    }

    /// True if a member is to be shown. `id` is `@id`, `type` is `@type`.
    pub(crate) fn shows(&self, member: &str) -> bool {
        let core = member.starts_with('@') || member == crate::vocabulary::SCOPE;
        self.pick.is_none_or(|pick| pick.has(member))
            && self.attrs.is_none_or(|attrs| core || attrs.has(member))
            && self.omit.is_none_or(|omit| !omit.has(member) || omit.inside(member).is_some())
    }
}
