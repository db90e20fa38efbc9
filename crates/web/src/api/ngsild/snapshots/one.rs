//! One snapshot: how far it is, kept longer or shorter, removed (CIM 009 clauses 5.16.3 to 5.16.5 and 6.37).

use axum::response::Response;
use http::StatusCode;

use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, entity_id};

/// One snapshot.
pub(crate) struct One;

impl Operation for One {
    const PARAMETERS: &'static [Known] = &[];
}

/// Read how far a snapshot is
///
/// Answers with what was asked for and what became of each query. Only whoever made it sees it.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/snapshots/{snapshotId}", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Xem tình trạng ảnh chụp dữ liệu"))),
    params(("snapshotId" = String, Path, description = "Identifier of the snapshot, a URI."), Parameters<One>, ReadHeaders),
    responses((status = 200, description = "The snapshot.", body = Object), ReadRefusals)
)]
pub(crate) async fn retrieve_snapshot(
    visit: Visit,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let snapshot = visit.app.context.snapshots().get(&visit.session, id.as_str())?;
    Ok(reply::json_body(StatusCode::OK, &snapshot.to_json()))
}

/// Change how a snapshot is kept
///
/// Sets snapshotLifetime (a week from now at most), snapshotPriority, endpoint or receiverInfo; null takes one away.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/snapshots/{snapshotId}", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Đổi thời hạn, mức ưu tiên của ảnh chụp dữ liệu"))),
    params(("snapshotId" = String, Path, description = "Identifier of the snapshot, a URI."), Parameters<One>, WriteHeaders),
    request_body(content = Object, description = "The members to change.", content_type = "application/json"),
    responses((status = 200, description = "The snapshot as it is now.", body = Object), WriteRefusals)
)]
pub(crate) async fn update_snapshot(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let document = written.document(visit.contexts()).await?;
    let snapshots = visit.app.context.snapshots();
    let snapshot = snapshots.update(&visit.session, id.as_str(), &document.json).await?;
    Ok(reply::json_body(StatusCode::OK, &snapshot.to_json()))
}

/// Remove a snapshot
///
/// Takes a snapshot away with everything that is in it. Only whoever made it can.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/snapshots/{snapshotId}", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Xóa ảnh chụp dữ liệu"))),
    params(("snapshotId" = String, Path, description = "Identifier of the snapshot, a URI."), Parameters<One>, WriteHeaders),
    responses((status = 204, description = "Removed."), WriteRefusals)
)]
pub(crate) async fn delete_snapshot(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    visit.app.context.snapshots().delete(&visit.session, id.as_str()).await?;
    Ok(reply::no_content())
}
