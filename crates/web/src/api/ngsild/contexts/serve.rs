//! Serve an `@context` (CIM 009 clauses 5.13.4 and 6.30.3.1).

use axum::response::Response;
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use super::entry;
use crate::api::ngsild::known::DETAILS;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{FirstVisit, JSON, Known, Media, Operation, Parameters, Segments};

/// Serve an `@context`.
pub(crate) struct Serve;

impl Operation for Serve {
    const PARAMETERS: &'static [Known] = &[DETAILS];
}

/// Serve an @context
///
/// Answers with a document that is hosted here; with details=true, with what is known of it. Cached documents are served
/// by those who host them.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/jsonldContexts/{contextId}", tag = "contexts",
    extensions(("x-summary-vi" = json!("Đọc một tài liệu @context"))),
    params(("contextId" = String, Path, description = "Identifier, or the URL of a cached document."), Parameters<Serve>, ReadHeaders),
    responses(
        (status = 200, description = "The document.", body = Object),
        (status = 422, description = "It is cached only.", body = reply::ProblemBody),
        ReadRefusals
    )
)]
pub(crate) async fn serve_context(
    FirstVisit(visit): FirstVisit,
    Segments(id): Segments<String>,
    parameters: Parameters<Serve>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let details = parameters.flag("details")?;
    let entry = entry::find(&visit, &id).await?.ok_or_else(|| Problem::not_found(id.as_str()))?;
    if details {
        return Ok(reply::json_body(StatusCode::OK, &entry.details()));
    }
    let Some(document) = &entry.document else {
        let detail = format!("{id} is only cached here; ask the one who hosts it.");
        return Err(Problem::new(ProblemKind::OperationNotSupported, detail).about(id).into());
    };
    let mut response = reply::json_body(StatusCode::OK, document);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media.name()));
    Ok(response)
}
