//! Writing subscriptions, for clients and for the store.

use dinh_model::{EntityId, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::{Deliveries, Subscription, selector};
use crate::context::Context;
use crate::read::ReadError;
use crate::vocabulary::NONE;
use crate::write::instant_text;

impl Subscription {
    /// As a client sees it: what it asked for in the short names of `context`, the state at `now`, the counters.
    pub fn to_json(&self, context: &Context, deliveries: &Deliveries, now: Timestamp) -> Json {
        let mut object = self.asked(context);
        object.insert("status".into(), self.status(now).as_str().into());
        if !object.contains_key("notificationTrigger") {
            let triggers = self.triggers().iter().map(|trigger| trigger.as_str()).collect::<Vec<_>>();
            object.insert("notificationTrigger".into(), triggers.into());
        }
        if let Some(Json::Object(notification)) = object.get_mut("notification") {
            add_deliveries(notification, deliveries);
        }
        Json::Object(object)
    }

    /// What the subscriber asked for.
    pub(super) fn asked(&self, context: &Context) -> Map<String, Json> {
        let mut object = Map::new();
        let mut set = |name: &str, json: Option<Json>| {
            if let Some(json) = json {
                object.insert(name.to_owned(), json);
            }
        };
        let short = |term| Json::from(context.compact(term));
        set("id", Some(self.id.as_str().into()));
        set("type", Some("Subscription".into()));
        set("subscriptionName", self.name.as_deref().map(Json::from));
        set("description", self.description.as_deref().map(Json::from));
        set(
            "entities",
            filled(&self.entities).map(|all| all.iter().map(|one| selector::to_json(one, context)).collect()),
        );
        set("watchedAttributes", filled(&self.watched).map(|all| all.iter().map(short).collect()));
        set("timeInterval", self.time_interval.clone().map(Json::Number));
        set("throttling", self.throttling.clone().map(Json::Number));
        set(
            "notificationTrigger",
            self.triggers
                .as_ref()
                .map(|all| all.iter().map(|trigger| Json::from(trigger.as_str())).collect()),
        );
        set("q", self.q.as_ref().map(|q| q.to_text(context).into()));
        set("geoQ", self.geo.as_ref().map(|geo| geo.to_json(context)));
        set("scopeQ", self.scopes.as_ref().map(|(_, text)| text.as_str().into()));
        set(
            "datasetId",
            filled(&self.dataset_ids).map(|all| {
                all.iter().map(|id| Json::from(id.as_ref().map_or(NONE, |id| id.as_str()))).collect()
            }),
        );
        set("lang", self.lang.as_deref().map(Json::from));
        set("expiresAt", self.expires_at.map(|at| instant_text(at).into()));
        set("isActive", self.is_active.map(Json::from));
        set("jsonldContext", self.jsonld_context.as_deref().map(Json::from));
        set(
            "expandValues",
            filled(&self.expand_values).map(|all| {
                all.iter().map(|term| context.compact(term).into_owned()).collect::<Vec<_>>().join(",").into()
            }),
        );
        for (name, value) in &self.kept {
            set(name, Some(value.clone()));
        }
        set("notification", Some(Json::Object(self.notification.to_json(context))));
        object
    }

    /// The stored form: every name in full, so that it can be read without anybody's `@context`, and beside it the
    /// subscriber's `@context` as it was given.
    pub fn to_stored(&self) -> Json {
        json!({"asked": self.asked(&Context::core()), "context": self.context})
    }

    /// Reads the stored form.
    pub fn from_stored(stored: &Json) -> Result<Self, ReadError> {
        let broken = || ReadError::Syntax("this is not a stored subscription".to_owned());
        let asked = stored.get("asked").and_then(Json::as_object).ok_or_else(broken)?;
        let id = asked.get("id").and_then(Json::as_str).ok_or_else(broken)?;
        let mut subscription = Self::from_object(asked, &Context::core(), &EntityId::trusted(id))?;
        subscription.context = stored.get("context").filter(|context| !context.is_null()).cloned();
        Ok(subscription)
    }
}

fn filled<T>(items: &[T]) -> Option<&[T]> {
    if items.is_empty() { None } else { Some(items) }
}

fn add_deliveries(notification: &mut Map<String, Json>, deliveries: &Deliveries) {
    if deliveries.times_sent > 0 {
        let status = if deliveries.is_failing() { "failed" } else { "ok" };
        notification.insert("status".into(), status.into());
        notification.insert("timesSent".into(), deliveries.times_sent.into());
        notification.insert("timesFailed".into(), deliveries.times_failed.into());
    }
    for (name, at) in [
        ("lastNotification", deliveries.last_notification),
        ("lastSuccess", deliveries.last_success),
        ("lastFailure", deliveries.last_failure),
    ] {
        if let Some(at) = at {
            notification.insert(name.into(), instant_text(at).into());
        }
    }
}
