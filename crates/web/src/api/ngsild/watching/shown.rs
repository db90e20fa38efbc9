//! A subscription to registrations as a client sees it.

use dinh_context::registrations::Watching;
use serde_json::Value as Json;

use crate::api::ngsild::document::Answer;
use crate::api::request::Visit;

/// What was asked for, in the names of the client's context, with what has become of it. Triggers are of entities and are not told.
pub(super) fn shown(view: &Watching, answer: &Answer, visit: &Visit) -> Json {
    let now = visit.app.context.clock().now();
    let mut shown = view.subscription.to_json(&answer.context, &view.deliveries, now);
    if view.subscription.triggers.is_none()
        && let Some(members) = shown.as_object_mut()
    {
        members.remove("notificationTrigger");
    }
    if view.deliveries.times_failed == 0
        && let Some(notification) = shown.get_mut("notification").and_then(Json::as_object_mut)
    {
        notification.remove("timesFailed");
    }
    shown
}
