//! List `@context` documents (CIM 009 clauses 5.13.3 and 6.29.3.2).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::entry::{self, Kind};
use crate::api::ngsild::known::{DETAILS, KIND};
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{FirstVisit, Known, Operation, Parameters};

/// List `@context` documents.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] = &[DETAILS, KIND];
}

/// List @context documents
///
/// Answers with the URLs of the documents that are hosted or cached here; with details=true, with what is known of
/// each.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/jsonldContexts", tag = "contexts",
    extensions(("x-summary-vi" = json!("Liệt kê các tài liệu @context"))),
    params(Parameters<List>, ReadHeaders),
    responses((status = 200, description = "URLs, or details.", body = Vec<Object>), ReadRefusals)
)]
pub(crate) async fn list_contexts(
    FirstVisit(visit): FirstVisit,
    parameters: Parameters<List>,
) -> Result<Response, Refusal> {
    let details = parameters.flag("details")?;
    let kind = parameters.text("kind").map(kind).transpose()?;
    let mut entries = entry::all(&visit).await?;
    entries.retain(|entry| kind.is_none_or(|kind| kind == entry.kind));
    let listed: Vec<Json> =
        entries.iter().map(|entry| if details { entry.details() } else { json!(entry.url) }).collect();
    Ok(reply::json_body(StatusCode::OK, &Json::Array(listed)))
}

fn kind(name: &str) -> Result<Kind, Problem> {
    Kind::parse(name).ok_or_else(|| {
        let detail =
            format!("The URL parameter kind is {name:?}; it may be Hosted, Cached or ImplicitlyCreated.");
        Problem::bad_data(detail)
    })
}
