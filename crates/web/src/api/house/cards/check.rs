//! Verifying the text of a QR here.

use axum::Json;
use axum::extract::Request;
use dinh_cards::Checked;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Plain, body, refusal};
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::Parameters;

/// The text of a QR.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
    /// As it was scanned.
    text: String,
}

/// What is said of a card.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Said {
    /// `valid`, `revoked`, `suspended`, `expired`, `unknown-issuer`, `forged` or `not-a-card`.
    #[schema(value_type = String)]
    standing: dinh_cards::Standing,
    /// True for a printed QR without a signature that was looked up.
    looked_up: bool,
    /// What the signed QR says.
    #[schema(value_type = Option<Object>)]
    card: Option<dinh_credentials::card::CardClaims>,
    /// What the holder is on site for, while that lasts.
    #[schema(value_type = Option<Object>)]
    task: Option<dinh_cards::Task>,
    /// When it was verified, RFC 3339.
    at: String,
}

impl From<Checked> for Said {
    fn from(checked: Checked) -> Self {
        Self {
            standing: checked.standing,
            looked_up: checked.looked_up,
            card: checked.claims,
            task: checked.task,
            at: checked.at.to_string(),
        }
    }
}

/// Verify a card
///
/// Says whether the text of a QR is a card of this province and whether it holds. Whoever can verify by themselves, with the
/// keys and the status list, need not ask.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cards/check", tag = "cards",
    extensions(("x-summary-vi" = json!("Kiểm tra thẻ"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = Asking, content_type = "application/json"),
    responses((status = 200, description = "What is said of it.", body = Said), ReadRefusals)
)]
pub(crate) async fn check_card(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<Said>, Refusal> {
    let asking: Asking = body(request).await?;
    let checked = visit.app.cards.check(visit.session.tenant(), &asking.text).await;
    Ok(Json(checked.map_err(|error| refusal(error, ""))?.into()))
}
