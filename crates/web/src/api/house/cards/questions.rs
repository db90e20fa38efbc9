//! Wallets that show a card: OpenID4VP 1.0 with a DCQL query and `direct_post`.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Plain, body, form, issuer, offered, refusal, value};
use crate::api::house::hall::Hall;
use crate::api::reply::{Refusal, WriteRefusals};
use crate::api::request::Parameters;
use crate::app::App;

/// A question that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Made {
    /// What the asker fetches the answer with; not for the wallet.
    secret: String,
    /// The parameters of the request, for the wallet.
    #[schema(value_type = Object)]
    request: serde_json::Value,
    /// Seconds until it is closed.
    expires_in: i64,
}

/// With what an answer is fetched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fetching {
    /// The secret of the question.
    secret: String,
}

/// Ask a wallet for a card
///
/// Makes a question with a nonce of its own, to be answered once within five minutes. Only serial number, name, unit and
/// position are asked for.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/questions", tag = "cards",
    extensions(("x-summary-vi" = json!("Đề nghị ví điện tử xuất trình thẻ"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    responses((status = 200, description = "The question.", body = Made), WriteRefusals)
)]
pub(crate) async fn ask_card(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    visit.app.cards.may_ask(&visit.session).map_err(|error| refusal(error, ""))?;
    let tenant = visit.session.tenant();
    let response = format!("{}/answers", issuer(&visit.app, &headers, tenant));
    let made = visit.app.cards.question(tenant, &response).await;
    let made = made.map_err(|error| refusal(error, ""))?;
    let made = Made { secret: made.secret, request: made.request, expires_in: made.lasts };
    Ok(([(CACHE_CONTROL, "no-store")], Json(made)).into_response())
}

/// Answer a question with a card
///
/// OpenID4VP 1.0, section 8.2 (`direct_post`). The question is spent, whatever the answer is: an answer that is sent again is
/// refused.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/answers/{state}", tag = "cards",
    extensions(("x-summary-vi" = json!("Ví điện tử xuất trình thẻ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("state" = String, Path, description = "What names the question.")
    ),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The answer was taken.", body = Object), WriteRefusals)
)]
pub(crate) async fn answer_card(
    State(app): State<App>,
    Path((tenant, state)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let form = form(request).await?;
    let invalid =
        |detail: &str| Refusal::http(StatusCode::BAD_REQUEST, detail).saying("error", "invalid_request");
    if value(&form, "state") != state {
        return Err(invalid("The state is not the one of the question."));
    }
    let token = serde_json::from_str(value(&form, "vp_token"));
    let token = token.map_err(|_unreadable| invalid("The vp_token is not JSON."))?;
    let standing = app.cards.answer(&tenant, &state, &token).await;
    standing.map_err(|error| refusal(error, "invalid_request"))?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({}))).into_response())
}

/// Fetch the answer to a question
///
/// For whoever asked it, once: `null` while there is none.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/answers", tag = "cards",
    extensions(("x-summary-vi" = json!("Lấy kết quả xuất trình thẻ"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = Fetching, content_type = "application/json"),
    responses((status = 200, description = "The answer, or null.", body = Object), WriteRefusals)
)]
pub(crate) async fn card_answered(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Response, Refusal> {
    visit.app.cards.may_ask(&visit.session).map_err(|error| refusal(error, ""))?;
    let fetching: Fetching = body(request).await?;
    let answered = visit.app.cards.answered(visit.session.tenant(), &fetching.secret);
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!(answered))).into_response())
}
