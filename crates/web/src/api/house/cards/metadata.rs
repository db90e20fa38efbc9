//! What wallets read before they fetch a card: metadata of the issuer, of its tokens, of its keys.

use axum::extract::{Path, State};
use axum::response::Response;
use dinh_credentials::number::Named;
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::published::public;
use super::{issuer, offered, refusal, status};
use crate::api::reply::{ReadRefusals, Refusal};
use crate::app::App;

/// Metadata of the issuer of cards
///
/// What OpenID4VCI 1.0 (section 12.2) wants wallets to know: where to ask, and which credentials there are.
#[utoipa::path(
    get, path = "/.well-known/openid-credential-issuer/api/v1/{tenant}/cards", tag = "cards",
    extensions(("x-summary-vi" = json!("Thông tin về bên cấp thẻ cho ví điện tử"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The metadata.", body = Object), ReadRefusals)
)]
pub(crate) async fn issuer_metadata(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let issuer = issuer(&app, &headers, &tenant);
    let rules = app.cards.rules().map_err(|error| refusal(error, ""))?;
    let said = |named: &Named| {
        json!([
            {"name": named.vi, "locale": "vi-VN"}, {"name": named.en, "locale": "en"},
        ])
    };
    let mut offers = Map::new();
    for kind in rules.kinds() {
        let proof = json!({"jwt": {"proof_signing_alg_values_supported": ["ES256"]}});
        let offer = json!({
            "format": "dc+sd-jwt",
            "vct": kind.credential,
            "cryptographic_binding_methods_supported": ["jwk"],
            "credential_signing_alg_values_supported": ["ES256"],
            "proof_types_supported": proof,
            "credential_metadata": {"display": said(&kind.title)},
        });
        offers.insert(kind.code.name().to_owned(), offer);
    }
    Ok(public(json!({
        "credential_issuer": issuer,
        "credential_endpoint": format!("{issuer}/credential"),
        "nonce_endpoint": format!("{issuer}/nonce"),
        "credential_configurations_supported": offers,
    })))
}

/// Metadata of the tokens of the issuer of cards
///
/// Where a code is taken for a token (RFC 8414, OpenID4VCI 1.0 section 12.3).
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server/api/v1/{tenant}/cards", tag = "cards",
    extensions(("x-summary-vi" = json!("Thông tin về nơi đổi mã lấy thẻ cho ví điện tử"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The metadata.", body = Object), ReadRefusals)
)]
pub(crate) async fn token_metadata(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let issuer = issuer(&app, &headers, &tenant);
    Ok(public(json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "grant_types_supported": [super::wallet::GRANT],
        "response_types_supported": [],
        "pre-authorized_grant_anonymous_access_supported": true,
        "status_list_aggregation_endpoint": status(&app, &headers, &tenant),
    })))
}

/// Where the keys of the issuer of cards are
///
/// Metadata of an issuer of SD-JWT VC: the keys that sign its credentials.
#[utoipa::path(
    get, path = "/.well-known/jwt-vc-issuer/api/v1/{tenant}/cards", tag = "cards",
    extensions(("x-summary-vi" = json!("Nơi công bố khoá của bên cấp thẻ"))),
    params(("tenant" = String, Path, description = "The tenant.")),
    responses((status = 200, description = "The metadata.", body = Object), ReadRefusals)
)]
pub(crate) async fn keys_metadata(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tenant = offered(&app, &tenant)?;
    let issuer = issuer(&app, &headers, &tenant);
    let keys: Value = json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")});
    Ok(public(keys))
}
