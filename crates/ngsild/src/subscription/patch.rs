//! Updating subscriptions (clause 5.8.2, by way of 5.5.8).

use dinh_model::Timestamp;
use serde_json::Value as Json;

use super::Subscription;
use crate::context::Context;
use crate::read::ReadError;
use crate::vocabulary::NULL;

impl Subscription {
    /// The subscription with the members of `fragment` in the place of its own; null or `urn:ngsi-ld:null` takes a
    /// member away. The identifier stays, and so does the `@context` of notifications.
    pub fn patched(&self, fragment: &Json, context: &Context, now: Timestamp) -> Result<Self, ReadError> {
        let fragment =
            fragment.as_object().ok_or_else(|| ReadError::Syntax("an object was expected".to_owned()))?;
        if fragment.keys().all(|name| name == "@context") {
            return Err(ReadError::at("", "it says nothing"));
        }
        let mut object = self.asked(context);
        for (name, member) in fragment {
            match name.as_str() {
                "@context" => {}
                "id" | "@id" if member.as_str() != Some(self.id.as_str()) => {
                    return Err(ReadError::at("id", "the identifier of a subscription does not change"));
                }
                _ if member.is_null() || member.as_str() == Some(NULL) => {
                    object.remove(name);
                }
                _ => {
                    object.insert(name.clone(), member.clone());
                }
            }
        }
        let mut patched = Self::from_object(&object, context, &self.id)?;
        if fragment.contains_key("expiresAt") && patched.expires_at.is_some_and(|end| end <= now) {
            return Err(ReadError::at("expiresAt", "it lies in the past"));
        }
        patched.context.clone_from(&self.context);
        Ok(patched)
    }
}
