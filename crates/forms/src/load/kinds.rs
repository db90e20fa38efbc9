//! Which keywords each kind of field takes, beside those that all take. Anything else in a file is refused: a keyword
//! that is silently without effect would be believed.

use serde_json::{Map, Value};

use super::LoadError;

/// Kind, its JSON type, its keywords of JSON Schema, its members of `x-dinh`.
type Takes = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const KINDS: &[Takes] = &[
    ("text", "string", &["minLength", "maxLength", "pattern"], &["says", "suggest"]),
    ("long-text", "string", &["minLength", "maxLength"], &[]),
    ("number", "number", &["minimum", "maximum"], &["digits", "unit"]),
    ("integer", "integer", &["minimum", "maximum"], &["unit"]),
    ("money", "integer", &["minimum", "maximum"], &[]),
    ("date", "string", &["format"], &["earliest", "latest"]),
    ("partial-date", "string", &[], &["earliest", "latest"]),
    ("time", "string", &[], &[]),
    ("yes-no", "boolean", &[], &[]),
    ("choice", "string", &["enum"], &["options", "folded"]),
    ("choices", "array", &["items", "minItems", "maxItems", "uniqueItems"], &["options"]),
    ("personal-id", "string", &["pattern"], &["sex", "born"]),
    ("old-id", "string", &["pattern"], &[]),
    ("tax-code", "string", &[], &[]),
    ("telephone", "string", &[], &[]),
    ("email", "string", &["format"], &[]),
    ("files", "array", &["items", "minItems", "maxItems", "uniqueItems"], &["media", "size"]),
    ("consent", "boolean", &["const"], &[]),
    ("computed", "number", &[], &["rule", "shown"]),
    ("group", "object", &["properties", "required"], &[]),
    ("person", "object", &[], &["parts", "required_parts", "partial"]),
    ("address", "object", &[], &["units"]),
    ("parcel", "object", &[], &[]),
    ("table", "array", &["items", "minItems", "maxItems"], &["row"]),
];

const ALL_SCHEMA: &[&str] = &["type", "title", "description", "x-dinh"];
const ALL_ASK: &[&str] =
    &["field", "title", "hint", "help", "visible_if", "required", "required_if", "prefill"];

/// Refuses a property with a kind that does not exist, a JSON type that is not its own, or keywords that it has no use for.
pub(super) fn check(at: &str, property: &Value) -> Result<(), LoadError> {
    let fault = |says: String| LoadError::new(at, says);
    let map = property.as_object().ok_or_else(|| fault("is not an object".to_owned()))?;
    let ask = map.get("x-dinh").and_then(Value::as_object);
    let ask = ask.ok_or_else(|| fault("x-dinh is missing: it says what is asked".to_owned()))?;
    let word = ask.get("field").and_then(Value::as_str).unwrap_or_default();
    let Some((_, json_type, schema, members)) = KINDS.iter().find(|(kind, ..)| *kind == word) else {
        let known: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        return Err(fault(format!("x-dinh.field: {word:?} is no kind; there are {}", known.join(", "))));
    };
    if map.get("type").and_then(Value::as_str) != Some(json_type) {
        return Err(fault(format!("type: a field of kind {word} has the type {json_type:?}")));
    }
    none_other(map, ALL_SCHEMA, schema)
        .map_err(|key| fault(format!("{key}: a field of kind {word} has no use for it")))?;
    none_other(ask, ALL_ASK, members)
        .map_err(|key| fault(format!("x-dinh.{key}: a field of kind {word} has no use for it")))
}

fn none_other(map: &Map<String, Value>, all: &[&str], own: &[&str]) -> Result<(), String> {
    match map.keys().find(|key| !all.contains(&key.as_str()) && !own.contains(&key.as_str())) {
        Some(key) => Err(key.clone()),
        None => Ok(()),
    }
}
