//! Host an `@context` (CIM 009 clauses 5.13.2 and 6.29.3.1).

use std::sync::Arc;

use axum::response::Response;
use dinh_context::ldcontext::HostedContext;
use dinh_ngsild::problem::Problem;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Path of the collection of contexts.
pub(super) const CONTEXTS: &str = "/ngsi-ld/v1/jsonldContexts";

/// Host an `@context`.
pub(crate) struct Add;

impl Operation for Add {
    const PARAMETERS: &'static [Known] = &[];
}

/// Host an @context
///
/// Keeps an @context document and serves it from now on.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/jsonldContexts", tag = "contexts",
    extensions(("x-summary-vi" = json!("Lưu một tài liệu @context tại đây"))),
    params(Parameters<Add>, WriteHeaders),
    request_body(content = Object, description = "A document with an @context member.", content_type = "application/json"),
    responses((status = 201, description = "Kept; Location tells where."), WriteRefusals)
)]
pub(crate) async fn add_context(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Add>,
    written: Written,
) -> Result<Response, Refusal> {
    let body = written.raw();
    if body.get("@context").is_none() {
        return Err(Problem::invalid("The body must be a JSON object with an \"@context\" member.").into());
    }
    let context = HostedContext {
        id: visit.app.ids.uuid().to_string(),
        tenant: visit.session.tenant().clone(),
        created_at: visit.app.context.clock().now(),
        implicit: false,
        body: Arc::new(body),
    };
    visit.contexts().host(visit.session.principal(), &context).await?;
    Ok(reply::created(CONTEXTS, &context.id))
}
