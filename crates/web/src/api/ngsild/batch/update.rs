//! Update a batch of entities (CIM 009 clauses 5.6.9 and 6.16.3.1).

use crate::api::ngsild::federated::{Many, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;

use super::run::run;
use crate::api::ngsild::known::{LOCAL, OPTIONS_NO_OVERWRITE};
use crate::api::ngsild::options::keywords;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Visit, Written};

/// Update a batch of entities.
pub(crate) struct Update;

impl Operation for Update {
    const PARAMETERS: &'static [Known] = &[OPTIONS_NO_OVERWRITE, LOCAL];
}

/// Update many entities
///
/// Adds attributes to entities that exist, and replaces those that are there unless told not to.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/update", tag = "batch",
    extensions(("x-summary-vi" = json!("Cập nhật nhiều thực thể"))),
    params(Parameters<Update>, WriteHeaders),
    request_body(content = Vec<Object>, description = "The entities with the attributes to write.", content_type = "application/json"),
    responses(
        (status = 204, description = "All is done."),
        (status = 207, description = "Some could not be done.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn update_batch(
    Author(visit): Author<Visit>,
    parameters: Parameters<Update>,
    written: Written,
) -> Result<Response, Refusal> {
    let overwrite = keywords(&parameters, &["noOverwrite"])?.is_empty();
    let items = written.batch(visit.contexts()).await?;
    let many = Many {
        operation: Named::UpdateBatch,
        path: "/entityOperations/update",
        query: passed(&parameters, &["options"]),
        local: parameters.flag("local")?,
    };
    run(&visit, items, &many, |document| {
        let read = read::append_fragment(&visit.reader(&document.context), document.json)?;
        let id = read.id.ok_or_else(nameless)?;
        Ok(Op::mutate(id, Mutation::Append { fragment: read.content, overwrite }))
    })
    .await
}

/// An item of a batch does not say which entity it is about.
pub(super) fn nameless() -> Problem {
    Problem::bad_data("id: an item of a batch must name its entity.")
}
