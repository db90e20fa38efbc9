//! Delete a subscription (CIM 009 clauses 5.8.5 and 6.11.3.3).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, subscription_id};

/// Delete a subscription.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[];
}

/// Delete a subscription
///
/// Ends a subscription. Nothing more is sent.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/subscriptions/{subscriptionId}", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Bỏ một đăng ký nhận tin"))),
    params(("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<Delete>, WriteHeaders),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_subscription(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = subscription_id(&id)?;
    visit.app.context.subscriptions().delete(&visit.session, id.as_str()).await?;
    Ok(reply::no_content())
}
