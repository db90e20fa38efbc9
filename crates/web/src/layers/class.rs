//! Classes of value: what a legend lists.

use dinh_context::packs::Titles;
use dinh_model::Term;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Colour, ItemValue, Sign};

/// A class as a pack writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClass {
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    min: Option<f64>,
    #[serde(default)]
    max: Option<f64>,
    #[serde(default)]
    equals: Option<Json>,
    colour: Colour,
    #[serde(default)]
    dark: Option<Colour>,
    #[serde(default)]
    shape: Option<Sign>,
    #[serde(default)]
    level: u8,
    title: Titles,
}

/// One class of value. The first whose conditions all hold is the class of an item; a class without conditions takes
/// what is left.
#[derive(Clone, Debug, Serialize)]
pub struct Class {
    /// The attribute compared, if it is another than the layer's value.
    #[serde(skip)]
    pub attribute: Option<Term>,
    /// The value is at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The value is below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The value is this text (numbers and truth values are compared by their JSON text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// Colour on light ground.
    pub colour: Colour,
    /// Colour on dark ground.
    pub dark: Colour,
    /// Sign.
    pub sign: Sign,
    /// How much it matters: 0 not at all, 1 watch, 2 warn, 3 danger, 4 extreme. From 2 on it asks for attention.
    pub level: u8,
    /// What people call it.
    pub title: Titles,
}

/// Level from which a class asks for attention.
pub const ATTENTION: u8 = 2;
/// The highest level.
pub(super) const MAX_LEVEL: u8 = 4;

impl RawClass {
    pub(super) fn level(&self) -> u8 {
        self.level
    }
}

impl Class {
    pub(super) fn new(raw: RawClass, sign: Sign, expand: &dyn Fn(&str) -> Term) -> Self {
        Self {
            attribute: raw.attribute.as_deref().map(expand),
            min: raw.min,
            max: raw.max,
            equals: raw.equals.map(|json| match json {
                Json::String(text) => text,
                other => other.to_string(),
            }),
            dark: raw.dark.unwrap_or_else(|| raw.colour.clone()),
            colour: raw.colour,
            sign: raw.shape.unwrap_or(sign),
            level: raw.level,
            title: raw.title,
        }
    }

    /// True if the class takes everything.
    pub fn is_rest(&self) -> bool {
        self.min.is_none() && self.max.is_none() && self.equals.is_none()
    }

    /// True if `value` belongs to the class.
    pub fn takes(&self, value: Option<&ItemValue>) -> bool {
        if self.is_rest() {
            return true;
        }
        let Some(value) = value else { return false };
        if let Some(wanted) = &self.equals
            && !value.is(wanted)
        {
            return false;
        }
        if self.min.is_none() && self.max.is_none() {
            return true;
        }
        value
            .number()
            .is_some_and(|n| self.min.is_none_or(|min| n >= min) && self.max.is_none_or(|max| n < max))
    }
}
