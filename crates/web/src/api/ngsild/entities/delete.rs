//! Delete an entity (CIM 009 clauses 5.6.6 and 6.5.3.2).

use crate::api::ngsild::federated::{Doing, done, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use crate::api::ngsild::known::{LOCAL, TYPE_OF_ONE};
use crate::api::ngsild::write::{commit, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, entity_id};

/// Delete an entity.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[TYPE_OF_ONE, LOCAL];
}

/// Delete an entity
///
/// Deletes an entity. Its history stays.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/entities/{entityId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Xóa một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Delete>, WriteHeaders, IfMatch),
    responses(
        (status = 204, description = "Deleted."),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn delete_entity(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let context = visit.ld_context().await?;
    let types = types(&parameters, &context)?;
    let expect = expected(&visit)?;
    let doing = Doing {
        operation: Named::DeleteEntity,
        method: Method::DELETE,
        id: &id,
        suffix: "",
        attribute: None,
        query: passed(&parameters, &["type"]),
        context: Arc::clone(&context),
        body: None,
        local: parameters.flag("local")?,
    };
    let here = async |_: Option<Json>| {
        let receipt = commit(&visit, Op::Delete { id: id.clone(), expect, types }, &id).await?;
        Ok(reply::with_replay(reply::no_content(), receipt.replayed))
    };
    done(&visit, doing, here).await
}
