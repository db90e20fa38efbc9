//! Create or update the evolution of an entity (CIM 009 clauses 5.6.11 and 6.18.3.1).

use axum::response::Response;
use dinh_context::graph::{DoneKind, Op};
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_ngsild::temporal::Evolution;

use super::EVOLUTIONS;
use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::write::commit;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Create or update an evolution.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Create or update the evolution of an entity
///
/// Adds records to the past of an entity, and creates the entity if nobody knows it: the newest record of each attribute
/// is then its present value. A record observed at the same instant as an earlier one takes its place.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/temporal/entities", tag = "temporal",
    extensions(("x-summary-vi" = json!("Tạo hoặc bổ sung diễn biến của một thực thể"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The evolution: attributes with arrays of instances.", content_type = "application/json"),
    responses(
        (status = 201, description = "The entity was created with its past; Location tells where."),
        (status = 204, description = "Added to what was known."),
        WriteRefusals
    )
)]
pub(crate) async fn create_evolution(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let document = written.document(visit.contexts()).await?;
    let request = read::evolution(&visit.reader(&document.context), document.json)?;
    let Some(id) = request.id else { return Err(Problem::bad_data("id: an entity needs an id.").into()) };
    if request.types.is_empty() {
        return Err(Problem::bad_data("type: an entity needs a type.").into());
    }
    let evolution = Evolution::Add {
        types: request.types,
        scopes: request.scopes,
        records: request.records,
        expires_at: request.expires_at,
        create: true,
    };
    let receipt = commit(&visit, Op::evolve(id.clone(), evolution), &id).await?;
    let response = match receipt.done.kind {
        DoneKind::Created => reply::created(EVOLUTIONS, id.as_str()),
        _ => reply::no_content(),
    };
    Ok(reply::with_replay(response, receipt.replayed))
}
