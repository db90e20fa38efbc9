//! Fields out of the properties of a file.

use serde_json::{Map, Value};

use super::raw::{RawAsk, RawField};
use super::{LoadError, built, composite, kinds};
use crate::expr::Rule;
use crate::field::{Field, Kind, Need};
use crate::path::is_name;

/// Deepest nesting of groups and tables.
const MOST_DEPTH: usize = 4;
/// Most characters of a title, a hint, a help.
const MOST_TITLE: usize = 600;
/// Names that the pages use for themselves.
const TAKEN: [&str; 4] = ["do", "lang", "step", "form"];

/// The fields of these properties; `at` is the place of the object that they belong to.
pub(super) fn all(
    at: &str,
    properties: &Map<String, Value>,
    required: &[String],
    depth: usize,
) -> Result<Vec<Field>, LoadError> {
    if depth > MOST_DEPTH {
        return Err(LoadError::new(at, format!("groups and tables are nested deeper than {MOST_DEPTH}")));
    }
    if let Some(name) = required.iter().find(|name| !properties.contains_key(*name)) {
        return Err(LoadError::new(format!("{at}required"), format!("there is no property {name:?}")));
    }
    let one = |(name, property): (&String, &Value)| {
        let place = format!("{at}properties.{name}");
        if !is_name(name) || (depth == 0 && TAKEN.contains(&name.as_str())) {
            let says = "a name is a lower-case letter, then letters and digits, at most 40, and not one of do, lang, step, form";
            return Err(LoadError::new(place, says));
        }
        kinds::check(&place, property)?;
        let raw: RawField =
            serde_json::from_value(property.clone()).map_err(|e| LoadError::new(&place, e.to_string()))?;
        field(&place, name, &raw, required.contains(name), depth)
    };
    properties.iter().map(one).collect()
}

fn field(at: &str, name: &str, raw: &RawField, always: bool, depth: usize) -> Result<Field, LoadError> {
    let ask = &raw.ask;
    let texts = [Some(&ask.title), ask.hint.as_ref(), ask.help.as_ref(), ask.row.as_ref(), ask.says.as_ref()];
    if texts.into_iter().flatten().any(|text| text.is_unfit(MOST_TITLE)) {
        let says = format!("x-dinh: every text is in both languages and has at most {MOST_TITLE} characters");
        return Err(LoadError::new(at, says));
    }
    let kind = kind(at, raw, depth)?;
    let visible_if = rule(at, "visible_if", ask.visible_if.as_ref())?;
    if always && visible_if.is_some() {
        let says = "is asked only sometimes, so it stands not in required; say x-dinh.required: true (whenever it is asked)";
        return Err(LoadError::new(at, says));
    }
    let need = need(at, ask, always, &kind)?;
    Ok(Field {
        name: name.to_owned(),
        title: ask.title.clone(),
        hint: ask.hint.clone(),
        help: ask.help.clone(),
        kind,
        need,
        visible_if,
        prefill: ask.prefill.clone(),
    })
}

fn need(at: &str, ask: &RawAsk, always: bool, kind: &Kind) -> Result<Need, LoadError> {
    let conditional = rule(at, "required_if", ask.required_if.as_ref())?;
    if kind.is_computed() && (always || ask.required || conditional.is_some()) {
        return Err(LoadError::new(at, "what is computed is not answered, so it cannot be required"));
    }
    match (always || ask.required, conditional) {
        (true, Some(_)) => {
            Err(LoadError::new(at, "is required always and under a condition; say one of them"))
        }
        (true, None) => Ok(Need::Always),
        (false, Some(rule)) => Ok(Need::If(rule)),
        (false, None) => Ok(Need::Optional),
    }
}

pub(super) fn rule(at: &str, member: &str, raw: Option<&Value>) -> Result<Option<Rule>, LoadError> {
    raw.map(|raw| {
        Rule::parse(raw).map_err(|e| LoadError::new(format!("{at}.x-dinh.{member}"), e.to_string()))
    })
    .transpose()
}

fn kind(at: &str, raw: &RawField, depth: usize) -> Result<Kind, LoadError> {
    match raw.ask.field.as_str() {
        "group" => {
            let fields = all(&format!("{at}."), &raw.properties, &raw.required, depth + 1)?;
            Ok(Kind::Group { what: crate::field::What::Plain, fields })
        }
        "table" => table(at, raw, depth),
        "person" => composite::person(at, &raw.ask),
        "address" => Ok(composite::address(built::units_on(at, raw.ask.units.as_deref())?)),
        "parcel" => Ok(composite::parcel()),
        _ => built::leaf(at, raw),
    }
}

fn table(at: &str, raw: &RawField, depth: usize) -> Result<Kind, LoadError> {
    if depth > 0 {
        return Err(LoadError::new(at, "a table stands on the first floor, in no group and no other table"));
    }
    let items = raw.items.as_ref().and_then(Value::as_object);
    let items = items.ok_or_else(|| LoadError::new(at, "items: says what a row is"))?;
    let known = ["type", "properties", "required"];
    if items.get("type").and_then(Value::as_str) != Some("object")
        || items.keys().any(|key| !known.contains(&key.as_str()))
    {
        return Err(LoadError::new(
            at,
            "items: an object with type \"object\", properties and required, and nothing else",
        ));
    }
    let empty = Map::new();
    let properties = items.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let required: Vec<String> = items
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect())
        .unwrap_or_default();
    let fields = all(&format!("{at}.items."), properties, &required, depth + 1)?;
    if fields.is_empty() {
        return Err(LoadError::new(at, "items: a row has at least one field"));
    }
    let row =
        raw.ask.row.clone().ok_or_else(|| LoadError::new(at, "x-dinh.row: says what one row is called"))?;
    Ok(Kind::Table { fields, count: built::count(at, raw, super::MOST_ROWS)?, row })
}
