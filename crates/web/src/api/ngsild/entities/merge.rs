//! Merge into an entity (CIM 009 clauses 5.5.12, 5.6.17 and 6.5.3.4).

use crate::api::ngsild::federated::{Doing, done, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use crate::api::ngsild::known::{FORMAT, LANG_OF_BODY, LOCAL, OBSERVED_AT, OPTIONS_MERGE, TYPE_OF_ONE};
use crate::api::ngsild::options::is_simplified;
use crate::api::ngsild::write::{about, change, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{
    Author, Document, Known, Operation, Parameters, Segments, Visit, Written, entity_id,
};

/// Merge into an entity.
pub(crate) struct Merge;

impl Operation for Merge {
    const PARAMETERS: &'static [Known] =
        &[FORMAT, OPTIONS_MERGE, LANG_OF_BODY, OBSERVED_AT, TYPE_OF_ONE, LOCAL];
}

/// Merge into an entity
///
/// Merges attributes into an entity, down to members of JSON values; `urn:ngsi-ld:null` takes away.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/entities/{entityId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Trộn thay đổi vào một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Merge>, WriteHeaders, IfMatch),
    request_body(content = Object, description = "What to merge in.", content_type = "application/json"),
    responses(
        (status = 204, description = "Merged."),
        (status = 207, description = "Some attributes were left alone.", body = reply::UpdateResult),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn merge_entity(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    parameters: Parameters<Merge>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let Document { json, context } = written.document(visit.contexts()).await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let observed_at = match parameters.text("observedAt") {
        Some(text) => Some(read::instant("observedAt", text)?),
        None => None,
    };
    let lang = parameters.text("lang").map(str::to_owned);
    let mut reader = visit.reader(&context);
    if is_simplified(&parameters)? {
        reader = reader.simplified();
    }
    let query = passed(&parameters, &["options", "format", "lang", "observedAt", "type"]);
    let doing = Doing {
        operation: Named::MergeEntity,
        method: Method::PATCH,
        id: &id,
        suffix: "",
        attribute: None,
        query,
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let patch = about(&id, read::entity_patch(&reader, body.unwrap_or_default())?)?;
        let mutation = Box::new(Mutation::Merge { patch, observed_at, lang });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}
