//! Keys of one's own, and signing many documents with one of them that is here.

use axum::Json;
use axum::extract::Request;
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_signatory::{Done, Signatory};
use dinh_signing::{Key, Place};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{refusal, rule};
use crate::api::house::cases::{self, Plain, body};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, ReadRefusals, Refusal, WriteRefusals, sentence};
use crate::api::request::Parameters;

/// A key of one's own.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyBody {
    /// Names it.
    id: String,
    /// What people call it.
    title: String,
    /// As what it signs documents: `person` or `seal`.
    r#as: &'static str,
    /// URI of the unit whose documents it signs.
    unit: Option<String>,
    /// Whether it is elsewhere, and signs in two steps.
    elsewhere: bool,
    /// How it stands: `waiting`, `ready`, `ends-soon` or `ended`.
    #[schema(value_type = String)]
    standing: dinh_signing::Standing,
}

/// What is to be signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signing {
    /// The key.
    key: String,
    /// URIs of the documents: 1 to 1,000.
    #[schema(min_items = 1, max_items = 1000)]
    documents: Vec<String>,
    /// Whether to issue them as soon as they are sealed.
    #[serde(default)]
    issue: bool,
}

/// What came of each document.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningResults {
    /// How many were signed.
    signed: usize,
    /// Each of them, in the order in which they were named.
    results: Vec<SigningResult>,
}

/// What came of a document.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningResult {
    /// Which document.
    id: String,
    /// SHA-256 of its file with the signature; none if it was not signed.
    digest: Option<String>,
    /// Whether it was issued, where that was asked for and it is sealed.
    issued: Option<bool>,
    /// Why something was not done.
    error: Option<SigningError>,
}

/// Why something was not done.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningError {
    /// The rule.
    rule: &'static str,
    /// What it says.
    detail: String,
}

impl SigningError {
    pub(super) fn of(error: &dinh_signatory::Error) -> Self {
        Self { rule: rule(error), detail: sentence(&error.to_string()) }
    }
}

impl SigningResults {
    pub(super) fn of(done: Vec<Done>) -> Self {
        let results: Vec<SigningResult> = done.into_iter().map(result).collect();
        let signed = results.iter().filter(|one| one.digest.is_some()).count();
        Self { signed, results }
    }
}

fn key(one: &Key, now: jiff::Timestamp) -> KeyBody {
    KeyBody {
        id: one.id.clone(),
        title: one.title.clone(),
        r#as: Signatory::as_what(one).name(),
        unit: one.unit.as_ref().map(ToString::to_string),
        elsewhere: one.place == Place::Elsewhere,
        standing: one.standing(now),
    }
}

fn result(done: Done) -> SigningResult {
    let issued = done.issued.as_ref().map(Result::is_ok);
    let said = SigningError::of;
    let error = match (&done.signed, &done.issued) {
        (_, Some(Err(error))) | (Err(error), None) => Some(said(error)),
        _ => None,
    };
    let digest = done.signed.ok().map(|digest| digest.to_string());
    SigningResult { id: done.id.to_string(), digest, issued, error }
}

/// List one's own signing keys
///
/// The keys of the inventory with which the account may sign. Private keys are shown to nobody.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/documents/keys", tag = "documents",
    extensions(("x-summary-vi" = json!("Liệt kê khoá ký của mình"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    responses((status = 200, description = "The keys.", body = Vec<KeyBody>), ReadRefusals)
)]
pub(crate) async fn list_signing_keys(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
) -> Result<Json<Vec<KeyBody>>, Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let signing = &visit.app.signing;
    let keys = signing.own_keys(&visit.session).await.map_err(|error| refusal(error.into()))?;
    let now = signing.now();
    Ok(Json(keys.iter().map(|one| key(one, now)).collect()))
}

/// Sign documents
///
/// All with one confirmation, with a key that is here, by somebody who has shown a second factor lately. The key says as what:
/// a person's signs for whoever decides, a seal for the agency, after the person. Each document says what came of it; done
/// again, what was signed stays so; what there was no time for in this request says so (`late`). With `issue`, the cases of what is sealed are issued.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/documents/signatures", tag = "documents",
    extensions(("x-summary-vi" = json!("Ký số, đóng dấu và phát hành nhiều văn bản"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = Signing, content_type = "application/json"),
    responses(
        (status = 200, description = "What came of each document.", body = SigningResults),
        (status = 409, description = "The key cannot be used so.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn sign_documents(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<SigningResults>, Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let wanted: Signing = body(request).await?;
    let documents = wanted.documents.iter().map(|id| read::entity_id("documents", id));
    let documents: Vec<EntityId> = documents.collect::<Result<_, _>>().map_err(Problem::from)?;
    let within = crate::settings::most_of(visit.app.settings.timeout);
    let what = (&documents[..], wanted.issue);
    let done = visit.app.signatory.sign_within(&visit.session, &wanted.key, what, within).await;
    Ok(Json(SigningResults::of(done.map_err(refusal)?)))
}
