//! Append attributes (CIM 009 clauses 5.6.3 and 6.6.3.1).

use crate::api::ngsild::federated::{Doing, done, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use crate::api::ngsild::known::{LOCAL, OPTIONS_NO_OVERWRITE, TYPE_OF_ONE};
use crate::api::ngsild::options::keywords;
use crate::api::ngsild::write::{about, change, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{
    Author, Document, Known, Operation, Parameters, Segments, Visit, Written, entity_id,
};

/// Append attributes.
pub(crate) struct Append;

impl Operation for Append {
    const PARAMETERS: &'static [Known] = &[OPTIONS_NO_OVERWRITE, TYPE_OF_ONE, LOCAL];
}

/// Append attributes
///
/// Adds attributes to an entity, and replaces those that are there unless told not to.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entities/{entityId}/attrs", tag = "entities",
    extensions(("x-summary-vi" = json!("Thêm thuộc tính vào một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Append>, WriteHeaders, IfMatch),
    request_body(content = Object, description = "The attributes, normalized or concise.", content_type = "application/json"),
    responses(
        (status = 204, description = "All are as asked for."),
        (status = 207, description = "Some were left alone.", body = reply::UpdateResult),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn append_attributes(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Append>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let overwrite = keywords(&parameters, &["noOverwrite"])?.is_empty();
    let Document { json, context } = written.document(visit.contexts()).await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let doing = Doing {
        operation: Named::AppendAttrs,
        method: Method::POST,
        id: &id,
        suffix: "/attrs",
        attribute: None,
        query: passed(&parameters, &["options", "type"]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let fragment = about(&id, read::append_fragment(&visit.reader(&context), body.unwrap_or_default())?)?;
        let mutation = Box::new(Mutation::Append { fragment, overwrite });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
