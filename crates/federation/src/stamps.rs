//! When others say that something was made and changed (clause 4.8): what is read is otherwise as new as its reading.

use std::collections::HashMap;

use dinh_model::{Attribute, Entity, Term, Timestamp};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::read::instant;
use serde_json::Value as Json;

/// What one object says of its times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stamp {
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) deleted_at: Option<Timestamp>,
    pub(crate) instance_id: Option<String>,
}

impl Stamp {
    fn of(json: &Json) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        // What cannot be read was not said.
        let at = |name: &str| text(name).and_then(|text| instant(name, text).ok());
        Self {
            created_at: at("createdAt"),
            modified_at: at("modifiedAt"),
            deleted_at: at("deletedAt"),
            instance_id: text("instanceId").map(str::to_owned),
        }
    }

    pub(crate) fn put(&self, attribute: &mut Attribute) {
        attribute.created_at = self.created_at.unwrap_or(attribute.created_at);
        attribute.modified_at = self.modified_at.or(self.created_at).unwrap_or(attribute.modified_at);
    }
}

/// What an entity says of its times, and of those of each instance of its attributes, in order.
pub(crate) struct Stamps {
    pub(crate) whole: Stamp,
    pub(crate) attributes: HashMap<Term, Vec<Stamp>>,
}

impl Stamps {
    /// Looks at an entity, or at its evolution, before it is read.
    pub(crate) fn of(json: &Json, context: &LdContext) -> Self {
        let members = json.as_object().into_iter().flatten();
        let stamps = members.filter_map(|(name, value)| {
            let all = match value {
                Json::Object(_) => vec![Stamp::of(value)],
                Json::Array(items) if items.iter().all(Json::is_object) => {
                    items.iter().map(Stamp::of).collect()
                }
                _ => return None,
            };
            Some((context.expand(name), all))
        });
        Self { attributes: stamps.collect(), whole: Stamp::of(json) }
    }

    /// Puts them into the entity that was read.
    pub(crate) fn put(&self, entity: &mut Entity) {
        entity.created_at = self.whole.created_at.unwrap_or(entity.created_at);
        entity.modified_at = self.whole.modified_at.or(self.whole.created_at).unwrap_or(entity.modified_at);
        for (name, instances) in &mut entity.attributes {
            let Some(stamps) = self.attributes.get(name).filter(|all| all.len() == instances.len()) else {
                continue;
            };
            instances.iter_mut().zip(stamps).for_each(|(instance, stamp)| stamp.put(instance));
        }
    }
}
