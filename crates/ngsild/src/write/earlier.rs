//! Entities for readers that speak an earlier version of the standard (clause 4.3.6.8).

use dinh_model::{Attribute, Entity, OneOrMany, Value};
use serde_json::{Map, Value as Json};

use crate::context::Context;

/// The minor version in which multiple types, instances, `observedAt` and `unitCode` came.
const INSTANCES: u8 = 3;
/// The one in which languages and scopes came.
const LANGUAGES: u8 = 4;
/// The one in which vocabularies, JSON, lists and `objectType` came.
const LISTS: u8 = 8;

/// The one in which `expiresAt` came.
const ENDS: u8 = 9;

/// An entity as version `1.minor` of the standard knows it, with the names of `context` in the place of terms; `None` if it is the
/// same there.
pub fn earlier(entity: &Entity, minor: u8, context: &Context) -> Option<Entity> {
    if minor >= ENDS {
        return None;
    }
    let mut old = entity.clone();
    old.expires_at = None;
    if minor < LANGUAGES {
        old.scopes.clear();
    }
    if minor < INSTANCES {
        old.types.truncate(1);
    }
    for instances in old.attributes.values_mut() {
        if minor < INSTANCES && instances.len() > 1 {
            let first = instances.iter().position(|one| one.dataset_id.is_none()).unwrap_or(0);
            instances.swap(0, first);
            instances.truncate(1);
        }
        for instance in instances.iter_mut() {
            instance.expires_at = None;
            if minor < LISTS {
                lower(instance, minor, context);
            }
        }
    }
    (old != *entity).then_some(old)
}

fn lower(instance: &mut Attribute, minor: u8, context: &Context) {
    if minor < INSTANCES {
        instance.dataset_id = None;
        instance.observed_at = None;
        instance.unit_code = None;
    }
    let lowered = match &mut instance.value {
        Value::Relationship { object_type, .. } => {
            object_type.clear();
            None
        }
        Value::ListRelationship { objects, .. } => {
            let object = match objects.as_slice() {
                [one] => OneOrMany::One(one.clone()),
                many => OneOrMany::Many(many.to_vec()),
            };
            Some(Value::Relationship { object, object_type: Vec::new() })
        }
        Value::Vocab(terms) => {
            let names: Vec<Json> =
                terms.as_slice().iter().map(|term| Json::from(context.compact(term))).collect();
            Some(Value::Property(one_or_all(names)))
        }
        Value::Json(json) => Some(Value::Property(json.take())),
        Value::List(items) => Some(Value::Property(Json::Array(std::mem::take(items)))),
        Value::Language(texts) if minor < LANGUAGES => {
            let all: Map<String, Json> =
                texts.iter().map(|(language, text)| (language.clone(), one_or_all_texts(text))).collect();
            Some(Value::Property(Json::Object(all)))
        }
        _ => None,
    };
    if let Some(lowered) = lowered {
        instance.value = lowered;
    }
}

fn one_or_all(mut names: Vec<Json>) -> Json {
    if names.len() == 1 { names.remove(0) } else { Json::Array(names) }
}

fn one_or_all_texts<T: serde::Serialize>(text: &T) -> Json {
    serde_json::to_value(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use dinh_model::{EntityId, Scope, Term, Timestamp};
    use serde_json::json;

    use super::*;

    #[test]
    fn what_came_later_falls_back_to_what_there_was() {
        let now = Timestamp::from_micros(0);
        let mut entity = Entity::new(EntityId::trusted("urn:x:1"), Term::from("T"), now);
        entity.scopes = vec![Scope::trusted("/Hue")];
        let name = |name: &str| Context::core().expand(name);
        entity.set(name("colour"), Attribute::new(Value::Vocab(OneOrMany::One(name("red"))), now));
        entity.set(name("parts"), Attribute::new(Value::List(vec![json!(1), json!(2)]), now));
        entity.set(name("height"), Attribute::new(Value::Property(json!(3)), now).observed(now));
        let core = Context::core();
        assert_eq!(earlier(&entity, 8, &core), None);
        let old = earlier(&entity, 5, &core).expect("other");
        assert_eq!(
            old.attribute(name("colour").as_str()).expect("there").value,
            Value::Property(json!("red"))
        );
        assert_eq!(
            old.attribute(name("parts").as_str()).expect("there").value,
            Value::Property(json!([1, 2]))
        );
        assert_eq!(old.scopes, entity.scopes);
        let oldest = earlier(&entity, 2, &core).expect("other");
        assert!(oldest.scopes.is_empty());
        assert_eq!(oldest.attribute(name("height").as_str()).expect("there").observed_at, None);
        let plain = earlier(&oldest, 2, &core);
        assert_eq!(plain, None, "what is as it was then stays");
    }
}
