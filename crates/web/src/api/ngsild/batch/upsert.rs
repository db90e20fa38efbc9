//! Create or update a batch of entities (CIM 009 clauses 5.6.8 and 6.15.3.1).

use crate::api::ngsild::federated::{Many, passed};
use axum::response::Response;
use dinh_context::graph::{Op, UpsertMode};
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;

use super::run::run;
use crate::api::ngsild::known::{LOCAL, OPTIONS_UPSERT};
use crate::api::ngsild::options::keywords;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Given, Known, Operation, Parameters, Written};

/// Create or update a batch of entities.
pub(crate) struct Upsert;

impl Operation for Upsert {
    const PARAMETERS: &'static [Known] = &[OPTIONS_UPSERT, LOCAL];
}

/// Create or update many entities
///
/// Creates entities that do not exist; those that do get exactly the new content, or, with options=update, the new
/// attributes.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/upsert", tag = "batch",
    extensions(("x-summary-vi" = json!("Tạo hoặc cập nhật nhiều thực thể"))),
    params(Parameters<Upsert>, WriteHeaders),
    request_body(content = Vec<Object>, description = "The entities.", content_type = "application/json"),
    responses(
        (status = 201, description = "All is done; these are new.", body = Vec<String>),
        (status = 204, description = "All is done; none is new."),
        (status = 207, description = "Some could not be done.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn upsert_batch(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    parameters: Parameters<Upsert>,
    written: Written,
) -> Result<Response, Refusal> {
    let mode = mode(&parameters)?;
    let items = written.batch(visit.contexts()).await?;
    let many = Many {
        operation: Named::UpsertBatch,
        path: "/entityOperations/upsert",
        query: passed(&parameters, &["options"]),
        local: parameters.flag("local")?,
    };
    run(&visit, items, &many, |document| {
        let entity = read::entity(&visit.reader(&document.context), document.json)?;
        Ok(Op::upsert(entity, mode))
    })
    .await
}

fn mode(given: &Given) -> Result<UpsertMode, Problem> {
    let keywords = keywords(given, &["replace", "update"])?;
    match keywords.as_slice() {
        [] | ["replace"] => Ok(UpsertMode::Replace),
        ["update"] => Ok(UpsertMode::Update { no_overwrite: false }),
        _ => Err(Problem::invalid(
            "The URL parameter options holds both replace and update; it takes one of them.",
        )),
    }
}
