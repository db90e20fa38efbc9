//! E-cards for programs: what cards are verified with, wallets that fetch them (OpenID4VCI 1.0), wallets that show them
//! (OpenID4VP 1.0).

pub(crate) mod check;
pub(crate) mod metadata;
pub(crate) mod published;
pub(crate) mod questions;
pub(crate) mod wallet;

use axum::extract::Request;
use dinh_cards::Error;
use dinh_model::Tenant;
use dinh_ngsild::problem::Problem;
use http::header::HOST;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::api::reply::{Refusal, sentence};
use crate::api::request::{Known, Operation, read_bytes};
use crate::app::App;

/// Largest body, in bytes: a presentation with every claim, and what stands around it.
const MAX_BODY: usize = 128 << 10;

/// What takes no parameters.
pub(crate) struct Plain;

impl Operation for Plain {
    const PARAMETERS: &'static [Known] = &[];
}

/// The address of this house, as others reach it.
pub(crate) fn site(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.settings.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// What wallets know a province's issuer by.
pub(crate) fn issuer(app: &App, headers: &HeaderMap, tenant: &Tenant) -> String {
    format!("{}/api/v1/{tenant}/cards", site(app, headers))
}

/// Where status lists are published, without their number.
pub(crate) fn status(app: &App, headers: &HeaderMap, tenant: &Tenant) -> String {
    format!("{}/status", issuer(app, headers, tenant))
}

/// A tenant that offers cards.
fn offered(app: &App, tenant: &str) -> Result<Tenant, Refusal> {
    let none = || Refusal::http(StatusCode::NOT_FOUND, "There are no cards here.");
    let tenant = Tenant::parse(tenant).map_err(|_unreadable| none())?;
    if app.cards.is_offered(&tenant) { Ok(tenant) } else { Err(none()) }
}

/// Reads a body that must say just this.
async fn body<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let bytes = read_bytes(request, MAX_BODY).await?;
    let wrong = |error: serde_json::Error| Problem::bad_data(sentence(&format!("the body: {error}")));
    Ok(serde_json::from_slice(&bytes).map_err(wrong)?)
}

/// Reads a form.
async fn form(request: Request) -> Result<Vec<(String, String)>, Refusal> {
    let bytes = read_bytes(request, MAX_BODY).await?;
    Ok(url::form_urlencoded::parse(&bytes).into_owned().collect())
}

fn value<'f>(form: &'f [(String, String)], name: &str) -> &'f str {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// What the facade says, as problem details; `error` is what OAuth calls it.
fn refusal(error: Error, oauth: &str) -> Refusal {
    let detail = sentence(&error.to_string());
    let refusal = match error {
        Error::NotOffered | Error::NoSuch(_) => Refusal::http(StatusCode::NOT_FOUND, detail),
        Error::NotSignedIn => Refusal::unauthorized(detail),
        Error::NotManager | Error::NotYours | Error::StepUp | Error::OwnCard | Error::SamePerson => {
            Refusal::http(StatusCode::FORBIDDEN, detail)
        }
        Error::State(_) | Error::HasOne | Error::Conflict | Error::TooMany { .. } => {
            Refusal::http(StatusCode::CONFLICT, detail)
        }
        Error::Spent(_) | Error::Repeated | Error::Refused(_) | Error::NotValid(_) => {
            Refusal::http(StatusCode::BAD_REQUEST, detail)
        }
        Error::Door(error) => error.into(),
        Error::Rules(_) | Error::Damaged(_) => {
            tracing::error!(%error, "cards could not answer");
            Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side.")
        }
        _ => Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail),
    };
    if oauth.is_empty() { refusal } else { refusal.saying("error", oauth) }
}
