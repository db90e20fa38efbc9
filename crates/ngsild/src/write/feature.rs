//! Entities as GeoJSON (clauses 4.5.16 and 4.5.17).

use dinh_model::{Entity, Term, Value};

use super::entity::in_order;
use super::{Object, Writer, members};

/// Appends an entity as a GeoJSON feature with the geometry of `geometry_property`, or null if it has none. With
/// several instances the default one gives the geometry, or the one that a `datasetId` filter leaves.
pub fn feature(writer: &Writer<'_>, out: &mut Vec<u8>, entity: &Entity, geometry_property: &Term) {
    let mut object = Object::open(out);
    object.text("id", entity.id.as_str());
    object.text("type", "Feature");
    match geometry(writer, entity, geometry_property) {
        Some(geometry) => object.json("geometry", geometry),
        None => object.raw("geometry", "null"),
    }
    let mut properties = Object::open(object.member("properties"));
    members(writer, &mut properties, entity);
    properties.close();
    if let Some(context) = writer.embed_context {
        object.raw("@context", context);
    }
    object.close();
}

/// Appends entities as a GeoJSON feature collection. An `@context` stands once, beside the features.
pub fn feature_collection<'e>(
    writer: &Writer<'_>,
    out: &mut Vec<u8>,
    entities: impl IntoIterator<Item = &'e Entity>,
    geometry_property: &Term,
) {
    let inner = Writer { embed_context: None, ..*writer };
    let mut object = Object::open(out);
    object.text("type", "FeatureCollection");
    super::json::push_array(object.member("features"), entities, |out, entity| {
        feature(&inner, out, entity, geometry_property);
    });
    if let Some(context) = writer.embed_context {
        object.raw("@context", context);
    }
    object.close();
}

fn geometry<'e>(writer: &Writer<'_>, entity: &'e Entity, property: &Term) -> Option<&'e serde_json::Value> {
    let all = entity.attributes.get(property)?;
    let chosen = in_order(writer.dataset_ids, all).next().filter(|first| {
        // Without a filter only the default instance will do, unless there is just one.
        !writer.dataset_ids.is_empty() || first.dataset_id.is_none() || all.len() == 1
    })?;
    match &chosen.value {
        Value::Geo(geometry) => Some(geometry.as_json()),
        _ => None,
    }
}
