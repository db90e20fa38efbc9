//! One attribute of a type.

use std::borrow::Cow;

use dinh_access::{AttributeMarks, Mask, Privacy, Relation};
use dinh_model::{Attribute, OneOrMany, Term, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::Rule;
use crate::packs::Titles;

/// The unit that values of an attribute are kept in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// UN/CEFACT Common Code.
    pub code: String,
    /// What people write, e.g. `mm`.
    pub symbol: String,
}

/// The `x-dinh` member of a property.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Marks {
    pub(super) title: Titles,
    pub(super) description: Titles,
    pub(super) unit: Option<Unit>,
    pub(super) privacy: Privacy,
    pub(super) index: bool,
    pub(super) search: bool,
    pub(super) source: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) digits: Option<u8>,
    pub(super) mask: Mask,
    pub(super) relation: Option<Relation>,
}

/// What a pack says about one attribute of a type.
#[derive(Debug)]
pub struct AttributeType {
    /// Short name.
    pub name: String,
    /// Full name.
    pub term: Term,
    /// What people call it.
    pub title: Titles,
    /// More words about it.
    pub description: Titles,
    /// Unit that values are kept in.
    pub unit: Option<Unit>,
    /// Who may see it.
    pub privacy: Privacy,
    /// Whether queries compare it often.
    pub index: bool,
    /// Whether full-text search looks into it.
    pub search: bool,
    /// Where such values come from.
    pub source: Option<String>,
    /// Decimal places worth showing.
    pub digits: Option<u8>,
    /// How it is shown to those who may know that it is there, but not what it says.
    pub mask: Mask,
    /// Whether it ties an entity to people or units, and how.
    pub relation: Option<Relation>,
    kind: Option<String>,
    validator: jsonschema::Validator,
}

impl AttributeType {
    pub(super) fn new(
        name: &str,
        term: Term,
        schema: &Json,
        definitions: Option<&Json>,
    ) -> Result<Self, String> {
        let marks: Marks = match schema.get("x-dinh") {
            Some(marks) => {
                serde_json::from_value(marks.clone()).map_err(|e| format!("{name}: x-dinh: {e}"))?
            }
            None => Marks::default(),
        };
        let mut alone = schema.as_object().cloned().unwrap_or_else(Map::new);
        alone.remove("x-dinh");
        if let Some(definitions) = definitions {
            alone.insert("$defs".to_owned(), definitions.clone());
        }
        let validator =
            jsonschema::draft202012::new(&Json::Object(alone)).map_err(|e| format!("{name}: {e}"))?;
        Ok(Self {
            name: name.to_owned(),
            term,
            title: marks.title,
            description: marks.description,
            unit: marks.unit,
            privacy: marks.privacy,
            index: marks.index,
            search: marks.search,
            source: marks.source,
            digits: marks.digits,
            mask: marks.mask,
            relation: marks.relation,
            kind: marks.kind,
            validator,
        })
    }

    /// What decisions need to know of it.
    pub(super) fn marks(&self) -> AttributeMarks {
        AttributeMarks { privacy: self.privacy, mask: self.mask, relation: self.relation }
    }

    /// Says which rule of the type `attribute` breaks, if it breaks one, and how.
    pub(super) fn fault(&self, attribute: &Attribute) -> Option<(Rule, String)> {
        if let Some(kind) = &self.kind
            && kind != kind_name(&attribute.value)
        {
            let how = format!("must be a {kind}, not a {}", kind_name(&attribute.value));
            return Some((Rule::Kind(kind.clone()), how));
        }
        if let (Some(unit), Some(code)) = (&self.unit, &attribute.unit_code)
            && unit.code != **code
        {
            let how = format!("is kept in unitCode {}, not {code}", unit.code);
            return Some((Rule::Unit(unit.code.clone()), how));
        }
        let value = simplified(&attribute.value);
        let error = self.validator.validate(&value).err()?;
        Some((Rule::of(&error), error.masked_with("the value").to_string()))
    }
}

/// The value as the simplified representation shows it.
fn simplified(value: &Value) -> Cow<'_, Json> {
    match value {
        Value::Property(json) | Value::Json(json) => Cow::Borrowed(json),
        Value::Geo(geometry) => Cow::Borrowed(geometry.as_json()),
        Value::Relationship { object, .. } => Cow::Owned(one_or_many(object, |iri| iri.as_str())),
        Value::Vocab(terms) => Cow::Owned(one_or_many(terms, |t| short(t.as_str()))),
        Value::List(items) => Cow::Owned(Json::Array(items.clone())),
        Value::ListRelationship { objects, .. } => {
            Cow::Owned(objects.iter().map(|o| Json::from(o.as_str())).collect())
        }
        Value::Language(texts) => Cow::Owned(
            texts
                .iter()
                .map(|(tag, text)| (tag.clone(), one_or_many(text, String::as_str)))
                .collect::<Map<_, _>>()
                .into(),
        ),
    }
}

fn one_or_many<T>(items: &OneOrMany<T>, text: impl Fn(&T) -> &str) -> Json {
    match items {
        OneOrMany::One(item) => text(item).into(),
        OneOrMany::Many(items) => items.iter().map(|i| Json::from(text(i))).collect(),
    }
}

fn short(iri: &str) -> &str {
    iri.rsplit(['/', '#']).next().unwrap_or(iri)
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Property(_) => "Property",
        Value::Relationship { .. } => "Relationship",
        Value::Geo(_) => "GeoProperty",
        Value::Language(_) => "LanguageProperty",
        Value::Vocab(_) => "VocabProperty",
        Value::Json(_) => "JsonProperty",
        Value::List(_) => "ListProperty",
        Value::ListRelationship { .. } => "ListRelationship",
    }
}
