//! `[[map.attribute]]`: how one attribute is filled.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;

use super::TimeDefinition;
use super::map::ConditionDefinition;
use super::read::one_or_many;

/// What kind of NGSI-LD attribute is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttributeKind {
    /// A `Property`.
    #[default]
    Property,
    /// A `GeoProperty`.
    Geo,
    /// A `Relationship`.
    Relationship,
    /// A `LanguageProperty`.
    Language,
    /// A `VocabProperty`.
    Vocab,
    /// A `JsonProperty`.
    Json,
    /// A `ListProperty`.
    List,
}

/// What the value of a property is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// A text.
    #[default]
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Bool,
    /// A date and time, kept as RFC 3339 in UTC.
    Time,
    /// A date, kept as `YYYY-MM-DD`.
    Date,
    /// The JSON value as it came.
    Json,
}

/// One attribute of the target.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttributeDefinition {
    /// Name of the attribute.
    pub name: String,
    /// The field of the record: a column header, a property, or a JSON pointer beginning with `/`.
    pub field: Option<String>,
    /// A constant instead of a field.
    pub value: Option<Value>,
    /// A text made of several fields instead of one field.
    pub template: Option<String>,
    /// Longitude and latitude fields, for kind `geo`.
    pub point: Option<PointDefinition>,
    /// Language tag → field, for kind `language`.
    pub languages: BTreeMap<String, String>,
    /// Kind of attribute.
    pub kind: AttributeKind,
    /// Type of the value.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// Only where these conditions hold.
    #[serde(deserialize_with = "one_or_many")]
    pub when: Vec<ConditionDefinition>,
    /// UN/CEFACT Common Code of the stored unit.
    pub unit: Option<String>,
    /// Unit of the source, as a code or a symbol.
    pub from_unit: Option<String>,
    /// Field that tells the unit of each record.
    pub from_unit_field: Option<String>,
    /// The stored number is the source's number times `factor` plus `offset`.
    pub factor: Option<f64>,
    /// See `factor`.
    pub offset: Option<f64>,
    /// Decimal places kept.
    pub digits: Option<u8>,
    /// Decimal mark: `.` or `,`; the other one then groups thousands.
    pub decimal: Option<char>,
    /// Values that mean "no value".
    pub missing: Vec<Value>,
    /// Code of the source → value stored.
    pub codes: Option<BTreeMap<String, Value>>,
    /// Value for codes that the list does not know.
    pub codes_else: Option<Value>,
    /// Cuts a text into a list of values.
    pub split: Option<String>,
    /// How a value of type `time` or `date` is written: `rfc3339`, `unix`, `unix-ms` or strptime formats.
    #[serde(deserialize_with = "one_or_many")]
    pub format: Vec<String>,
    /// When it was observed; unset, as the whole map says.
    pub observed_at: Option<TimeDefinition>,
    /// Never carries `observedAt`, whatever the whole map says.
    pub timeless: bool,
    /// Results below or above what an instrument can tell.
    pub detection_limit: Option<QualifierDefinition>,
    /// `datasetId`, a template.
    pub dataset: Option<String>,
    /// A record without this attribute is refused.
    pub required: bool,
    /// Attributes of the attribute; these have none of their own.
    pub sub: Vec<AttributeDefinition>,
}

/// Where the longitude and latitude of a point are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointDefinition {
    /// Field of the longitude: decimal degrees, or degrees, minutes and seconds.
    pub lon: String,
    /// Field of the latitude.
    pub lat: String,
}

/// How a result tells that it lies below or above what the instrument can measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualifierDefinition {
    /// Field that holds `<` or `>`; unset, the value itself may begin with it, as in `<0.05`.
    pub qualifier: Option<String>,
    /// Name of the sub-attribute that keeps the qualifier, `qualifier` unless told.
    pub sub: Option<String>,
}
