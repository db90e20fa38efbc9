//! Retrieve a subscription (CIM 009 clauses 5.8.3 and 6.11.3.1).

use axum::response::Response;

use super::shown::shown;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::OPTIONS_LIST;
use crate::api::ngsild::options::keywords;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit, subscription_id};

/// Retrieve a subscription.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[OPTIONS_LIST];
}

/// Retrieve a subscription
///
/// Answers with one subscription, its status and its counters. One whose key was revoked or has expired, or whose account
/// is locked, is `paused` and says why in `statusReason`.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/subscriptions/{subscriptionId}", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Đọc một đăng ký nhận tin"))),
    params(("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<Retrieve>, ReadHeaders),
    responses((status = 200, description = "The subscription.", body = Object), ReadRefusals)
)]
pub(crate) async fn retrieve_subscription(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    keywords(&parameters, &["sysAttrs"])?;
    let id = subscription_id(&id)?;
    let view = visit.app.context.subscriptions().get(&visit.session, id.as_str())?;
    Ok(answer.one(shown(&view, &answer, &visit).await))
}
