//! Delete a batch of entities (CIM 009 clauses 5.6.10 and 6.17.3.1).

use crate::api::ngsild::federated::{Many, share_ids};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;
use serde_json::Value as Json;

use super::run::finish;
use crate::api::ngsild::known::LOCAL;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Visit, Written};

/// Delete a batch of entities.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Delete many entities
///
/// Deletes entities by their identifiers. Their history stays.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/delete", tag = "batch",
    extensions(("x-summary-vi" = json!("Xóa nhiều thực thể"))),
    params(Parameters<Delete>, WriteHeaders),
    request_body(content = Vec<String>, description = "Identifiers of the entities.", content_type = "application/json"),
    responses(
        (status = 204, description = "All are deleted."),
        (status = 207, description = "Some are not.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn delete_batch(
    Author(visit): Author<Visit>,
    parameters: Parameters<Delete>,
    written: Written,
) -> Result<Response, Refusal> {
    let items = written.values()?;
    let many = Many {
        operation: Named::DeleteBatch,
        path: "/entityOperations/delete",
        query: Vec::new(),
        local: parameters.flag("local")?,
    };
    let told = share_ids(&visit, &many, &items).await?;
    let here = |(at, item): (usize, &Json)| {
        let (id, plan) = plan(item);
        let elsewhere = told.get(&at).is_some_and(|told| told.nothing_here);
        (id, if elsewhere { Ok(None) } else { plan.map(Some) })
    };
    let planned = items.iter().enumerate().map(here).collect();
    finish(&visit, planned, told).await
}

fn plan(item: &Json) -> (Option<String>, Result<Op, Problem>) {
    let Some(text) = item.as_str() else {
        let problem =
            Problem::bad_data("An item of the array is not the identifier of an entity, which is a text.");
        return (None, Err(problem));
    };
    let op = read::entity_id("id", text).map(Op::delete).map_err(Problem::from);
    (Some(text.to_owned()), op)
}
