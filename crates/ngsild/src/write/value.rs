//! Values of attributes.

use dinh_model::{OneOrMany, Term, Value};
use serde_json::Value as Json;

use super::json::{push_array, push_json, push_text};
use super::{Object, Writer};
use crate::vocabulary::{NONE, NULL};

impl Writer<'_> {
    /// Appends the content of the value member: `value`, `object`, `languageMap` and so on. `concise` writes the
    /// entries of `objectList` as bare URIs.
    pub(crate) fn value(&self, out: &mut Vec<u8>, value: &Value, concise: bool) {
        match value {
            Value::Property(json) | Value::Json(json) => push_json(out, json),
            Value::Geo(geometry) => push_json(out, geometry.as_json()),
            Value::Language(texts) => push_json(out, texts),
            Value::List(items) => push_json(out, items),
            Value::Vocab(terms) => self.terms(out, terms),
            Value::Relationship { object, .. } => push_json(out, object),
            Value::ListRelationship { objects, .. } if concise => push_json(out, objects),
            Value::ListRelationship { objects, .. } => push_array(out, objects, |out, link| {
                let mut object = Object::open(out);
                object.text("object", link.as_str());
                object.close();
            }),
        }
    }

    /// Appends one short name, or an array of them.
    pub(crate) fn terms(&self, out: &mut Vec<u8>, terms: &OneOrMany<Term>) {
        match terms {
            OneOrMany::One(term) => push_text(out, &self.context.compact(term)),
            OneOrMany::Many(terms) => {
                push_array(out, terms, |out, term| push_text(out, &self.context.compact(term)));
            }
        }
    }

    /// Appends one short name bare, several as an array.
    pub(crate) fn names(&self, out: &mut Vec<u8>, terms: &[Term]) {
        match terms {
            [one] => push_text(out, &self.context.compact(one)),
            many => push_array(out, many, |out, term| push_text(out, &self.context.compact(term))),
        }
    }

    /// Appends a value in the simplified representation (clause 4.5.4).
    pub(crate) fn simplified(&self, out: &mut Vec<u8>, value: &Value) {
        let wrapped = match value {
            Value::Language(texts) => {
                if let Some((_, chosen)) = self.languages.and_then(|languages| languages.choose(texts)) {
                    return push_json(out, chosen);
                }
                "languageMap"
            }
            Value::Vocab(_) => "vocab",
            Value::Json(_) => "json",
            plain => return self.value(out, plain, true),
        };
        let mut object = Object::open(out);
        self.value(object.member(wrapped), value, true);
        object.close();
    }
}

/// Appends what stands for the value of a deleted attribute (clause 4.5.0).
pub(crate) fn push_nothing(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Language(_) => {
            let mut object = Object::open(out);
            object.text(NONE, NULL);
            object.close();
        }
        Value::List(_) | Value::ListRelationship { .. } => push_array(out, [NULL], push_text),
        _ => push_text(out, NULL),
    }
}

/// True if a property's value, written bare, would be read as something else.
pub(super) fn is_ambiguous(json: &Json) -> bool {
    match json {
        Json::Object(object) => {
            !object.contains_key("@value")
                && object.keys().any(|member| {
                    matches!(
                        member.as_str(),
                        "type"
                            | "@type"
                            | "value"
                            | "object"
                            | "languageMap"
                            | "vocab"
                            | "json"
                            | "valueList"
                            | "objectList"
                            | "datasetId"
                            | "observedAt"
                            | "unitCode"
                            | "objectType"
                            | "valueType"
                    ) || member.contains(':')
                })
        }
        Json::Array(items) => items.iter().all(Json::is_object),
        Json::String(text) => text == NULL,
        _ => false,
    }
}
