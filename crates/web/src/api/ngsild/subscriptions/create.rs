//! Create a subscription (CIM 009 clauses 5.8.1 and 6.10.3.1).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Path of the collection of subscriptions.
pub(super) const SUBSCRIPTIONS: &str = "/ngsi-ld/v1/subscriptions";

/// Create a subscription.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[];
}

/// Create a subscription
///
/// Makes a subscription. Notifications go to HTTP and MQTT endpoints, at least once each.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/subscriptions", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Đăng ký nhận tin"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The subscription (clause 5.2.12).", content_type = "application/json"),
    responses(
        (status = 201, description = "Made; Location tells where."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_subscription(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let document = written.document(visit.contexts()).await?;
    let subscriptions = visit.app.context.subscriptions();
    let id = subscriptions.create(&visit.session, &document.json, document.context).await?;
    Ok(reply::created(SUBSCRIPTIONS, id.as_str()))
}
