//! Replace one attribute (CIM 009 clauses 5.6.19 and 6.7.3.3).

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

/// Replace one attribute.
pub(crate) struct Replace;

impl Operation for Replace {
    const PARAMETERS: &'static [Known] = &[TYPE_OF_ONE, LOCAL];
}

/// Replace one attribute
///
/// Gives one attribute that is there exactly the content of the body.
#[utoipa::path(
    put, path = "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Thay toàn bộ một thuộc tính"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."), Parameters<Replace>, WriteHeaders, IfMatch
    ),
    request_body(content = Object, description = "The attribute, normalized or concise.", content_type = "application/json"),
    responses(
        (status = 204, description = "Replaced."),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn replace_attribute(
    Author(visit): Author<Visit>,
    Segments((id, name)): Segments<(String, String)>,
    parameters: Parameters<Replace>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let Document { json, context } = written.document(visit.contexts()).await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let doing = Doing {
        operation: Named::ReplaceAttrs,
        method: Method::PUT,
        id: &id,
        suffix: "/attrs/",
        attribute: Some(context.expand(&name)),
        query: passed(&parameters, &["type"]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let attribute = Box::new(read::attribute(&visit.reader(&context), &name, body.unwrap_or_default())?);
        let mutation = Box::new(Mutation::ReplaceAttribute { name: context.expand(&name), attribute });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
