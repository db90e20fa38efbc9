//! Update attributes (CIM 009 clauses 5.6.2 and 6.6.3.2).

use crate::api::ngsild::federated::{Doing, done, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use crate::api::ngsild::known::{LOCAL, TYPE_OF_ONE};
use crate::api::ngsild::write::{about, change, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{
    Author, Document, Known, Operation, Parameters, Segments, Visit, Written, entity_id,
};

/// Update attributes.
pub(crate) struct Update;

impl Operation for Update {
    const PARAMETERS: &'static [Known] = &[TYPE_OF_ONE, LOCAL];
}

/// Update attributes
///
/// Replaces whole attributes of an entity; `urn:ngsi-ld:null` in the place of one takes it away.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/entities/{entityId}/attrs", tag = "entities",
    extensions(("x-summary-vi" = json!("Cập nhật các thuộc tính của một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Update>, WriteHeaders, IfMatch),
    request_body(content = Object, description = "The attributes, normalized or concise.", content_type = "application/json"),
    responses(
        (status = 204, description = "All are as asked for."),
        (status = 207, description = "Some were left alone.", body = reply::UpdateResult),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn update_attributes(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Update>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let Document { json, context } = written.document(visit.contexts()).await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let doing = Doing {
        operation: Named::UpdateEntity,
        method: Method::PATCH,
        id: &id,
        suffix: "/attrs",
        attribute: None,
        query: passed(&parameters, &["type"]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let fragment = about(&id, read::update_fragment(&visit.reader(&context), body.unwrap_or_default())?)?;
        let mutation = Box::new(Mutation::Update { fragment });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
