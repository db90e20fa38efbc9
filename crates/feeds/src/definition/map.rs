//! `[map]`: how one record becomes one entity fragment.

use serde::Deserialize;
use toml::Value;

use super::attribute::AttributeDefinition;
use super::read::{Section, one_or_many};
use super::{DefinitionError, ValueType};

/// What a fragment may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Creates the entity, or writes the attributes of one that exists.
    #[default]
    Upsert,
    /// Writes the attributes of an entity that exists; a record for an unknown entity is refused.
    Update,
}

/// One way of turning a record into an entity fragment. A record may become several entities through several maps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MapDefinition {
    /// Entity type or types.
    #[serde(rename = "type", deserialize_with = "one_or_many")]
    pub types: Vec<String>,
    /// Template of the entity's URI.
    pub id: String,
    /// What a fragment may do.
    pub mode: Mode,
    /// Only records for which these conditions hold.
    #[serde(deserialize_with = "one_or_many")]
    pub when: Vec<ConditionDefinition>,
    /// Scopes, templates.
    #[serde(deserialize_with = "one_or_many")]
    pub scope: Vec<String>,
    /// Time zone of times that tell none.
    pub zone: Option<String>,
    /// When the attributes were observed, unless they say otherwise themselves.
    pub observed_at: Option<TimeDefinition>,
    /// The attributes.
    #[serde(skip)]
    pub attributes: Vec<AttributeDefinition>,
}

/// Where a time is and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimeDefinition {
    /// The field.
    pub field: Option<String>,
    /// A text made of several fields.
    pub template: Option<String>,
    /// The moment when the record arrived.
    pub now: bool,
    /// `rfc3339`, `unix`, `unix-ms` or a strptime format; several are tried in order.
    #[serde(deserialize_with = "one_or_many")]
    pub format: Vec<String>,
    /// Time zone of times that tell none; unset, as the whole map says.
    pub zone: Option<String>,
}

/// A condition on a record. Every part given must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConditionDefinition {
    /// The field.
    pub field: String,
    /// It equals this value.
    pub equals: Option<Value>,
    /// It does not equal this value.
    pub not: Option<Value>,
    /// It equals one of these values.
    pub one_of: Option<Vec<Value>>,
    /// It contains this text, or this item where it is a list.
    pub contains: Option<String>,
    /// It has a value, or it has none.
    pub present: Option<bool>,
    /// It matches this regular expression as a whole.
    pub matches: Option<String>,
}

/// Most attributes of one map.
const MAX_ATTRIBUTES: usize = 256;

impl MapDefinition {
    /// True if at least one attribute says when it was observed.
    pub(super) fn is_timed(&self) -> bool {
        self.observed_at.is_some() || self.attributes.iter().any(|attribute| attribute.observed_at.is_some())
    }

    pub(super) fn read(mut section: Section<'_>) -> Result<Self, DefinitionError> {
        let at = Section { file: section.file, key: section.key.clone(), table: toml::Table::new() };
        let mut attributes = Vec::new();
        for attribute in section.sections("attribute", MAX_ATTRIBUTES)? {
            let key = attribute.key.clone();
            let attribute: AttributeDefinition = attribute.read()?;
            check(&attribute).map_err(|(part, rule)| {
                DefinitionError::new(at.file, format!("{key} ({}).{part}", attribute.name), rule)
            })?;
            attributes.push(attribute);
        }
        let map = Self { attributes, ..section.read()? };
        if map.types.is_empty() {
            return Err(at.refuse("type", "is missing"));
        }
        if map.id.is_empty() {
            return Err(at.refuse("id", "is missing"));
        }
        Ok(map)
    }
}

/// Rules that need no more than the attribute itself: the key and the rule it breaks.
fn check(attribute: &AttributeDefinition) -> Result<(), (&'static str, String)> {
    let refuse = |key: &'static str, rule: &str| Err((key, rule.to_owned()));
    if attribute.name.is_empty() {
        return refuse("name", "is missing");
    }
    let inputs = [
        attribute.field.is_some(),
        attribute.value.is_some(),
        attribute.template.is_some(),
        attribute.point.is_some(),
        !attribute.languages.is_empty(),
    ];
    if inputs.iter().filter(|given| **given).count() != 1 {
        return refuse("field", "give exactly one of field, value, template, point and languages");
    }
    let number = matches!(attribute.value_type, ValueType::Number | ValueType::Integer);
    let numeric = attribute.unit.is_some()
        || attribute.factor.is_some()
        || attribute.offset.is_some()
        || attribute.decimal.is_some()
        || attribute.digits.is_some()
        || attribute.detection_limit.is_some();
    if numeric && !number && attribute.point.is_none() {
        return refuse(
            "type",
            "must be number or integer where a unit, factor, decimal mark, digits or detection limit is given",
        );
    }
    if (attribute.from_unit.is_some() || attribute.from_unit_field.is_some()) && attribute.unit.is_none() {
        return refuse("from_unit", "needs unit beside it");
    }
    if attribute.from_unit.is_some() && (attribute.factor.is_some() || attribute.offset.is_some()) {
        return refuse("factor", "give either from_unit or factor and offset");
    }
    if attribute.decimal.is_some_and(|mark| mark != '.' && mark != ',') {
        return refuse("decimal", "must be \".\" or \",\"");
    }
    if attribute.digits.is_some_and(|digits| digits > 12) {
        return refuse("digits", "must be at most 12");
    }
    if attribute.codes_else.is_some() && attribute.codes.is_none() {
        return refuse("codes_else", "needs codes beside it");
    }
    if attribute.split.as_ref().is_some_and(String::is_empty) {
        return refuse("split", "must not be empty");
    }
    if attribute.timeless && attribute.observed_at.is_some() {
        return refuse("timeless", "contradicts observed_at");
    }
    for sub in &attribute.sub {
        if !sub.sub.is_empty() {
            return refuse("sub", "a sub-attribute has no sub-attributes of its own");
        }
        check(sub)?;
    }
    Ok(())
}
