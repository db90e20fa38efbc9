//! Requests about personal data, by those who make them.

use axum::Json;
use axum::extract::Request;
use dinh_privacy::{DataRequest, Kind, NewRequest, StepTaken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{body, refusal, subject};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, ReadRefusals, Refusal, StatedHeaders, WriteRefusals};
use crate::api::request::{Known, Operation, Parameters, Segments, entity_id};

/// List requests.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] = &[
        Known::number("limit", "Most requests to return: 20 if not given, at most 100."),
        Known::number("offset", "How many to pass over first, at most 100000."),
    ];
}

/// One request.
pub(crate) struct One;

impl Operation for One {
    const PARAMETERS: &'static [Known] = &[];
}

/// Take a request back.
pub(crate) struct Drop;

impl Operation for Drop {
    const PARAMETERS: &'static [Known] =
        &[Known::number("version", "The version of the request that was looked at.")];
}

/// Most requests in one answer.
const MOST: usize = 100;
/// Requests in an answer unless told otherwise.
const USUAL: usize = 20;
/// Most requests that are passed over.
const FARTHEST: usize = 100_000;

/// A request about personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestBody {
    /// Its URI.
    id: String,
    /// Its version, for taking it back.
    version: u64,
    /// Its number.
    number: String,
    /// What is asked for: `access`, `correct`, `erase`, `restrict`, `lift`, `object`, `withdraw` or `copy`.
    kind: &'static str,
    /// `received`, `acknowledged`, `extended`, `done`, `refused` or `withdrawn`.
    state: &'static str,
    /// Whom it is about; absent for the account alone.
    subject: Option<String>,
    /// In the requester's words; only when one request is asked for.
    text: Option<String>,
    /// When it arrived, RFC 3339.
    received_at: String,
    /// The last day for confirming that.
    acknowledge_by: String,
    /// The last day for answering.
    answer_by: String,
    /// The answer, or why there is none.
    answer: Option<String>,
    /// What was done so far: step, instant, by whom.
    #[schema(value_type = Vec<Object>)]
    steps: Vec<StepTaken>,
}

/// A request to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asking {
    /// What is asked for.
    #[schema(value_type = String)]
    kind: Kind,
    /// Whom it is about: somebody for whom the account speaks; absent for the account alone.
    #[serde(default)]
    subject: Option<String>,
    /// In the requester's words, 5 to 4,000 characters.
    text: String,
}

impl From<DataRequest> for RequestBody {
    fn from(request: DataRequest) -> Self {
        Self {
            id: request.id.to_string(),
            version: request.version,
            number: request.number,
            kind: request.kind.name(),
            state: request.state.name(),
            subject: request.subject.map(|subject| subject.to_string()),
            text: request.text,
            received_at: request.received.to_string(),
            acknowledge_by: request.acknowledge_by.to_string(),
            answer_by: request.answer_by.to_string(),
            answer: request.answer,
            steps: request.steps,
        }
    }
}

/// List one's requests about personal data
///
/// Answers with the requests of the account, the latest first.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/privacy/requests", tag = "privacy",
    extensions(("x-summary-vi" = json!("Liệt kê yêu cầu về dữ liệu cá nhân của mình"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<List>, StatedHeaders),
    responses((status = 200, description = "The requests.", body = Vec<RequestBody>), ReadRefusals)
)]
pub(crate) async fn list_data_requests(
    Hall(visit): Hall,
    parameters: Parameters<List>,
) -> Result<Json<Vec<RequestBody>>, Refusal> {
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let offset = parameters.number("offset", FARTHEST)?.unwrap_or(0);
    let found = visit.app.privacy.own_requests(&visit.session, offset, limit).await;
    Ok(Json(found.map_err(refusal)?.0.into_iter().map(RequestBody::from).collect()))
}

/// Make a request about personal data
///
/// The answer tells the number of the request and the last days for confirming and answering it.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/privacy/requests", tag = "privacy",
    extensions(("x-summary-vi" = json!("Gửi yêu cầu về dữ liệu cá nhân"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<One>),
    request_body(content = Asking, content_type = "application/json"),
    responses(
        (status = 200, description = "The request.", body = RequestBody),
        (status = 409, description = "Too many are open at once.", body = reply::ProblemBody),
        (status = 422, description = "The text or subject does not do.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn make_data_request(
    Hall(visit): Hall,
    _parameters: Parameters<One>,
    request: Request,
) -> Result<Json<RequestBody>, Refusal> {
    visit.app.privacy.enter(&visit.session).map_err(refusal)?;
    let asked: Asking = body(request).await?;
    let subject = asked.subject.as_deref().map(subject).transpose()?;
    let new = NewRequest { kind: asked.kind, subject, text: asked.text };
    Ok(Json(visit.app.privacy.file(&visit.session, new).await.map_err(refusal)?.into()))
}

/// Read one of one's requests
///
/// With what it says and the answer; that it was read is kept in the audit.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/privacy/requests/{id}", tag = "privacy",
    extensions(("x-summary-vi" = json!("Xem một yêu cầu của mình"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the request."), Parameters<One>, StatedHeaders
    ),
    responses((status = 200, description = "The request.", body = RequestBody), ReadRefusals)
)]
pub(crate) async fn one_data_request(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<One>,
) -> Result<Json<RequestBody>, Refusal> {
    let id = entity_id(&path.0.1)?;
    Ok(Json(visit.app.privacy.request(&visit.session, &id).await.map_err(refusal)?.into()))
}

/// Take a request back
///
/// It can be taken back while it is open, in the version that was looked at.
#[utoipa::path(
    delete, path = "/api/v1/{tenant}/privacy/requests/{id}", tag = "privacy",
    extensions(("x-summary-vi" = json!("Rút một yêu cầu"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the request."), Parameters<Drop>
    ),
    responses(
        (status = 200, description = "The request, taken back.", body = RequestBody),
        (status = 409, description = "It has ended, or has changed since.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn drop_data_request(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    parameters: Parameters<Drop>,
) -> Result<Json<RequestBody>, Refusal> {
    let id = entity_id(&path.0.1)?;
    let version = parameters.number("version", usize::MAX)?.unwrap_or_default();
    let version = u64::try_from(version).unwrap_or(u64::MAX);
    let dropped = visit.app.privacy.drop_request(&visit.session, &id, version).await;
    Ok(Json(dropped.map_err(refusal)?.into()))
}
