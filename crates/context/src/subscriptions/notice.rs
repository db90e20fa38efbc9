//! Writing notifications as messages.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dinh_model::{Change, Entity, Iri, Tenant, Timestamp};
use dinh_ngsild::context::CORE_URL;
use dinh_ngsild::linked::Linked;
use dinh_ngsild::subscription::{Accept, Notification, NotificationItem, Subscription};
use dinh_store::Stored;
use serde_json::Value as Json;

use super::delivery::{DEFAULT_TIMEOUT, MAX_TIMEOUT, Message};
use super::entry::Entry;
use super::relay::Relayed;

/// Relation of the `Link` header that names an `@context`.
const CONTEXT_RELATION: &str = "http://www.w3.org/ns/json-ld#context";
/// Longest pause that a subscription may ask for after a failure.
const MAX_COOLDOWN: Duration = Duration::from_hours(1);

/// A change to tell of.
pub(super) struct Event {
    /// What is seen of the change.
    pub(super) change: Change,
    /// What is seen of the entity after the change, or before it if the change deletes it.
    pub(super) entity: Arc<Entity>,
}

/// The message that tells of changes.
pub(super) fn message(
    entry: &Entry,
    (events, linked): (&[Event], Option<&Linked<'_>>),
    id: &Iri,
    now: Timestamp,
) -> Message {
    let items: Vec<_> = events
        .iter()
        .map(|event| NotificationItem { entity: &event.entity, change: Some(&event.change) })
        .collect();
    build(entry, (&items, linked), id, now)
}

/// The message of a subscription by time.
pub(super) fn timed(
    entry: &Entry,
    (entities, linked): (&[Stored], Option<&Linked<'_>>),
    id: &Iri,
    now: Timestamp,
) -> Message {
    let items: Vec<_> =
        entities.iter().map(|stored| NotificationItem { entity: &stored.entity, change: None }).collect();
    build(entry, (&items, linked), id, now)
}

/// The message that passes on what another source tells.
pub(super) fn relayed(entry: &Entry, told: &[Relayed], id: &Iri, now: Timestamp) -> Message {
    let items: Vec<_> = told
        .iter()
        .map(|one| NotificationItem { entity: &one.entity, change: one.change.as_ref() })
        .collect();
    build(entry, (&items, None), id, now)
}

/// How long a subscription wants to be left alone after a failure.
pub(super) fn cooldown(entry: &Entry) -> Duration {
    millis(entry.subscription.notification.endpoint.cooldown.as_ref()).unwrap_or_default().min(MAX_COOLDOWN)
}

fn build(
    entry: &Entry,
    (items, linked): (&[NotificationItem<'_>], Option<&Linked<'_>>),
    id: &Iri,
    now: Timestamp,
) -> Message {
    let subscription = &entry.subscription;
    let endpoint = &subscription.notification.endpoint;
    let source = match (&subscription.jsonld_context, &subscription.context) {
        (Some(url), _) => Json::from(url.as_str()),
        (None, Some(source)) => source.clone(),
        (None, None) => Json::from(CORE_URL),
    };
    let mut body = Vec::with_capacity(1024);
    let notification = Notification {
        id,
        subscription,
        at: now,
        context: &entry.ld_context,
        embed_context: &source.to_string(),
        linked,
    };
    notification.write(&mut body, items);
    let mut headers = headers(subscription, &entry.tenant, &source);
    if let Some(snapshot) = &entry.snapshot {
        headers.push(("NGSILD-Snapshot".to_owned(), snapshot.to_string()));
    }
    Message {
        endpoint: endpoint.uri.clone(),
        headers,
        mqtt: endpoint.mqtt(),
        body: Bytes::from(body),
        timeout: timeout(subscription),
    }
}

/// How long the endpoint of a subscription may take.
pub(crate) fn timeout(subscription: &Subscription) -> Duration {
    millis(subscription.notification.endpoint.timeout.as_ref()).unwrap_or(DEFAULT_TIMEOUT).min(MAX_TIMEOUT)
}

/// The headers of a notification, or its metadata over MQTT.
pub(crate) fn headers(subscription: &Subscription, tenant: &Tenant, source: &Json) -> Vec<(String, String)> {
    let endpoint = &subscription.notification.endpoint;
    let accept = endpoint.accept();
    let mut headers = vec![("Content-Type".to_owned(), accept.as_str().to_owned())];
    if accept == Accept::Json || endpoint.prefers_plain_body() {
        let url = source.as_str().unwrap_or(CORE_URL);
        let link = format!("<{url}>; rel=\"{CONTEXT_RELATION}\"; type=\"application/ld+json\"");
        headers.push(("Link".to_owned(), link));
    }
    if tenant.base_name() != Tenant::DEFAULT {
        headers.push(("NGSILD-Tenant".to_owned(), tenant.base_name().to_owned()));
    }
    for pair in &endpoint.receiver_info {
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&pair.key));
        headers.push((pair.key.clone(), pair.value.clone()));
    }
    headers
}

fn millis(number: Option<&serde_json::Number>) -> Option<Duration> {
    Duration::try_from_secs_f64(number?.as_f64()? / 1000.0).ok()
}
