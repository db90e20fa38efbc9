//! The kinds of attribute (clause 4.5) by the names that `type` gives them.

use std::fmt;

use dinh_model::Value;

/// A kind of attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum AttributeKind {
    /// A value.
    Property,
    /// A geometry.
    GeoProperty,
    /// Texts by language.
    LanguageProperty,
    /// Terms of a vocabulary.
    VocabProperty,
    /// JSON as it is.
    JsonProperty,
    /// An ordered list of values.
    ListProperty,
    /// Links to entities.
    Relationship,
    /// An ordered list of links.
    ListRelationship,
}

impl AttributeKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Property,
        Self::GeoProperty,
        Self::LanguageProperty,
        Self::VocabProperty,
        Self::JsonProperty,
        Self::ListProperty,
        Self::Relationship,
        Self::ListRelationship,
    ];

    /// The kind that a `type` names.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind of a value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Property(_) => Self::Property,
            Value::Geo(_) => Self::GeoProperty,
            Value::Language(_) => Self::LanguageProperty,
            Value::Vocab(_) => Self::VocabProperty,
            Value::Json(_) => Self::JsonProperty,
            Value::List(_) => Self::ListProperty,
            Value::Relationship { .. } => Self::Relationship,
            Value::ListRelationship { .. } => Self::ListRelationship,
        }
    }

    /// As `type` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Property => "Property",
            Self::GeoProperty => "GeoProperty",
            Self::LanguageProperty => "LanguageProperty",
            Self::VocabProperty => "VocabProperty",
            Self::JsonProperty => "JsonProperty",
            Self::ListProperty => "ListProperty",
            Self::Relationship => "Relationship",
            Self::ListRelationship => "ListRelationship",
        }
    }

    /// The member that holds the value of this kind.
    pub fn member(self) -> &'static str {
        match self {
            Self::Property | Self::GeoProperty => "value",
            Self::LanguageProperty => "languageMap",
            Self::VocabProperty => "vocab",
            Self::JsonProperty => "json",
            Self::ListProperty => "valueList",
            Self::Relationship => "object",
            Self::ListRelationship => "objectList",
        }
    }

    /// The member that holds the value before a change, in notifications that show changes.
    pub fn previous_member(self) -> &'static str {
        match self {
            Self::Property | Self::GeoProperty => "previousValue",
            Self::LanguageProperty => "previousLanguageMap",
            Self::VocabProperty => "previousVocab",
            Self::JsonProperty => "previousJson",
            Self::ListProperty => "previousValueList",
            Self::Relationship => "previousObject",
            Self::ListRelationship => "previousObjectList",
        }
    }
}

impl fmt::Display for AttributeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
