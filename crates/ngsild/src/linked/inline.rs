//! Linked entities within the relationships that lead to them (clause 4.5.23.2).

use dinh_model::{Entity, EntityId};
use serde_json::{Map, Value as Json};

use super::gather::is_relationship;
use super::{Linked, Shown};
use crate::context::Context;

/// Writes one entity by itself; told what is shown of it, and whether it is one of those asked for.
type Written<'w> = dyn Fn(&Entity, Shown<'_>, bool) -> Vec<u8> + 'w;

/// How entities are put into one another.
pub struct Inline<'w> {
    /// What there is to put in.
    pub linked: &'w Linked<'w>,
    /// Shortens names.
    pub context: &'w Context,
    /// Entities stand in the place of their identifiers, as in the simplified representation.
    pub replaces: bool,
    /// The attributes of those asked for stand one level deeper, as in features of GeoJSON.
    pub features: bool,
    /// Writes one.
    pub write: &'w Written<'w>,
}

impl Inline<'_> {
    /// An entity of which `shown` is shown, with those that it links to inside, `levels` deep.
    pub fn of(&self, entity: &Entity, shown: Shown<'_>, levels: usize) -> Json {
        self.nested(entity, (shown, levels), &mut Vec::new())
    }

    fn nested(&self, entity: &Entity, turn: (Shown<'_>, usize), path: &mut Vec<EntityId>) -> Json {
        let bytes = (self.write)(entity, turn.0, path.is_empty());
        let mut json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        if turn.1 == 0 {
            return json;
        }
        path.push(entity.id.clone());
        let members = match json.get("properties") {
            Some(Json::Object(_)) if self.features => json.get_mut("properties"),
            _ => Some(&mut json),
        };
        if let Some(members) = members.and_then(Json::as_object_mut) {
            self.fill(members, entity, turn, path);
        }
        path.pop();
        json
    }

    fn fill(
        &self,
        members: &mut Map<String, Json>,
        entity: &Entity,
        (shown, levels): (Shown<'_>, usize),
        path: &mut Vec<EntityId>,
    ) {
        for name in entity.attributes.keys().filter(|name| is_relationship(entity, name)) {
            let Some(member) = members.get_mut(&*self.context.compact(name)) else { continue };
            let inner = (shown.behind(name), levels - 1);
            let mut entity_of = |id: &str| {
                let linked = self.linked.entities.get(id)?;
                // Whoever stands on the way here already is not told again: links may run in circles.
                (!path.contains(&linked.id)).then(|| self.nested(linked, inner, path))
            };
            if self.replaces {
                replace(member, &mut entity_of);
            } else {
                attach(member, &mut entity_of);
            }
        }
    }
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
