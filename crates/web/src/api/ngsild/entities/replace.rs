//! Replace an entity (CIM 009 clauses 5.6.18 and 6.5.3.3).

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
use crate::api::ngsild::write::{change, expected, other_entity, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{
    Author, Document, Known, Operation, Parameters, Segments, Visit, Written, entity_id,
};

/// Replace an entity.
pub(crate) struct Replace;

impl Operation for Replace {
    const PARAMETERS: &'static [Known] = &[TYPE_OF_ONE, LOCAL];
}

/// Replace an entity
///
/// Gives an entity that exists exactly the content of the body. `createdAt` stays.
#[utoipa::path(
    put, path = "/ngsi-ld/v1/entities/{entityId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Thay toàn bộ nội dung một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Replace>, WriteHeaders, IfMatch),
    request_body(content = Object, description = "The entity, normalized or concise.", content_type = "application/json"),
    responses(
        (status = 204, description = "Replaced."),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn replace_entity(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Replace>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let Document { mut json, context } = written.document(visit.contexts()).await?;
    let expect = expected(&visit)?;
    let types = types(&parameters, &context)?;
    if let Json::Object(members) = &mut json {
        members.remove("@id").map(|value| members.entry("id").or_insert(value));
        members.entry("id").or_insert_with(|| id.as_str().into());
    }
    let doing = Doing {
        operation: Named::ReplaceEntity,
        method: Method::PUT,
        id: &id,
        suffix: "",
        attribute: None,
        query: passed(&parameters, &["type"]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        // An entity that is not there is told before what may be wrong with its new content.
        visit.session.entity(&id).await?;
        let entity = read::entity(&visit.reader(&context), body.unwrap_or_default())?;
        if entity.id != id {
            return Err(other_entity(&id, entity.id.as_str()).into());
        }
        let mutation = Box::new(Mutation::Replace(Box::new(entity)));
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
