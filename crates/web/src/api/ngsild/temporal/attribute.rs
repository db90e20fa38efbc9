//! Delete an attribute from the evolution of an entity (CIM 009 clauses 5.6.13 and 6.21.3.1).

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::names;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::temporal::Evolution;

use crate::api::ngsild::attributes::one_dataset;
use crate::api::ngsild::known::{DATASET_ID_ONE, DELETE_ALL, LOCAL};
use crate::api::ngsild::write::commit;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals, sentence};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, entity_id};

/// Delete an attribute from an evolution.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[DATASET_ID_ONE, DELETE_ALL, LOCAL];
}

/// Delete an attribute from the evolution of an entity
///
/// Deletes what is kept of the past of one instance of an attribute, or of all of them.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Xóa một thuộc tính khỏi diễn biến"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."), Parameters<Delete>, WriteHeaders
    ),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_attribute_evolution(
    Author(visit): Author<Visit>,
    Segments((id, name)): Segments<(String, String)>,
    parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    names::check(&name).map_err(|error| Problem::bad_data(sentence(&error.to_string())))?;
    let context = visit.ld_context().await?;
    let all = parameters.flag("deleteAll")?;
    let dataset_id = one_dataset(&parameters)?;
    let evolution = Evolution::RemoveAttribute { name: context.expand(&name), dataset_id, all };
    let receipt = commit(&visit, Op::evolve(id.clone(), evolution), &id).await?;
    Ok(reply::with_replay(reply::no_content(), receipt.replayed))
}
