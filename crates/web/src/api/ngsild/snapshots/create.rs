//! Make a snapshot (CIM 009 clauses 5.16.1 and 6.36.3.1).

use axum::response::Response;

use super::{SNAPSHOTS, fill};
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Visit, Written};

/// Make a snapshot.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[];
}

/// Make a snapshot
///
/// Asks the queries of a snapshot, sources that are registered included, and keeps what they find, up to 10,000 entities,
/// as it was then. Whoever made it names it in NGSILD-Snapshot, to ask and to change what is in it and nothing else.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/snapshots", tag = "snapshots",
    extensions(("x-summary-vi" = json!("Lập ảnh chụp dữ liệu"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The snapshot (clause 5.2.41).", content_type = "application/json"),
    responses(
        (status = 201, description = "Begun; Location tells where, and snapshotStatus there how far it is."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_snapshot(
    Author(visit): Author<Visit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let document = written.document(visit.contexts()).await?;
    let snapshots = visit.app.context.snapshots();
    let snapshot = snapshots.create(&visit.session, &document.json, &document.context).await?;
    let response = reply::created(SNAPSHOTS, snapshot.id.as_str());
    fill::begin(visit, snapshot, document.context);
    Ok(response)
}
