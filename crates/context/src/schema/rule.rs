//! Rules of types that a value can break, for those who tell people about it in their own language.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value as Json;

/// Most values of a list that are told.
const MAX_OPTIONS: usize = 12;

/// A rule of a type that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// The attribute must be there.
    Required,
    /// It must be another kind of attribute, such as a `Relationship`.
    Kind(String),
    /// Values are kept in this unit.
    Unit(String),
    /// The least value.
    Minimum(String),
    /// The greatest value.
    Maximum(String),
    /// The types of JSON that it may have.
    Type(Vec<&'static str>),
    /// The values that it may have.
    Enum(Vec<String>),
    /// The regular expression that it must match.
    Pattern(String),
    /// The format that it must have, such as `date-time`.
    Format(String),
    /// The least number of characters.
    MinLength(u64),
    /// The greatest number of characters.
    MaxLength(u64),
    /// The least number of items.
    MinItems(u64),
    /// The greatest number of items.
    MaxItems(u64),
    /// Another keyword of JSON Schema.
    Other(String),
}

impl Rule {
    /// A word for programs: the keyword of JSON Schema where there is one.
    pub fn word(&self) -> &str {
        match self {
            Self::Required => "required",
            Self::Kind(_) => "kind",
            Self::Unit(_) => "unit",
            Self::Minimum(_) => "minimum",
            Self::Maximum(_) => "maximum",
            Self::Type(_) => "type",
            Self::Enum(_) => "enum",
            Self::Pattern(_) => "pattern",
            Self::Format(_) => "format",
            Self::MinLength(_) => "minLength",
            Self::MaxLength(_) => "maxLength",
            Self::MinItems(_) => "minItems",
            Self::MaxItems(_) => "maxItems",
            Self::Other(keyword) => keyword,
        }
    }

    /// The rule that a validator found broken.
    pub(super) fn of(error: &ValidationError<'_>) -> Self {
        match error.kind() {
            ValidationErrorKind::Minimum { limit } => Self::Minimum(limit.to_string()),
            ValidationErrorKind::Maximum { limit } => Self::Maximum(limit.to_string()),
            ValidationErrorKind::Type { kind: TypeKind::Single(one) } => Self::Type(vec![one.as_str()]),
            ValidationErrorKind::Type { kind: TypeKind::Multiple(several) } => {
                Self::Type(several.iter().map(JsonType::as_str).collect())
            }
            ValidationErrorKind::Enum { options } => Self::Enum(texts(options)),
            ValidationErrorKind::Pattern { pattern } => Self::Pattern(pattern.clone()),
            ValidationErrorKind::Format { format } => Self::Format(format.clone()),
            ValidationErrorKind::MinLength { limit } => Self::MinLength(*limit),
            ValidationErrorKind::MaxLength { limit } => Self::MaxLength(*limit),
            ValidationErrorKind::MinItems { limit } => Self::MinItems(*limit),
            ValidationErrorKind::MaxItems { limit } => Self::MaxItems(*limit),
            other => Self::Other(other.keyword().to_owned()),
        }
    }
}

fn texts(options: &Json) -> Vec<String> {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default().iter().take(MAX_OPTIONS);
    options.map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect()
}
