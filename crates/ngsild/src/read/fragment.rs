//! Parts of entities and attributes (clause 5.4), for each operation with the nulls that it allows (clause 5.5.4).

use dinh_model::{Attribute, EntityId};
use serde_json::{Map, Value as Json};

use super::attribute::{Patches, Place};
use super::entity::{Parts, object};
use super::{Format, Nulls, ReadError, Reader};
use crate::mutation::{AttributePatch, EntityPatch, Fragment, Instance, ValuePatch};
use crate::names;
use crate::vocabulary::SCOPE;

/// A part of an entity, and the identifier that stood in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Identified<T> {
    /// The identifier, if the document names one: always for the items of a batch, seldom elsewhere.
    pub id: Option<EntityId>,
    /// The part.
    pub content: T,
}

/// Reads a fragment to append (clause 5.6.3): whole attributes, no nulls.
pub fn append_fragment(reader: &Reader<'_>, json: Json) -> Result<Identified<Fragment>, ReadError> {
    reader.fragment(json, Nulls::Refused)
}

/// Reads a fragment to update with (clause 5.6.2): whole attributes, or nulls in their place.
pub fn update_fragment(reader: &Reader<'_>, json: Json) -> Result<Identified<Fragment>, ReadError> {
    reader.fragment(json, Nulls::Members)
}

/// Reads a part of an entity to merge in (clause 5.6.17).
pub fn entity_patch(reader: &Reader<'_>, json: Json) -> Result<Identified<EntityPatch>, ReadError> {
    let parts = reader.parts(filled(json)?, Nulls::Anywhere, true)?;
    let Parts { id, types, scopes, expires_at, patches } = parts;
    let content = EntityPatch { types, scopes, expires_at, attributes: patches };
    Ok(Identified { id, content })
}

/// Reads a part of the attribute `name` (clause 5.6.4).
pub fn attribute_patch(reader: &Reader<'_>, name: &str, json: Json) -> Result<AttributePatch, ReadError> {
    reader.single(name, json, Nulls::Members, true)
}

/// Reads the attribute `name` to put in the place of one that is there (clause 5.6.19).
pub fn attribute(reader: &Reader<'_>, name: &str, json: Json) -> Result<Attribute, ReadError> {
    let patch = reader.single(name, json, Nulls::Refused, false)?;
    patch.into_attribute(reader.now).ok_or_else(|| ReadError::at(name, "an attribute needs a value"))
}

impl Reader<'_> {
    fn fragment(&self, json: Json, nulls: Nulls) -> Result<Identified<Fragment>, ReadError> {
        let Parts { id, types, scopes, expires_at, patches } = self.parts(filled(json)?, nulls, false)?;
        let attributes = patches
            .into_iter()
            .map(|(name, patches)| {
                let instances = patches.into_iter().filter_map(|patch| self.whole_instance(patch)).collect();
                (name, instances)
            })
            .collect();
        Ok(Identified { id, content: Fragment { types, scopes, expires_at, attributes } })
    }

    fn whole_instance(&self, patch: AttributePatch) -> Option<Instance> {
        match patch.value {
            ValuePatch::Delete => Some(Instance::Delete(patch.dataset_id)),
            _ => patch.into_attribute(self.now).map(Instance::Set),
        }
    }

    fn single(
        &self,
        name: &str,
        json: Json,
        nulls: Nulls,
        partial: bool,
    ) -> Result<AttributePatch, ReadError> {
        names::check(name).map_err(|reason| ReadError::at("the attribute's name", reason.to_string()))?;
        let term = self.context.expand(name);
        if term.as_str() == SCOPE {
            return Err(ReadError::at(name, "scope is not an attribute that can be written by itself"));
        }
        let place = Place { at: name, nulls, partial, depth: 0 };
        let json = match json {
            Json::Object(mut object) => {
                object.remove("@context");
                if object.is_empty() {
                    return Err(ReadError::at("", "it says nothing"));
                }
                if self.format == Format::Full && partial && !object.contains_key("type") {
                    // The body is a part of an attribute by definition; without a type it is never a bare value.
                    return self.members(name, object, None, place);
                }
                Json::Object(object)
            }
            other => other,
        };
        let mut patches = Patches::new();
        self.attribute_into(&mut patches, name, json, place)?;
        match patches.into_values().next().map(|mut instances| (instances.pop(), instances.is_empty())) {
            Some((Some(one), true)) => Ok(one),
            _ => Err(ReadError::at(name, "one instance at a time; name it with datasetId")),
        }
    }
}

/// The object that a document is, with something in it besides its context.
fn filled(json: Json) -> Result<Map<String, Json>, ReadError> {
    let object = object(json)?;
    if object.keys().all(|member| member == "@context") {
        return Err(ReadError::at("", "it says nothing"));
    }
    Ok(object)
}
