//! A subscription as a client sees it.

use dinh_context::subscriptions::View;
use serde_json::Value as Json;

use crate::api::ngsild::document::Answer;
use crate::api::request::Visit;

/// What was asked for, in the names of the client's context, with what has become of it.
pub(super) fn shown(view: &View, answer: &Answer, visit: &Visit) -> Json {
    let now = visit.app.context.clock().now();
    view.subscription.to_json(&answer.context, &view.counters.deliveries, now)
}
