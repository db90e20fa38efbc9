//! Make a snapshot of a snapshot (CIM 009 clauses 5.16.2 and 6.38.3.1).

use axum::response::Response;

use super::{SNAPSHOTS, fill};
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, entity_id};

/// Make a snapshot of a snapshot.
pub(crate) struct Clone;

impl Operation for Clone {
    const PARAMETERS: &'static [Known] = &[];
}

/// Make a snapshot of a snapshot
///
/// Copies what is in a snapshot into another one, so that each can be changed by itself.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/snapshots/{snapshotId}/clone", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Nhân bản ảnh chụp dữ liệu"))),
    params(("snapshotId" = String, Path, description = "Identifier of the snapshot, a URI."), Parameters<Clone>, WriteHeaders),
    request_body(content = Object, description = "The other snapshot (clause 5.2.41), without queries.", content_type = "application/json"),
    responses(
        (status = 201, description = "Begun; Location tells where, and snapshotStatus there how far it is."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn clone_snapshot(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Clone>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let document = written.document(visit.contexts()).await?;
    let snapshots = visit.app.context.snapshots();
    let snapshot = snapshots.clone_of(&visit.session, id.as_str(), &document.json).await?;
    let response = reply::created(SNAPSHOTS, snapshot.id.as_str());
    fill::copy(visit, id, snapshot);
    Ok(response)
}
