//! Which member of an attribute means what.

use crate::kind::AttributeKind;
use crate::vocabulary::CORE_NAMESPACE;

/// A member of an attribute, by its short name or its IRI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// `type`.
    Type,
    /// The member that holds a value of these kinds.
    Value,
    /// `object`, `languageMap`, `vocab`, `json`, `valueList`, `objectList`.
    Special(AttributeKind),
    /// `datasetId`.
    DatasetId,
    /// `observedAt`.
    ObservedAt,
    /// `unitCode`.
    UnitCode,
    /// `objectType`.
    ObjectType,
    /// `valueType`.
    ValueType,
    /// `entityIdSealed`, `entityTypeSealed`: parts of `ngsildproof`.
    Sealed,
    /// Kept by the graph; ignored in input.
    System,
    /// Written in answers only.
    OutputOnly,
    /// `expiresAt`.
    ExpiresAt,
    /// `@context`.
    Context,
    /// An attribute of the attribute.
    Attribute,
}

impl Member {
    /// What the member `name` means. The core context wins over the author's, so short core names have one meaning.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "type" | "@type" => Self::Type,
            "@context" => Self::Context,
            _ => Self::named(name.strip_prefix(CORE_NAMESPACE).unwrap_or(name)),
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "value" | "hasValue" => Self::Value,
            "object" | "hasObject" => Self::Special(AttributeKind::Relationship),
            "languageMap" | "hasLanguageMap" => Self::Special(AttributeKind::LanguageProperty),
            "vocab" | "hasVocab" => Self::Special(AttributeKind::VocabProperty),
            "json" | "hasJSON" => Self::Special(AttributeKind::JsonProperty),
            "valueList" | "hasValueList" => Self::Special(AttributeKind::ListProperty),
            "objectList" | "hasObjectList" => Self::Special(AttributeKind::ListRelationship),
            "datasetId" => Self::DatasetId,
            "observedAt" => Self::ObservedAt,
            "unitCode" => Self::UnitCode,
            "objectType" | "hasObjectType" => Self::ObjectType,
            "valueType" | "hasValueType" => Self::ValueType,
            "entityIdSealed" | "entityTypeSealed" => Self::Sealed,
            "createdAt" | "modifiedAt" | "deletedAt" | "instanceId" => Self::System,
            "expiresAt" => Self::ExpiresAt,
            "previousValue"
            | "previousObject"
            | "previousLanguageMap"
            | "previousVocab"
            | "previousJson"
            | "previousValueList"
            | "previousObjectList"
            | "hasPreviousValue"
            | "hasPreviousObject"
            | "hasPreviousLanguageMap"
            | "hasPreviousVocab"
            | "hasPreviousJson"
            | "hasPreviousValueList"
            | "hasPreviousObjectList"
            | "entity"
            | "entityList"
            | "dataset"
            | "hasDataset"
            | "values"
            | "hasValues"
            | "objects"
            | "hasObjects"
            | "valueLists"
            | "hasValueLists"
            | "objectLists"
            | "hasObjectLists"
            | "languageMaps"
            | "hasLanguageMaps"
            | "vocabs"
            | "hasVocabs"
            | "jsons" => Self::OutputOnly,
            _ => Self::Attribute,
        }
    }

    /// True for a member that only attributes have: an object that carries one is an attribute, not a bare value.
    pub(super) fn marks_attribute(self) -> bool {
        matches!(
            self,
            Self::Value
                | Self::Special(_)
                | Self::DatasetId
                | Self::ObservedAt
                | Self::UnitCode
                | Self::ObjectType
                | Self::ValueType
        )
    }

    /// True if no attribute of an entity may have this name (clause 4.5.1).
    pub(super) fn is_reserved(self) -> bool {
        self != Self::Attribute
    }
}
