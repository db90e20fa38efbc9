//! Linked entities within the relationships that lead to them (clause 4.5.23.2).

use dinh_model::{Entity, EntityId};
use dinh_ngsild::write::Representation;
use serde_json::{Map, Value as Json};

use super::gather::is_relationship;
use super::{Linked, Shown};
use crate::api::ngsild::form::Form;

impl Linked<'_> {
    /// An entity with those that it links to inside, `levels` deep.
    pub(in crate::api::ngsild) fn inline(&self, entity: &Entity, form: &Form, levels: usize) -> Json {
        let embedded = form.embedded_context();
        let mut path = Vec::new();
        self.write(
            entity,
            form,
            &Turn { shown: form.shown(), levels, context: embedded.as_deref() },
            &mut path,
        )
    }

    fn write(&self, entity: &Entity, form: &Form, turn: &Turn<'_>, path: &mut Vec<EntityId>) -> Json {
        let bytes = form.bytes_of(entity, turn.shown, path.is_empty(), turn.context);
        let mut json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        if turn.levels == 0 {
            return json;
        }
        path.push(entity.id.clone());
        // The attributes of a GeoJSON feature stand one level deeper.
        let members = match json.get("properties") {
            Some(Json::Object(_)) if form.is_geojson() => json.get_mut("properties"),
            _ => Some(&mut json),
        };
        if let Some(members) = members.and_then(Json::as_object_mut) {
            self.fill(members, entity, form, turn, path);
        }
        path.pop();
        json
    }

    fn fill(
        &self,
        members: &mut Map<String, Json>,
        entity: &Entity,
        form: &Form,
        turn: &Turn<'_>,
        path: &mut Vec<EntityId>,
    ) {
        for name in entity.attributes.keys().filter(|name| is_relationship(entity, name)) {
            let Some(member) = members.get_mut(&*form.context.compact(name)) else { continue };
            let inner = Turn { shown: turn.shown.behind(name), levels: turn.levels - 1, context: None };
            let mut entity_of = |id: &str| {
                let linked = self.entities.get(id)?;
                // Whoever stands on the way here already is not told again: links may run in circles.
                (!path.contains(&linked.id)).then(|| self.write(linked, form, &inner, path))
            };
            if form.representation == Representation::Simplified {
                replace(member, &mut entity_of);
            } else {
                attach(member, &mut entity_of);
            }
        }
    }
}

/// One turn of the recursion.
struct Turn<'t> {
    shown: Shown<'t>,
    levels: usize,
    context: Option<&'t str>,
}

type EntityOf<'t> = dyn FnMut(&str) -> Option<Json> + 't;

/// Puts `entity` or `entityList` beside the objects of an attribute, one instance or several.
fn attach(attribute: &mut Json, entity_of: &mut EntityOf<'_>) {
    match attribute {
        Json::Array(instances) => instances.iter_mut().for_each(|instance| attach(instance, entity_of)),
        Json::Object(members) => {
            if let Some(list) = members.get("objectList").and_then(Json::as_array) {
                let ids = list.iter().filter_map(|item| item.get("object").or(Some(item))?.as_str());
                let entities: Vec<Json> = ids.filter_map(&mut *entity_of).collect();
                if !entities.is_empty() {
                    members.insert("entityList".to_owned(), entities.into());
                }
                return;
            }
            let entity = match members.get("object") {
                Some(Json::String(id)) => entity_of(id),
                Some(Json::Array(ids)) => {
                    let entities: Vec<Json> =
                        ids.iter().filter_map(Json::as_str).filter_map(entity_of).collect();
                    (!entities.is_empty()).then_some(entities.into())
                }
                _ => None,
            };
            if let Some(entity) = entity {
                members.insert("entity".to_owned(), entity);
            }
        }
        _ => {}
    }
}

/// Puts entities in the place of their identifiers: the simplified form.
fn replace(value: &mut Json, entity_of: &mut EntityOf<'_>) {
    match value {
        Json::String(id) => {
            if let Some(entity) = entity_of(id) {
                *value = entity;
            }
        }
        Json::Array(ids) => ids.iter_mut().for_each(|id| replace(id, entity_of)),
        Json::Object(members) => {
            if let Some(Json::Object(datasets)) = members.get_mut("dataset") {
                datasets.values_mut().for_each(|value| replace(value, entity_of));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn city(id: &str) -> Option<Json> {
        id.ends_with("Hue").then(|| json!({"id": id}))
    }

    #[test]
    fn entities_stand_beside_their_identifiers() {
        let mut one = json!({"type": "Relationship", "object": "urn:Hue"});
        attach(&mut one, &mut city);
        assert_eq!(one["entity"], json!({"id": "urn:Hue"}));
        let mut several =
            json!([{"object": ["urn:Hue", "urn:Vinh"]}, {"objectList": [{"object": "urn:Hue"}]}]);
        attach(&mut several, &mut city);
        assert_eq!(several[0]["entity"], json!([{"id": "urn:Hue"}]));
        assert_eq!(several[1]["entityList"], json!([{"id": "urn:Hue"}]));
        let mut nobody = json!({"type": "Relationship", "object": "urn:Vinh"});
        attach(&mut nobody, &mut city);
        assert!(nobody.get("entity").is_none());
    }

    #[test]
    fn simplified_identifiers_become_entities() {
        let mut value = json!({"dataset": {"@none": "urn:Hue", "urn:d": ["urn:Vinh", "urn:Hue"]}});
        replace(&mut value, &mut city);
        assert_eq!(
            value,
            json!({"dataset": {"@none": {"id": "urn:Hue"}, "urn:d": ["urn:Vinh", {"id": "urn:Hue"}]}})
        );
    }
}
