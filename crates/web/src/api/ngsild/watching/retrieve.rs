//! Retrieve a subscription to registrations (CIM 009 clauses 5.11.4 and 6.13.3.1).

use axum::response::Response;

use super::shown::shown;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::OPTIONS_LIST;
use crate::api::ngsild::options::keywords;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit, subscription_id};

/// Retrieve a subscription to registrations.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[OPTIONS_LIST];
}

/// Retrieve a subscription to registrations
///
/// Answers with one subscription to registrations, its status and its counters.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/csourceSubscriptions/{subscriptionId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Đọc một đăng ký nhận tin về các nguồn dữ liệu"))),
    params(("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<Retrieve>, ReadHeaders),
    responses((status = 200, description = "The subscription.", body = Object), ReadRefusals)
)]
pub(crate) async fn retrieve_registration_subscription(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    keywords(&parameters, &["sysAttrs"])?;
    let id = subscription_id(&id)?;
    let view = match visit.app.context.registrations().subscription(&visit.session, id.as_str()) {
        Ok(view) => view,
        Err(error) => {
            let derived = visit.app.legs.watching(&visit.session)?;
            derived.into_iter().find(|one| one.subscription.id == id).ok_or(error)?
        }
    };
    Ok(answer.one(shown(&view, &answer, &visit)))
}
