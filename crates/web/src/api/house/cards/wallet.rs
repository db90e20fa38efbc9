//! Wallets that fetch a card: OpenID4VCI 1.0 with a pre-authorised code. None of them sends a key of this house: the token of
//! the card is all they have.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Plain, body, form, issuer, offered, refusal, status, value};
use crate::api::house::hall::Hall;
use crate::api::reply::{Refusal, WriteRefusals};
use crate::api::request::{Parameters, entity_id};
use crate::app::App;

/// The one way in which tokens are given.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// Which card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offering {
    /// URI of the card.
    card: String,
}

/// A token, named as OAuth names it (RFC 6749, section 5.1).
#[expect(clippy::struct_field_names, reason = "the names of RFC 6749")]
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
}

/// What a wallet asks for.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Wanted {
    /// The proof that the wallet has its key.
    proofs: Proofs,
}

/// Proofs of one kind.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Proofs {
    /// One JWT of the type `openid4vci-proof+jwt`.
    jwt: Vec<String>,
}

/// The offer of a card, as wallets read it.
pub(crate) fn offer_json(issuer: &str, kind: &str, code: &str) -> serde_json::Value {
    json!({
        "credential_issuer": issuer,
        "credential_configuration_ids": [kind],
        "grants": {GRANT: {"pre-authorized_code": code}},
    })
}

/// Offer one's card to a wallet
///
/// Makes a code with which a wallet fetches the card, once, within ten minutes. For the holder of the card alone.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/offers", tag = "cards",
    extensions(("x-summary-vi" = json!("Cho ví điện tử lấy thẻ của mình"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = Offering, content_type = "application/json"),
    responses((status = 200, description = "The offer (OpenID4VCI 1.0, section 4).", body = Object), WriteRefusals)
)]
pub(crate) async fn offer_card(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let tenant = visit.session.tenant();
    // Whoever is nobody is sent away before their body is read.
    visit.app.cards.may_ask(&visit.session).map_err(|error| refusal(error, ""))?;
    let offering: Offering = body(request).await?;
    let offer = visit.app.cards.offer(&visit.session, &entity_id(&offering.card)?).await;
    let offer = offer.map_err(|error| refusal(error, ""))?;
    let issuer = issuer(&visit.app, &headers, tenant);
    Ok(([(CACHE_CONTROL, "no-store")], Json(offer_json(&issuer, offer.kind, &offer.code))).into_response())
}

/// Take a code for a token
///
/// OpenID4VCI 1.0, section 6: the code is good once.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/token", tag = "cards",
    extensions(("x-summary-vi" = json!("Ví điện tử đổi mã lấy quyền nhận thẻ"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token.", body = Token), WriteRefusals)
)]
pub(crate) async fn card_token(
    State(app): State<App>,
    Path(tenant): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let form = form(request).await?;
    if value(&form, "grant_type") != GRANT {
        let detail = format!("The grant_type must be {GRANT}.");
        return Err(Refusal::http(StatusCode::BAD_REQUEST, detail).saying("error", "unsupported_grant_type"));
    }
    let redeemed = app.cards.redeem(&tenant, value(&form, "pre-authorized_code")).await;
    let (access_token, expires_in) = redeemed.map_err(|error| refusal(error, "invalid_grant"))?;
    let token = Token { access_token, token_type: "Bearer", expires_in };
    Ok(([(CACHE_CONTROL, "no-store")], Json(token)).into_response())
}

/// A nonce for a wallet's proof
///
/// OpenID4VCI 1.0, section 7: good once, for five minutes.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/nonce", tag = "cards",
    extensions(("x-summary-vi" = json!("Số dùng một lần cho ví điện tử"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The nonce.", body = Object), WriteRefusals)
)]
pub(crate) async fn card_nonce(
    State(app): State<App>,
    Path(tenant): Path<String>,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let nonce = app.cards.nonce(&tenant).await.map_err(|error| refusal(error, ""))?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({"c_nonce": nonce}))).into_response())
}

/// Fetch a card
///
/// OpenID4VCI 1.0, section 8: the card as SD-JWT VC, tied to the key that the wallet proves to have.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/credential", tag = "cards",
    extensions(("x-summary-vi" = json!("Ví điện tử nhận thẻ"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    request_body(content = Wanted, content_type = "application/json"),
    responses((status = 200, description = "The credential.", body = Object), WriteRefusals)
)]
pub(crate) async fn card_credential(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    let wanted: Wanted = body(request).await?;
    let [proof] = wanted.proofs.jwt.as_slice() else {
        let detail = "One proof is needed, and no more.";
        return Err(Refusal::http(StatusCode::BAD_REQUEST, detail).saying("error", "invalid_proof"));
    };
    let at = (issuer(&app, &headers, &tenant), status(&app, &headers, &tenant));
    let issued = app.cards.credential(&tenant, &token, proof, (&at.0, &at.1)).await;
    let oauth = |error: &dinh_cards::Error| match error {
        dinh_cards::Error::Spent("token") => "invalid_token",
        dinh_cards::Error::Spent("nonce") => "invalid_nonce",
        _ => "invalid_proof",
    };
    let credential = issued.map_err(|error| {
        let name = oauth(&error);
        refusal(error, name)
    })?;
    let answer = json!({"credentials": [{"credential": credential}]});
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
