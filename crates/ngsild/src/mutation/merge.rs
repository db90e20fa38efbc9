//! Merging in depth (clauses 5.5.12 and 5.6.17; RFC 7396).

use dinh_model::{Attribute, GeoValue, Iri, LanguageText, OneOrMany, Term, Timestamp, Value};
use serde_json::{Map, Value as Json};

use super::apply::Work;
use super::complete::{is_no_text, is_null, strip_nulls};
use super::patch::{Depth, Misfit, apply};
use super::{EntityPatch, ValuePatch};
use crate::vocabulary::NONE;

/// What the request says for all merged attributes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Common<'a> {
    pub(super) observed_at: Option<Timestamp>,
    pub(super) lang: Option<&'a str>,
}

impl Work<'_> {
    pub(super) fn merge(&mut self, patch: &EntityPatch, common: &Common<'_>) {
        self.add_types(&patch.types);
        self.edit_expiry(patch.expires_at.as_ref());
        if let Some(scopes) = &patch.scopes {
            self.set_scopes(scopes);
        }
        for (name, patches) in &patch.attributes {
            for patch in patches {
                let old = self.find(name, patch.dataset_id.as_ref()).cloned();
                match (old, &patch.value) {
                    (old, ValuePatch::Delete) => {
                        if old.is_some() {
                            self.delete(name, patch.dataset_id.as_ref());
                        }
                    }
                    (None, _) => match patch.clone().without_nulls().into_attribute(self.now) {
                        Some(new) => self.put(name, new),
                        None => self.not_updated(name, "it is not there yet and no value was given"),
                    },
                    (Some(old), _) => self.merge_one(name, old, patch, common),
                }
            }
        }
    }

    fn merge_one(
        &mut self,
        name: &Term,
        mut attribute: Attribute,
        patch: &super::AttributePatch,
        common: &Common<'_>,
    ) {
        match apply(&mut attribute, patch, Depth::Deep(*common), self.now) {
            Ok(()) => self.put(name, attribute),
            Err(Misfit { is, .. }) => {
                self.not_updated(name, &format!("it is a {is}, which the value given does not fit"));
            }
        }
    }
}

/// Merges `new` into `old`: JSON objects member by member, texts language by language, all else as a whole.
pub(super) fn merge_value(old: &mut Value, new: &Value) {
    match (old, new) {
        (Value::Property(old), Value::Property(new)) | (Value::Json(old), Value::Json(new)) => {
            merge_json(old, new);
        }
        (Value::Language(old), Value::Language(new)) => merge_languages(old, new),
        (
            Value::Relationship { object: old, object_type },
            Value::Relationship { object, object_type: given },
        ) => {
            old.clone_from(object);
            if !given.is_empty() {
                object_type.clone_from(given);
            }
        }
        (
            Value::ListRelationship { objects: old, object_type },
            Value::ListRelationship { objects, object_type: given },
        ) => {
            old.clone_from(objects);
            if !given.is_empty() {
                object_type.clone_from(given);
            }
        }
        (old, new) => {
            *old = new.clone();
            strip_nulls(old);
        }
    }
}

/// RFC 7396 with `urn:ngsi-ld:null` in the place of null.
fn merge_json(old: &mut Json, new: &Json) {
    let Json::Object(members) = new else {
        old.clone_from(new);
        return;
    };
    if !old.is_object() {
        *old = Json::Object(Map::new());
    }
    let Json::Object(target) = old else { return };
    for (name, member) in members {
        if is_null(member) {
            target.remove(name);
        } else {
            merge_json(target.entry(name.clone()).or_insert(Json::Null), member);
        }
    }
}

fn merge_languages(old: &mut LanguageText, new: &LanguageText) {
    for (tag, texts) in new {
        if is_no_text(texts) {
            old.remove(tag);
        } else {
            old.insert(tag.clone(), texts.clone());
        }
    }
}

/// A bare value as the kind of value that `like` is; `None` if it does not fit.
pub(super) fn plain_like(
    like: &Value,
    json: &Json,
    terms: Option<&OneOrMany<Term>>,
    lang: Option<&str>,
) -> Option<Value> {
    Some(match like {
        Value::Property(_) => Value::Property(json.clone()),
        Value::Json(_) => Value::Json(json.clone()),
        Value::Geo(_) => Value::Geo(GeoValue::parse(json.clone()).ok()?),
        Value::List(_) => Value::List(json.as_array()?.clone()),
        Value::Vocab(_) => Value::Vocab(terms?.clone()),
        Value::Language(_) => {
            let texts = match json {
                Json::String(text) => OneOrMany::One(text.clone()),
                Json::Array(items) => OneOrMany::Many(
                    items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?,
                ),
                _ => return None,
            };
            Value::Language(LanguageText::from([(lang.unwrap_or(NONE).to_owned(), texts)]))
        }
        Value::Relationship { .. } => Value::Relationship { object: iris(json)?, object_type: Vec::new() },
        Value::ListRelationship { .. } => {
            let OneOrMany::Many(objects) = iris(json)? else { return None };
            Value::ListRelationship { objects, object_type: Vec::new() }
        }
    })
}

fn iris(json: &Json) -> Option<OneOrMany<Iri>> {
    match json {
        Json::String(text) => Iri::parse(text).ok().map(OneOrMany::One),
        Json::Array(items) => items
            .iter()
            .map(|item| Iri::parse(item.as_str()?).ok())
            .collect::<Option<_>>()
            .map(OneOrMany::Many),
        _ => None,
    }
}
