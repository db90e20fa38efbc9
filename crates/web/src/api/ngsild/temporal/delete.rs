//! Delete the evolution of an entity (CIM 009 clauses 5.6.16 and 6.19.3.2).

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::temporal::Evolution;

use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::write::commit;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, entity_id};

/// Delete an evolution.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Delete the evolution of an entity
///
/// Deletes all that is kept of the past of an entity. The entity stays as it is, unless it came with its past and nobody
/// has written it otherwise.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/temporal/entities/{entityId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Xóa diễn biến của một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Delete>, WriteHeaders),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_evolution(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let receipt = commit(&visit, Op::evolve(id.clone(), Evolution::End), &id).await?;
    Ok(reply::with_replay(reply::no_content(), receipt.replayed))
}
