//! Create a batch of entities (CIM 009 clauses 5.6.7 and 6.14.3.1).

use crate::api::ngsild::federated::{Many, passed};
use dinh_ngsild::registration::Operation as Named;
use std::sync::Arc;

use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::read;

use super::run::run;
use crate::api::ngsild::known::LOCAL;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Create a batch of entities.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Create many entities
///
/// Creates up to 1,000 entities, each with its own result.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/create", tag = "batch",
    extensions(("x-summary-vi" = json!("Tạo nhiều thực thể"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Vec<Object>, description = "The entities.", content_type = "application/json"),
    responses(
        (status = 201, description = "All are created; these are their identifiers.", body = Vec<String>),
        (status = 207, description = "Some are not.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn create_batch(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let items = written.batch(visit.contexts()).await?;
    let many = Many {
        operation: Named::CreateBatch,
        path: "/entityOperations/create",
        query: passed(&parameters, &[]),
        local: parameters.flag("local")?,
    };
    run(&visit, items, &many, |document| {
        let entity = read::entity(&visit.reader(&document.context), document.json)?;
        Ok(Op::Create(Arc::new(entity)))
    })
    .await
}
