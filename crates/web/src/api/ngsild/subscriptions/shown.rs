//! A subscription as a client sees it. Whose owner may act no more is paused, and says why.

use dinh_context::subscriptions::View;
use dinh_ngsild::subscription::Status;
use serde_json::Value as Json;

use crate::api::ngsild::document::Answer;
use crate::api::request::Visit;

/// Why a subscription is paused that nobody has paused: a sentence. A member of our own.
const STATUS_REASON: &str = "statusReason";

/// What was asked for, in the names of the client's context, with what has become of it.
pub(super) async fn shown(view: &View, answer: &Answer, visit: &Visit) -> Json {
    let context = &visit.app.context;
    let mut shown =
        view.subscription.to_json(&answer.context, &view.counters.deliveries, context.clock().now());
    let halted = context.subscriptions().halted(&visit.session, view.subscription.id.as_str()).await;
    if let (Some(why), Some(members)) = (halted, shown.as_object_mut()) {
        members.insert("status".to_owned(), Status::Paused.as_str().into());
        members.insert(STATUS_REASON.to_owned(), format!("Nothing is told: {why}.").into());
    }
    shown
}
