//! Update one attribute in part (CIM 009 clauses 5.6.4 and 6.7.3.1).

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
use crate::api::ngsild::write::{change, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{
    Author, Document, Known, Operation, Parameters, Segments, Visit, Written, entity_id,
};

/// Update one attribute in part.
pub(crate) struct Patch;

impl Operation for Patch {
    const PARAMETERS: &'static [Known] = &[TYPE_OF_ONE, LOCAL];
}

/// Update one attribute in part
///
/// Changes members of one attribute and leaves its others alone. Its kind cannot change.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Sửa một phần của một thuộc tính"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."), Parameters<Patch>, WriteHeaders, IfMatch
    ),
    request_body(content = Object, description = "The members to change, e.g. {\"value\": 1.5}.", content_type = "application/json"),
    responses(
        (status = 204, description = "Changed."),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn patch_attribute(
    Author(visit): Author<Visit>,
    Segments((id, name)): Segments<(String, String)>,
    parameters: Parameters<Patch>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let Document { json, context } = written.document(visit.contexts()).await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let doing = Doing {
        operation: Named::UpdateAttrs,
        method: Method::PATCH,
        id: &id,
        suffix: "/attrs/",
        attribute: Some(context.expand(&name)),
        query: passed(&parameters, &["type"]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let patch =
            Box::new(read::attribute_patch(&visit.reader(&context), &name, body.unwrap_or_default())?);
        let mutation = Box::new(Mutation::PatchAttribute { name: context.expand(&name), patch });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
