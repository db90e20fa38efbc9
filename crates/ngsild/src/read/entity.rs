//! Whole entities (clauses 4.5.1 and 5.2.4).

use dinh_model::{Attribute, Attributes, Entity, EntityId, Scope, Term, Timestamp};
use serde_json::{Map, Value as Json};

use super::attribute::{Patches, Place};
use super::text::{entity_id, expiry};
use super::{Nulls, ReadError, Reader};
use crate::bounds::{SCOPES, TYPES};
use crate::mutation::Edit;
use crate::names;
use crate::vocabulary::NULL;

/// Reads an entity to create or to put in the place of another.
pub fn entity(reader: &Reader<'_>, json: Json) -> Result<Entity, ReadError> {
    let parts = reader.parts(object(json)?, Nulls::Refused, false)?;
    let id = parts.id.ok_or_else(|| ReadError::at("id", "an entity needs an id"))?;
    if parts.types.is_empty() {
        return Err(ReadError::at("type", "an entity needs a type"));
    }
    Ok(Entity {
        id,
        types: parts.types,
        scopes: parts.scopes.unwrap_or_default(),
        created_at: reader.now,
        modified_at: reader.now,
        expires_at: parts.expires_at.and_then(|edit| edit.outcome()),
        attributes: reader.whole(parts.patches),
    })
}

/// The object that a document is.
pub(super) fn object(json: Json) -> Result<Map<String, Json>, ReadError> {
    match json {
        Json::Object(object) => Ok(object),
        _ => Err(ReadError::Syntax("an object was expected".to_owned())),
    }
}

/// What a document says of an entity.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) id: Option<EntityId>,
    pub(super) types: Vec<Term>,
    pub(super) scopes: Option<Vec<Scope>>,
    pub(super) expires_at: Option<Edit<Timestamp>>,
    pub(super) patches: Patches,
}

impl Reader<'_> {
    /// Reads the members of an entity.
    pub(super) fn parts(
        &self,
        object: Map<String, Json>,
        nulls: Nulls,
        partial: bool,
    ) -> Result<Parts, ReadError> {
        let mut parts = Parts::default();
        for (member, json) in object {
            match member.as_str() {
                "id" | "@id" => {
                    let text = json.as_str().ok_or_else(|| ReadError::at("id", "it must be a URI"))?;
                    parts.id = Some(entity_id("id", text)?);
                }
                "type" | "@type" => parts.types = self.types(&json)?,
                "scope" => parts.scopes = Some(scopes(&json, nulls)?),
                "@context" | "createdAt" | "modifiedAt" | "deletedAt" => {}
                "expiresAt" => parts.expires_at = Some(expiry("expiresAt", &json, nulls)?),
                name => {
                    let place = Place { at: name, nulls, partial, depth: 0 };
                    self.attribute_into(&mut parts.patches, name, json, place)?;
                }
            }
        }
        Ok(parts)
    }

    /// One type name, or several without repeats.
    pub(super) fn types(&self, json: &Json) -> Result<Vec<Term>, ReadError> {
        let items = match json {
            Json::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        if items.len() > TYPES {
            return Err(ReadError::at("type", format!("an entity has at most {TYPES} types")));
        }
        let mut types: Vec<Term> = Vec::with_capacity(items.len());
        for item in items {
            let name = item
                .as_str()
                .ok_or_else(|| ReadError::at("type", "it must be a name or an array of names"))?;
            names::check(name).map_err(|reason| ReadError::at("type", reason.to_string()))?;
            let term = self.context.expand(name);
            if term.as_str().starts_with('@') || name == NULL {
                return Err(ReadError::at("type", format!("{name} is not a type")));
            }
            if !types.contains(&term) {
                types.push(term);
            }
        }
        Ok(types)
    }

    /// Whole attributes out of patches that lack nothing.
    pub(super) fn whole(&self, patches: Patches) -> Attributes {
        patches
            .into_iter()
            .map(|(name, patches)| {
                let instances: Vec<Attribute> =
                    patches.into_iter().filter_map(|patch| patch.into_attribute(self.now)).collect();
                (name, instances)
            })
            .filter(|(_, instances)| !instances.is_empty())
            .collect()
    }
}

/// One scope or several without repeats; none for `urn:ngsi-ld:null` where that may stand.
pub(super) fn scopes(json: &Json, nulls: Nulls) -> Result<Vec<Scope>, ReadError> {
    if nulls != Nulls::Refused && json.as_str() == Some(NULL) {
        return Ok(Vec::new());
    }
    let items = match json {
        Json::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > SCOPES {
        return Err(ReadError::at("scope", format!("an entity has at most {SCOPES} scopes")));
    }
    let mut scopes: Vec<Scope> = Vec::with_capacity(items.len());
    for item in items {
        let text =
            item.as_str().ok_or_else(|| ReadError::at("scope", "it must be a text or an array of texts"))?;
        let scope = Scope::parse(text).map_err(|reason| ReadError::at("scope", reason.to_string()))?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}
