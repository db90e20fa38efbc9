//! Remove the snapshots that a query asks for (CIM 009 clauses 5.16.7 and 6.36.3.2).

use axum::response::Response;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::Q;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Visit};

/// Remove snapshots.
pub(crate) struct Purge;

impl Operation for Purge {
    const PARAMETERS: &'static [Known] = &[Known::text(
        "q",
        "Condition on members of snapshots (clause 4.9), e.g. snapshotPriority<5;lastUsedAt<2026-11-01T00:00:00Z. Needed.",
    )];
}

/// Remove snapshots that a query asks for
///
/// Takes those of one's own snapshots away whose members meet a condition.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/snapshots", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Xóa các ảnh chụp dữ liệu theo điều kiện"))),
    params(Parameters<Purge>, WriteHeaders),
    responses((status = 204, description = "Removed."), WriteRefusals)
)]
pub(crate) async fn purge_snapshots(
    Author(visit): Author<Visit>,
    parameters: Parameters<Purge>,
) -> Result<Response, Refusal> {
    let text = parameters.text("q").ok_or_else(|| Problem::bad_data("q: say which snapshots."))?;
    let q = Q::parse(text, &LdContext::core()).map_err(Problem::from)?;
    let gone = visit.app.context.snapshots().purge(&visit.session, &q).await?;
    if gone.is_empty() {
        return Err(Problem::new(ProblemKind::ResourceNotFound, "q asks for no snapshot of yours.").into());
    }
    Ok(reply::no_content())
}
