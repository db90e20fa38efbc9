//! What a file of a form may say.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::text::Text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawForm {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "$id")]
    pub(super) id: String,
    #[serde(default, rename = "title")]
    _title: Option<String>,
    #[serde(rename = "type")]
    _type: ObjectType,
    #[serde(default)]
    pub(super) required: Vec<String>,
    pub(super) properties: Map<String, Value>,
    #[serde(rename = "x-dinh")]
    pub(super) ask: RawFormAsk,
}

#[derive(Deserialize)]
enum ObjectType {
    #[serde(rename = "object")]
    Object,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFormAsk {
    pub(super) title: Text,
    pub(super) lead: Option<Text>,
    pub(super) valid_from: Date,
    pub(super) source: Text,
    pub(super) applicant: Option<RawApplicant>,
    pub(super) steps: Vec<RawStep>,
}

/// Who applies: the field that asks for a person, or fields by name.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawApplicant {
    Person(String),
    Fields(RawApplicantFields),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApplicantFields {
    pub(super) name: String,
    pub(super) number: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) address: Option<String>,
    #[serde(default)]
    pub(super) organisation: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) groups: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSection {
    pub(super) title: Option<Text>,
    pub(super) note: Option<Text>,
    #[serde(default)]
    pub(super) fields: Vec<String>,
    pub(super) visible_if: Option<Value>,
}

/// A property: keywords of JSON Schema, and `x-dinh`. Which of them a kind takes is in `kinds.rs`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawField {
    #[serde(default, rename = "enum")]
    pub(super) codes: Vec<String>,
    pub(super) items: Option<Value>,
    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) pattern: Option<String>,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    #[serde(default)]
    pub(super) properties: Map<String, Value>,
    #[serde(default)]
    pub(super) required: Vec<String>,
    #[serde(rename = "x-dinh")]
    pub(super) ask: RawAsk,
}

#[derive(Clone, Deserialize)]
pub(super) struct RawAsk {
    pub(super) field: String,
    pub(super) title: Text,
    pub(super) hint: Option<Text>,
    pub(super) help: Option<Text>,
    pub(super) visible_if: Option<Value>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) required_if: Option<Value>,
    pub(super) prefill: Option<String>,
    #[serde(default)]
    pub(super) options: Map<String, Value>,
    #[serde(default)]
    pub(super) folded: bool,
    pub(super) digits: Option<u8>,
    pub(super) unit: Option<Text>,
    pub(super) earliest: Option<String>,
    pub(super) latest: Option<String>,
    pub(super) says: Option<Text>,
    #[serde(default)]
    pub(super) suggest: Vec<String>,
    pub(super) units: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) born: Option<String>,
    #[serde(default)]
    pub(super) media: Vec<String>,
    pub(super) size: Option<u64>,
    pub(super) rule: Option<Value>,
    pub(super) shown: Option<String>,
    #[serde(default)]
    pub(super) parts: Vec<String>,
    #[serde(default)]
    pub(super) required_parts: Vec<String>,
    #[serde(default)]
    pub(super) partial: bool,
    pub(super) row: Option<Text>,
}
