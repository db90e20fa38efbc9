//! What is published for those who verify: keys and status lists. Nobody has to say who they are, and nobody learns whose card
//! is looked at.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use dinh_cards::Trusted;
use http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderName};
use serde::Serialize;
use serde_json::Value;

use super::{offered, refusal, status};
use crate::api::reply::{ReadRefusals, Refusal};
use crate::app::App;

/// The keys of an issuer.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Keys {
    /// Public keys as JWK (RFC 7517), old ones included; `nbf` and `exp` say when each of them signed.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Trusted>,
}

/// Where the status lists of an issuer are.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Lists {
    /// The address of each list, the first one first.
    status_lists: Vec<String>,
}

/// Headers of what everybody may fetch, from pages of other sites too, and keep for so many seconds.
fn open(seconds: i64) -> [(HeaderName, String); 3] {
    [
        (CACHE_CONTROL, format!("public, max-age={seconds}")),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (VARY, "accept".to_owned()),
    ]
}

/// The keys that sign cards
///
/// Answers with the public keys of a province (JWKS), for verifying cards and status lists without asking again.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cards/keys", tag = "cards",
    extensions(("x-summary-vi" = json!("Khoá công khai ký thẻ"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The keys.", body = Keys), ReadRefusals)
)]
pub(crate) async fn card_keys(
    State(app): State<App>,
    Path(tenant): Path<String>,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let keys = app.cards.jwks(&tenant).await.map_err(|error| refusal(error, ""))?;
    Ok((open(300), Json(Keys { keys })).into_response())
}

/// The status lists there are
///
/// Answers with the address of each status list (IETF Token Status List, section 9), so that whoever verifies without network can
/// fetch all of them before.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cards/status", tag = "cards",
    extensions(("x-summary-vi" = json!("Địa chỉ của mọi danh sách trạng thái thẻ"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The addresses.", body = Lists), ReadRefusals)
)]
pub(crate) async fn card_lists(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let lists = app.cards.status_lists(&tenant).await.map_err(|error| refusal(error, ""))?;
    let at = status(&app, &headers, &tenant);
    let status_lists = (0..lists).map(|list| format!("{at}/{list}")).collect();
    // A list more is told soon: its first card cannot be verified without it.
    Ok((open(60), Json(Lists { status_lists })).into_response())
}

/// The status list of cards
///
/// Answers with the signed list of which cards are revoked or suspended (IETF Token Status List): as JWT, or as CWT where
/// `Accept` asks for `application/statuslist+cwt`.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cards/status/{list}", tag = "cards",
    extensions(("x-summary-vi" = json!("Danh sách trạng thái thẻ, có chữ ký số"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("list" = u32, Path, description = "Number of the list; each has room for 1,048,576 cards.")
    ),
    responses(
        (status = 200, description = "The list.", content(
            (String = "application/statuslist+jwt"), (Vec<u8> = "application/statuslist+cwt")
        )),
        ReadRefusals
    )
)]
pub(crate) async fn card_status(
    State(app): State<App>,
    Path((tenant, list)): Path<(String, u32)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let uri = format!("{}/{list}", status(&app, &headers, &tenant));
    let failed = |error| refusal(error, "");
    let accepted = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accepted.contains("statuslist+cwt") {
        let (cwt, seconds) = app.cards.status_cwt(&tenant, list, &uri).await.map_err(failed)?;
        return Ok(
            (open(seconds), [(CONTENT_TYPE, "application/statuslist+cwt")], cwt.to_vec()).into_response()
        );
    }
    let (jwt, seconds) = app.cards.status_jwt(&tenant, list, &uri).await.map_err(failed)?;
    Ok((open(seconds), [(CONTENT_TYPE, "application/statuslist+jwt")], jwt.to_string()).into_response())
}

/// JSON for everybody.
pub(super) fn public(json: Value) -> Response {
    (open(300), Json(json)).into_response()
}
