//! Add attributes to the evolution of an entity (CIM 009 clauses 5.6.12 and 6.20.3.1).

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::read::{self, Identified};
use dinh_ngsild::temporal::Evolution;

use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::write::{about, commit};
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, entity_id};

/// Add to an evolution.
pub(crate) struct Append;

impl Operation for Append {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Add attributes to the evolution of an entity
///
/// Adds records to the past of an entity that is known, be it gone. A record newer than the present value becomes it.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/temporal/entities/{entityId}/attrs", tag = "temporal",
    extensions(("x-summary-vi" = json!("Bổ sung thuộc tính vào diễn biến của một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Append>, WriteHeaders),
    request_body(content = Object, description = "Attributes with arrays of instances.", content_type = "application/json"),
    responses((status = 204, description = "All are added."), WriteRefusals)
)]
pub(crate) async fn append_evolution(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Append>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let document = written.document(visit.contexts()).await?;
    let request = read::evolution(&visit.reader(&document.context), document.json)?;
    let named = request.id.clone();
    let request = about(&id, Identified { id: named, content: request })?;
    let evolution = Evolution::Add {
        types: request.types,
        scopes: request.scopes,
        records: request.records,
        expires_at: None,
        create: false,
    };
    let receipt = commit(&visit, Op::evolve(id.clone(), evolution), &id).await?;
    Ok(reply::with_replay(reply::no_content(), receipt.replayed))
}
