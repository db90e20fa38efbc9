//! GeoJSON features as entities: the way back from clause 4.5.16.

use dinh_model::Entity;
use serde_json::{Map, Value as Json, json};

use super::entity::{entity, object};
use super::{Format, ReadError, Reader};

/// Reads an entity given as a GeoJSON feature: `properties` holds its type and attributes, `geometry` becomes the
/// `GeoProperty` named `geometry_property` unless that stands among the properties too.
pub fn feature(reader: &Reader<'_>, json: Json, geometry_property: &str) -> Result<Entity, ReadError> {
    let mut feature = object(json)?;
    if feature.get("type").and_then(Json::as_str) != Some("Feature") {
        return Err(ReadError::at("type", "it must be Feature"));
    }
    let mut members: Map<String, Json> = match feature.remove("properties") {
        Some(Json::Object(members)) => members,
        None | Some(Json::Null) => Map::new(),
        Some(_) => return Err(ReadError::at("properties", "it must be an object")),
    };
    let id = feature.remove("id").ok_or_else(|| ReadError::at("id", "an entity needs an id"))?;
    members.insert("id".to_owned(), id);
    match feature.remove("geometry") {
        None | Some(Json::Null) => {}
        Some(geometry) if !members.contains_key(geometry_property) => {
            let value = match reader.format {
                Format::Simplified => geometry,
                Format::Full => json!({"type": "GeoProperty", "value": geometry}),
            };
            members.insert(geometry_property.to_owned(), value);
        }
        Some(_) => {}
    }
    entity(reader, Json::Object(members))
}
