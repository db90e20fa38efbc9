//! What counterparts push: dossiers that were filed with them.

use axum::Json;
use axum::extract::Request;
use dinh_access::Principal;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_portal::Error;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{Refusal, WriteRefusals, sentence};
use crate::api::request::{Known, Operation, Parameters, Segments, read_bytes};

/// The role of the account whose key pushes.
const ROLE: &str = "national-portal";
/// Largest body, in bytes.
const MOST_BODY: usize = 2 << 20;

/// Push dossiers.
pub(crate) struct PushDossiers;

impl Operation for PushDossiers {
    const PARAMETERS: &'static [Known] = &[];
}

/// Dossiers that were filed with a counterpart.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PushBody {
    /// The dossiers, each as the portal's contract writes it (HoSoDongBoDVC); at most 50.
    #[schema(value_type = Vec<Object>)]
    data: Vec<Value>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushedBody {
    /// `0`: all of them are kept.
    error_code: &'static str,
    /// The same in words.
    message: &'static str,
    /// Each of them.
    result: Vec<PushedOne>,
}

/// What became of one.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushedOne {
    /// Its number with the counterpart.
    #[serde(rename = "MaHoSo")]
    number: String,
    /// True if it had come already, word by word.
    already: bool,
}

/// Push dossiers that were filed elsewhere
///
/// For a counterpart that is connected, with the key of an account that has the role `national-portal`. The answer comes when
/// all of them are durable; each becomes a dossier afterwards, or waits with its reason for somebody to mend it. What comes
/// twice is taken once.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/portal/{counterpart}/dossiers", tag = "cases",
    extensions(("x-summary-vi" = json!("Chuyển hồ sơ nộp trên Cổng Dịch vụ công quốc gia đến"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("counterpart" = String, Path, description = "The counterpart, as a pack describes it: national-portal."),
        Parameters<PushDossiers>
    ),
    request_body(content = PushBody, content_type = "application/json"),
    responses((status = 200, description = "All of them are kept.", body = PushedBody), WriteRefusals)
)]
pub(crate) async fn push_dossiers(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<PushDossiers>,
    request: Request,
) -> Result<Json<PushedBody>, Refusal> {
    match visit.session.principal() {
        Principal::Account(account) if account.roles.contains(ROLE) => {}
        Principal::Account(_) => {
            return Err(Refusal::http(StatusCode::FORBIDDEN, "This needs the role national-portal."));
        }
        _ => return Err(Refusal::unauthorized("Show the key of an account with the role national-portal.")),
    }
    let Segments((_, counterpart)) = path;
    let bytes = read_bytes(request, MOST_BODY).await?;
    let json = read::json(&bytes).map_err(Problem::from)?;
    let wrong = |error: serde_json::Error| Problem::bad_data(sentence(&format!("the body: {error}")));
    let body: PushBody = serde_json::from_value(json).map_err(wrong)?;
    let taken = visit.app.portal.take(&visit.session, &counterpart, body.data).await.map_err(refusal)?;
    let one = |one: dinh_portal::Taken| PushedOne { number: one.number, already: one.already };
    let result = taken.into_iter().map(one).collect();
    Ok(Json(PushedBody { error_code: "0", message: "Đã nhận", result }))
}

fn refusal(error: Error) -> Refusal {
    let detail = sentence(&error.to_string());
    match error {
        Error::NoCounterpart(_) | Error::NotOffered => Refusal::http(StatusCode::NOT_FOUND, detail),
        Error::Message { place, fault } => Refusal::http(StatusCode::BAD_REQUEST, detail)
            .saying("field", format!("data[{place}].{}", fault.field))
            .saying("rule", fault.rule),
        Error::TooMany { what, .. } => {
            Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, detail).saying("field", what)
        }
        Error::Conflict => Refusal::busy(detail),
        Error::Door(error) => error.into(),
        other => {
            tracing::error!(error = %other, "what a counterpart sent could not be kept");
            Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side.")
        }
    }
}
