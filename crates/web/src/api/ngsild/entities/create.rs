//! Create an entity (CIM 009 clauses 5.6.1 and 6.4.3.1).

use crate::api::ngsild::federated::{Doing, done, passed};
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::read;

use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::write::{ENTITIES, commit};
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Document, FirstVisit, Known, Operation, Parameters, Written};

/// Create an entity.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Create an entity
///
/// Creates an entity that must not exist yet.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entities", tag = "entities",
    extensions(("x-summary-vi" = json!("Tạo một thực thể"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The entity, normalized or concise.", content_type = "application/json"),
    responses(
        (status = 201, description = "Created; Location tells where, ETag in which version."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_entity(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let Document { json, context } = written.document(visit.contexts()).await?;
    // What is wrong with it is told before any of it goes anywhere.
    let id = read::entity(&visit.reader(&context), json.clone())?.id;
    let doing = Doing {
        operation: Named::CreateEntity,
        method: Method::POST,
        id: &id,
        suffix: "",
        attribute: None,
        query: passed(&parameters, &[]),
        context: Arc::clone(&context),
        body: Some(json),
        local: parameters.flag("local")?,
    };
    let here = async |body: Option<Json>| {
        let entity = read::entity(&visit.reader(&context), body.unwrap_or_default())?;
        let receipt = commit(&visit, Op::Create(Arc::new(entity)), &id).await?;
        let response = reply::with_version(reply::created(ENTITIES, id.as_str()), receipt.done.version);
        Ok(reply::with_replay(response, receipt.replayed))
    };
    done(&visit, doing, here).await
}
