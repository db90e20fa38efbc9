//! Notifications of other sources about subscriptions that were passed on to them (CIM 009 clause 5.8.6).

use axum::extract::State;
use axum::response::Response;
use dinh_federation::{NOTICES, Taken};
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::StatusCode;
use serde_json::Value as Json;

use crate::api::reply::{self, Refusal};
use crate::api::request::Written;
use crate::app::App;

/// Take a notification of another source
///
/// For brokers that have a copy of a subscription made here. Whoever tells of it knows the identifier that the copy was given,
/// which nobody guesses; what is told goes on to the subscriber, as far as the source is registered for it.
#[utoipa::path(
    post, path = "/ngsi-ld/ex/remote-notify", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Nhận tin từ nguồn dữ liệu khác"))),
    request_body(content = Object, description = "A notification (clause 5.3.1).", content_type = "application/json"),
    responses(
        (status = 200, description = "Taken; the subscriber will be told."),
        (status = 400, description = "It makes no sense.", body = reply::ProblemBody),
        (status = 401, description = "The key that is shown is refused.", body = reply::ProblemBody),
        (status = 403, description = "A page of another site has sent it.", body = reply::ProblemBody),
        (status = 404, description = "No subscription goes by this identifier.", body = reply::ProblemBody),
        (status = 429, description = "The source tells too much at once.", body = reply::ProblemBody),
        (status = 503, description = "It cannot be taken now.", body = reply::ProblemBody)
    )
)]
pub(crate) async fn take_notification(State(app): State<App>, written: Written) -> Result<Response, Refusal> {
    debug_assert_eq!(NOTICES, "/ngsi-ld/ex/remote-notify");
    let document = written.document(app.context.ld_contexts()).await?;
    match app.legs.take_in(&document.json, &document.context).await? {
        Taken::Well => Ok(reply::json_body(StatusCode::OK, &Json::Object(serde_json::Map::new()))),
        Taken::Unknown => {
            let detail = "No subscription here was passed on under this subscriptionId.";
            Err(Problem::new(ProblemKind::ResourceNotFound, detail).into())
        }
        Taken::Wrong(reason) => {
            Err(Problem::bad_data(format!("The notification makes no sense: {reason}.")).into())
        }
        Taken::Later => {
            Err(Refusal::busy("The subscriber has not taken what was told before; tell it again later."))
        }
    }
}
