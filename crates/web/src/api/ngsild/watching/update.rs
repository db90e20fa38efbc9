//! Update a subscription to registrations (CIM 009 clauses 5.11.3 and 6.13.3.2).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, subscription_id};

/// Update a subscription to registrations.
pub(crate) struct Update;

impl Operation for Update {
    const PARAMETERS: &'static [Known] = &[];
}

/// Update a subscription to registrations
///
/// Replaces the members that the body names; null takes one away.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Sửa một đăng ký nhận tin về các nguồn dữ liệu"))),
    params(("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<Update>, WriteHeaders),
    request_body(content = Object, description = "The members to change.", content_type = "application/json"),
    responses((status = 204, description = "Changed."), WriteRefusals)
)]
pub(crate) async fn update_registration_subscription(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Update>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = subscription_id(&id)?;
    let document = written.document(visit.contexts()).await?;
    let registrations = visit.app.context.registrations();
    registrations.resubscribe(&visit.session, id.as_str(), &document.json, &document.context).await?;
    Ok(reply::no_content())
}
