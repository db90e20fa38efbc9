//! Writing registrations, for clients and for the store.

use dinh_model::EntityId;
use serde_json::{Map, Value as Json, json};

use super::{Calls, Information, Registration};
use crate::context::Context;
use crate::read::ReadError;

impl Registration {
    /// As a client sees it: what was registered in the short names of `context`, and what became of the calls. With `only`,
    /// these parts of the information alone (clause 5.10.2.5).
    pub fn to_json(&self, context: &Context, calls: &Calls, only: Option<&[&Information]>) -> Json {
        let mut object = self.asked(context);
        if let Some(only) = only {
            object.insert("information".into(), only.iter().map(|part| part.to_json(context)).collect());
        }
        calls.tell(&mut object);
        Json::Object(object)
    }

    /// What was registered.
    pub(super) fn asked(&self, context: &Context) -> Map<String, Json> {
        let mut object = Map::new();
        object.insert("id".into(), self.id.as_str().into());
        object.insert("type".into(), "ContextSourceRegistration".into());
        object.insert(
            "information".into(),
            self.information.iter().map(|part| part.to_json(context)).collect(),
        );
        object.extend(self.members.iter().map(|(name, json)| (name.clone(), json.clone())));
        for (name, json) in &self.properties {
            object.insert(context.compact(name).into_owned(), json.clone());
        }
        object
    }

    /// The stored form: every name in full, and beside it the `@context` of whoever registered.
    pub fn to_stored(&self) -> Json {
        json!({"asked": self.asked(&Context::core()), "context": self.context})
    }

    /// Reads the stored form.
    pub fn from_stored(stored: &Json) -> Result<Self, ReadError> {
        let broken = || ReadError::Syntax("this is not a stored registration".to_owned());
        let asked = stored.get("asked").and_then(Json::as_object).ok_or_else(broken)?;
        let id = asked.get("id").and_then(Json::as_str).ok_or_else(broken)?;
        let mut registration = Self::from_object(asked, &Context::core(), &EntityId::trusted(id))?;
        registration.context = stored.get("context").filter(|context| !context.is_null()).cloned();
        Ok(registration)
    }
}

impl Information {
    fn to_json(&self, context: &Context) -> Json {
        let mut object = Map::new();
        let names = |terms: &[dinh_model::Term]| -> Json {
            terms.iter().map(|term| Json::from(context.compact(term))).collect()
        };
        if !self.entities.is_empty() {
            let entities = self.entities.iter().map(|entity| {
                let mut object = Map::new();
                if let Some(id) = &entity.id {
                    object.insert("id".into(), id.as_str().into());
                }
                if let Some(pattern) = &entity.id_pattern {
                    object.insert("idPattern".into(), pattern.as_str().into());
                }
                let types = match entity.types.as_slice() {
                    [one] => context.compact(one).into(),
                    many => names(many),
                };
                object.insert("type".into(), types);
                Json::Object(object)
            });
            object.insert("entities".into(), entities.collect());
        }
        if !self.properties.is_empty() {
            object.insert("propertyNames".into(), names(&self.properties));
        }
        if !self.relationships.is_empty() {
            object.insert("relationshipNames".into(), names(&self.relationships));
        }
        Json::Object(object)
    }
}
