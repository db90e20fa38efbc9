//! Modify and delete one record of an evolution (CIM 009 clauses 5.6.14, 5.6.15, 6.22.3.1 and 6.22.3.2).

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::temporal::Evolution;
use dinh_ngsild::{names, read};

use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::write::commit;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals, sentence};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, entity_id};

/// Change one record.
pub(crate) struct OfInstance;

impl Operation for OfInstance {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Modify an instance in the evolution of an entity
///
/// Replaces one record of an attribute, named by its instanceId. If it is the present value, that is corrected too.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Sửa một lần ghi nhận trong diễn biến"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."),
        ("instanceId" = String, Path, description = "Identifier of the instance, a URI."), Parameters<OfInstance>, WriteHeaders
    ),
    request_body(content = Object, description = "The instance, whole.", content_type = "application/json"),
    responses((status = 204, description = "Replaced."), WriteRefusals)
)]
pub(crate) async fn modify_instance(
    Author(visit): Author<Visit>,
    Segments(place): Segments<(String, String, String)>,
    _parameters: Parameters<OfInstance>,
    written: Written,
) -> Result<Response, Refusal> {
    let (id, name, instance) = checked(place)?;
    let document = written.document(visit.contexts()).await?;
    let attribute = read::record(&visit.reader(&document.context), &name, document.json)?;
    let name = document.context.expand(&name);
    let evolution = Evolution::Modify { name, instance, attribute: Box::new(attribute) };
    let receipt = commit(&visit, Op::evolve(id.clone(), evolution), &id).await?;
    Ok(reply::with_replay(reply::no_content(), receipt.replayed))
}

/// Delete an instance from the evolution of an entity
///
/// Deletes one record of an attribute, named by its instanceId. If it is the present value, the one before takes its place.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/temporal/entities/{entityId}/attrs/{attrId}/{instanceId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Xóa một lần ghi nhận khỏi diễn biến"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."),
        ("instanceId" = String, Path, description = "Identifier of the instance, a URI."), Parameters<OfInstance>, WriteHeaders
    ),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_instance(
    Author(visit): Author<Visit>,
    Segments(place): Segments<(String, String, String)>,
    _parameters: Parameters<OfInstance>,
) -> Result<Response, Refusal> {
    let (id, name, instance) = checked(place)?;
    let name = visit.ld_context().await?.expand(&name);
    let evolution = Evolution::Remove { name, instance };
    let receipt = commit(&visit, Op::evolve(id.clone(), evolution), &id).await?;
    Ok(reply::with_replay(reply::no_content(), receipt.replayed))
}

fn checked((id, name, instance): (String, String, String)) -> Result<(EntityId, String, String), Refusal> {
    let id = entity_id(&id)?;
    names::check(&name).map_err(|error| Problem::bad_data(sentence(&error.to_string())))?;
    read::entity_id("the instance identifier in the path", &instance)?;
    Ok((id, name, instance))
}
