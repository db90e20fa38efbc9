//! Values of attributes, kind by kind.

use dinh_model::{GeoValue, Iri, LanguageText, OneOrMany, Term, Value};
use serde_json::{Map, Value as Json};

use super::text::iri;
use super::{Nulls, ReadError, Reader};
use crate::bounds::{INSTANCES, JSON_DEPTH, TEXT_BYTES};
use crate::kind::AttributeKind;
use crate::mutation::ValuePatch;
use crate::vocabulary::{NONE, NULL};

impl Reader<'_> {
    /// Reads the value member of an attribute of a known kind.
    pub(super) fn value(
        &self,
        at: &str,
        kind: AttributeKind,
        json: Json,
        nulls: Nulls,
    ) -> Result<ValuePatch, ReadError> {
        if is_null(kind, &json) {
            return match nulls {
                Nulls::Refused => {
                    Err(ReadError::at(at, "urn:ngsi-ld:null stands for nothing only in updates and merges"))
                }
                Nulls::Members | Nulls::Anywhere => Ok(ValuePatch::Delete),
            };
        }
        Ok(ValuePatch::Set(match kind {
            AttributeKind::Property => {
                check(at, &json, nulls)?;
                Value::Property(json)
            }
            AttributeKind::GeoProperty => Value::Geo(geometry(at, json)?),
            AttributeKind::LanguageProperty => Value::Language(languages(at, json, nulls)?),
            AttributeKind::VocabProperty => Value::Vocab(self.terms(at, &json)?),
            AttributeKind::JsonProperty => {
                if !json.is_object() && !json.is_array() {
                    return Err(ReadError::at(at, "json must be an object or an array"));
                }
                check_sizes(at, &json, 0)?;
                Value::Json(json)
            }
            AttributeKind::ListProperty => match json {
                Json::Array(items) => {
                    items.iter().try_for_each(|item| check(at, item, Nulls::Refused))?;
                    Value::List(items)
                }
                _ => return Err(ReadError::at(at, "valueList must be an array")),
            },
            AttributeKind::Relationship => {
                Value::Relationship { object: links(at, &json)?, object_type: Vec::new() }
            }
            AttributeKind::ListRelationship => {
                Value::ListRelationship { objects: list_of_links(at, &json)?, object_type: Vec::new() }
            }
        }))
    }

    /// One term of a vocabulary, or several.
    pub(super) fn terms(&self, at: &str, json: &Json) -> Result<OneOrMany<Term>, ReadError> {
        one_or_many(at, json, |text| {
            check_text(at, text)?;
            Ok(self.context.expand(text))
        })
    }
}

/// A bare or value member that stands for nothing, in the way its kind writes it (clause 4.5.0).
fn is_null(kind: AttributeKind, json: &Json) -> bool {
    match (kind, json) {
        (_, Json::String(text)) => text == NULL,
        (AttributeKind::LanguageProperty, Json::Object(map)) => {
            map.len() == 1 && map.get(NONE).and_then(Json::as_str) == Some(NULL)
        }
        (AttributeKind::ListProperty | AttributeKind::ListRelationship, Json::Array(items)) => match items
            .as_slice()
        {
            [Json::String(text)] => text == NULL,
            [Json::Object(one)] => one.len() == 1 && one.get("object").and_then(Json::as_str) == Some(NULL),
            _ => false,
        },
        _ => false,
    }
}

/// A GeoJSON geometry, also as JSON text (clause 4.7.2).
pub(super) fn geometry(at: &str, json: Json) -> Result<GeoValue, ReadError> {
    let json = match json {
        Json::String(text) => super::json(text.as_bytes())
            .map_err(|_syntax| ReadError::at(at, "the text is not a GeoJSON geometry"))?,
        json => json,
    };
    GeoValue::parse(json).map_err(|reason| ReadError::at(at, reason.to_string()))
}

/// True for an object that looks like a GeoJSON geometry (clause 4.7.3).
pub(super) fn looks_like_geometry(object: &Map<String, Json>) -> bool {
    let named = object.get("type").and_then(Json::as_str).is_some_and(|name| {
        matches!(name, "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon")
    });
    named && object.contains_key("coordinates")
}

fn languages(at: &str, json: Json, nulls: Nulls) -> Result<LanguageText, ReadError> {
    let Json::Object(map) = json else {
        return Err(ReadError::at(at, "languageMap must be an object"));
    };
    if map.is_empty() {
        return Err(ReadError::at(at, "languageMap must hold a text"));
    }
    map.into_iter()
        .map(|(tag, texts)| {
            if !is_language_tag(&tag) {
                return Err(ReadError::at(at, format!("{tag:?} is not a language tag (RFC 5646) or @none")));
            }
            let texts = one_or_many(at, &texts, |text| {
                check_text(at, text)?;
                if text == NULL && nulls != Nulls::Anywhere {
                    return Err(ReadError::at(
                        at,
                        "urn:ngsi-ld:null in a single language stands only in merges",
                    ));
                }
                Ok(text.to_owned())
            })?;
            Ok((tag, texts))
        })
        .collect()
}

