//! Consents and requests about personal data, for programs that act for somebody with an account.

pub(crate) mod consents;
pub(crate) mod requests;

use axum::extract::Request;
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_privacy::Error;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::api::reply::{Refusal, sentence};
use crate::api::request::read_bytes;

/// Largest body, in bytes: the longest text in the widest letters, and what stands around it.
const MAX_BODY: usize = 64 << 10;

/// Reads a body that must say just this.
async fn body<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let bytes = read_bytes(request, MAX_BODY).await?;
    let json = read::json(&bytes).map_err(Problem::from)?;
    let wrong = |error: serde_json::Error| Problem::bad_data(sentence(&format!("the body: {error}")));
    Ok(serde_json::from_value(json).map_err(wrong)?)
}

/// Somebody whom a body or parameter names.
fn subject(text: &str) -> Result<EntityId, Refusal> {
    Ok(read::entity_id("subject", text)?)
}

/// What the facade says, as problem details.
fn refusal(error: Error) -> Refusal {
    let detail = sentence(&error.to_string());
    match error {
        Error::NotOffered | Error::NoSuch(_) => Refusal::http(StatusCode::NOT_FOUND, detail),
        Error::NotSignedIn => Refusal::unauthorized(detail),
        Error::NotYours(_) | Error::NotOfficer | Error::StepUp | Error::OwnRequest => {
            Refusal::http(StatusCode::FORBIDDEN, detail)
        }
        Error::Text { .. } | Error::Days { .. } | Error::NoSubject | Error::NotRestricted(_) => {
            Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail)
        }
        Error::TextChanged | Error::Step(_) | Error::Conflict | Error::Closed | Error::TooMany { .. } => {
            Refusal::http(StatusCode::CONFLICT, detail)
        }
        Error::Door(error) => error.into(),
        Error::NoEdition(_) | Error::Table(_) | Error::Damaged(_) => {
            tracing::error!(%error, "privacy could not answer");
            Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side.")
        }
    }
}
