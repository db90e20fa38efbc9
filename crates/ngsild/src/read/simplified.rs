//! Attributes in the simplified representation (clause 4.5.4).

use dinh_model::Value;
use serde_json::{Map, Value as Json};

use super::attribute::Place;
use super::text::dataset_id;
use super::value::{geometry, looks_like_geometry};
use super::{ReadError, Reader};
use crate::context::Coercion;
use crate::kind::AttributeKind;
use crate::mutation::{AttributePatch, ValuePatch};
use crate::vocabulary::NULL;

impl Reader<'_> {
    /// Reads all instances of an attribute. In a patch a bare value takes the kind that the attribute has; elsewhere
    /// a text is a relationship if the context says that the term holds URIs, and a property otherwise.
    pub(super) fn simplified_instances(
        &self,
        name: &str,
        json: Json,
        place: Place<'_>,
    ) -> Result<Vec<AttributePatch>, ReadError> {
        match json {
            Json::Object(mut object)
                if object.len() == 1 && object.get("dataset").is_some_and(Json::is_object) =>
            {
                let Some(Json::Object(instances)) = object.remove("dataset") else { return Ok(Vec::new()) };
                instances
                    .into_iter()
                    .map(|(dataset, json)| {
                        let mut patch = self.simplified_instance(name, json, place)?;
                        patch.dataset_id = dataset_id(place.at, &dataset)?;
                        Ok(patch)
                    })
                    .collect()
            }
            one => Ok(vec![self.simplified_instance(name, one, place)?]),
        }
    }

    fn simplified_instance(
        &self,
        name: &str,
        json: Json,
        place: Place<'_>,
    ) -> Result<AttributePatch, ReadError> {
        let kind = match &json {
            Json::Object(object) => wrapped_kind(object),
            Json::String(text) if text == NULL => Some(AttributeKind::Property),
            Json::String(_) | Json::Array(_) if !place.partial && self.holds_uris(name) => {
                Some(AttributeKind::Relationship)
            }
            _ => None,
        };
        let value = match (kind, json) {
            (Some(AttributeKind::GeoProperty), json) => {
                ValuePatch::Set(Value::Geo(geometry(place.at, json)?))
            }
            (Some(kind), Json::Object(mut object)) => {
                let inner = object.remove(kind.member()).unwrap_or(Json::Null);
                self.value(place.at, kind, inner, place.nulls)?
            }
            (Some(kind), json) => self.value(place.at, kind, json, place.nulls)?,
            (None, json) => {
                super::value::check(place.at, &json, place.nulls)?;
                let terms = self.terms(place.at, &json).ok();
                ValuePatch::Plain { json, terms }
            }
        };
        Ok(AttributePatch::of(value))
    }

    fn holds_uris(&self, name: &str) -> bool {
        self.context.coercion(name) == Some(&Coercion::Id)
    }
}

/// The kind that a simplified object names by its one member, or a geometry's.
fn wrapped_kind(object: &Map<String, Json>) -> Option<AttributeKind> {
    if looks_like_geometry(object) {
        return Some(AttributeKind::GeoProperty);
    }
    match (object.len(), object.keys().next()?.as_str()) {
        (1, "languageMap") => Some(AttributeKind::LanguageProperty),
        (1, "vocab") => Some(AttributeKind::VocabProperty),
        (1, "json") => Some(AttributeKind::JsonProperty),
        _ => None,
    }
}
