//! Delete or reload an `@context` (CIM 009 clauses 5.13.5 and 6.30.3.2).

use axum::response::Response;
use dinh_ngsild::context::is_core_url;
use dinh_ngsild::problem::{Problem, ProblemKind};

use super::entry::{self, Kind};
use crate::api::ngsild::known::RELOAD;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals, sentence};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Segments, Visit};

/// Delete or reload an `@context`.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[RELOAD];
}

/// Delete or reload an @context
///
/// Forgets a document; with reload=true, fetches a cached one anew instead.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/jsonldContexts/{contextId}", tag = "contexts",
    extensions(("x-summary-vi" = json!("Xóa hoặc tải lại một tài liệu @context"))),
    params(("contextId" = String, Path, description = "Identifier, or the URL of a cached document."), Parameters<Delete>, WriteHeaders),
    responses((status = 204, description = "Forgotten, or fetched anew."), WriteRefusals)
)]
pub(crate) async fn delete_context(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let reload = parameters.flag("reload")?;
    let (contexts, tenant) = (visit.contexts(), visit.session.tenant());
    if is_core_url(&id) {
        // It is built in: fetching it anew would change nothing, and without it nothing could be read.
        return if reload {
            Ok(reply::no_content())
        } else {
            Err(Problem::bad_data("The core @context cannot be deleted.").into())
        };
    }
    match (entry::find(&visit, &id).await?, reload) {
        (Some(entry), true) if entry.kind == Kind::Cached => reload_remote(&visit, &entry.url).await?,
        (_, true) => {
            let detail = format!("{id} is not the URL of a cached document; only those are reloaded.");
            return Err(Problem::bad_data(detail).into());
        }
        (None, false) => return Err(Problem::not_found(id.as_str()).into()),
        (Some(entry), false) if entry.kind == Kind::Cached => drop(contexts.forget(&entry.url)),
        (Some(entry), false) => {
            contexts.unhost(visit.session.principal(), tenant, &entry.local_id).await?;
        }
    }
    Ok(reply::no_content())
}

/// Whatever keeps the document from being fetched anew, the one at hand stays (clause 5.13.5.4).
async fn reload_remote(visit: &Visit, url: &str) -> Result<(), Refusal> {
    let outcome = visit.contexts().reload(url).await;
    Ok(outcome.map_err(|error| {
        Problem::new(ProblemKind::LdContextNotAvailable, sentence(&error.to_string())).about(url)
    })?)
}
