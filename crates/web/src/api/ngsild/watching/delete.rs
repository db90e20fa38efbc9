//! Delete a subscription to registrations (CIM 009 clauses 5.11.6 and 6.13.3.3).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, subscription_id};

/// Delete a subscription to registrations.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[];
}

/// Delete a subscription to registrations
///
/// Ends a subscription to registrations. Nothing more is sent.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Bỏ một đăng ký nhận tin về các nguồn dữ liệu"))),
    params(("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<Delete>, WriteHeaders),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_registration_subscription(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = subscription_id(&id)?;
    visit.app.context.registrations().unsubscribe(&visit.session, id.as_str()).await?;
    Ok(reply::no_content())
}