/// Letters, digits and hyphens as RFC 5646 has them.
fn is_language_tag(tag: &str) -> bool {
    tag == NONE
        || (tag.len() <= 64
            && tag
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())))
}

fn links(at: &str, json: &Json) -> Result<OneOrMany<Iri>, ReadError> {
    one_or_many(at, json, |text| link(at, text))
}

fn link(at: &str, text: &str) -> Result<Iri, ReadError> {
    if text == NULL {
        return Err(ReadError::at(at, "urn:ngsi-ld:null is not something to link to"));
    }
    iri(at, text)
}

fn list_of_links(at: &str, json: &Json) -> Result<Vec<Iri>, ReadError> {
    let items = json.as_array().ok_or_else(|| ReadError::at(at, "objectList must be an array"))?;
    items
        .iter()
        .map(|item| {
            let text = match item {
                Json::Object(one) if one.len() == 1 => one.get("object").and_then(Json::as_str),
                item => item.as_str(),
            };
            link(
                at,
                text.ok_or_else(|| ReadError::at(at, "objectList holds URIs, or objects with one object"))?,
            )
        })
        .collect()
}

/// A text or a filled array of texts.
pub(super) fn one_or_many<T>(
    at: &str,
    json: &Json,
    read: impl Fn(&str) -> Result<T, ReadError>,
) -> Result<OneOrMany<T>, ReadError> {
    match json {
        Json::String(text) => read(text).map(OneOrMany::One),
        Json::Array(items) if items.len() > INSTANCES => Err(ReadError::at(
            at,
            format!("an array of {} texts is too long; the limit is {INSTANCES}", items.len()),
        )),
        Json::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| {
                read(item.as_str().ok_or_else(|| ReadError::at(at, "an array of texts was expected"))?)
            })
            .collect::<Result<_, _>>()
            .map(OneOrMany::Many),
        _ => Err(ReadError::at(at, "a text or an array of texts was expected")),
    }
}

/// Checks the value of a property: no null, bounded texts and nesting.
pub(super) fn check(at: &str, json: &Json, nulls: Nulls) -> Result<(), ReadError> {
    check_nulls(at, json, nulls, 0)?;
    check_sizes(at, json, 0)
}

fn check_nulls(at: &str, json: &Json, nulls: Nulls, depth: usize) -> Result<(), ReadError> {
    if depth > JSON_DEPTH {
        return Err(ReadError::at(at, format!("the value nests more than {JSON_DEPTH} objects and arrays")));
    }
    match json {
        Json::Null => Err(ReadError::at(at, "null is not a value in NGSI-LD (clause 4.5.0)")),
        Json::String(text) if text == NULL && (nulls != Nulls::Anywhere || depth == 0) => {
            Err(ReadError::at(at, "urn:ngsi-ld:null stands inside a value only in merges"))
        }
        Json::Array(items) => {
            items.iter().try_for_each(|item| check_nulls(at, item, Nulls::Refused, depth + 1))
        }
        // A JSON literal (`@type` is `@json`) is not interpreted, so null may stand in it.
        Json::Object(object) if object.get("@type").and_then(Json::as_str) == Some("@json") => Ok(()),
        Json::Object(object) => {
            object.values().try_for_each(|member| check_nulls(at, member, nulls, depth + 1))
        }
        _ => Ok(()),
    }
}

fn check_sizes(at: &str, json: &Json, depth: usize) -> Result<(), ReadError> {
    match json {
        Json::String(text) => check_text(at, text),
        Json::Array(_) | Json::Object(_) if depth > JSON_DEPTH => {
            Err(ReadError::at(at, format!("the value nests more than {JSON_DEPTH} objects and arrays")))
        }
        Json::Array(items) => items.iter().try_for_each(|item| check_sizes(at, item, depth + 1)),
        Json::Object(object) => object.values().try_for_each(|member| check_sizes(at, member, depth + 1)),
        _ => Ok(()),
    }
}

fn check_text(at: &str, text: &str) -> Result<(), ReadError> {
    if text.len() > TEXT_BYTES {
        return Err(ReadError::at(
            at,
            format!("a text of {} bytes is too long; the limit is {TEXT_BYTES}", text.len()),
        ));
    }
    Ok(())
}
