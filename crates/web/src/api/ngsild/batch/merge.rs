//! Merge into a batch of entities (CIM 009 clauses 5.6.20 and 6.31.3.1).

use crate::api::ngsild::federated::{Many, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;

use super::run::run;
use super::update::nameless;
use crate::api::ngsild::known::{FORMAT, LANG_OF_BODY, LOCAL, OBSERVED_AT, OPTIONS_MERGE};
use crate::api::ngsild::options::is_simplified;
use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Visit, Written};

/// Merge into a batch of entities.
pub(crate) struct Merge;

impl Operation for Merge {
    const PARAMETERS: &'static [Known] = &[FORMAT, OPTIONS_MERGE, LANG_OF_BODY, OBSERVED_AT, LOCAL];
}

/// Merge into many entities
///
/// Merges attributes into entities that exist, down to members of JSON values.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/merge", tag = "batch",
    extensions(("x-summary-vi" = json!("Trộn thay đổi vào nhiều thực thể"))),
    params(Parameters<Merge>, WriteHeaders),
    request_body(content = Vec<Object>, description = "The entities with what to merge in.", content_type = "application/json"),
    responses(
        (status = 204, description = "All is done."),
        (status = 207, description = "Some could not be done.", body = reply::BatchResult),
        WriteRefusals
    )
)]
pub(crate) async fn merge_batch(
    Author(visit): Author<Visit>,
    parameters: Parameters<Merge>,
    written: Written,
) -> Result<Response, Refusal> {
    let simplified = is_simplified(&parameters)?;
    let observed_at = match parameters.text("observedAt") {
        Some(text) => Some(read::instant("observedAt", text)?),
        None => None,
    };
    let lang = parameters.text("lang");
    let items = written.batch(visit.contexts()).await?;
    let many = Many {
        operation: Named::MergeBatch,
        path: "/entityOperations/merge",
        query: passed(&parameters, &["options", "format", "lang", "observedAt"]),
        local: parameters.flag("local")?,
    };
    run(&visit, items, &many, |document| {
        let mut reader = visit.reader(&document.context);
        if simplified {
            reader = reader.simplified();
        }
        let read = read::entity_patch(&reader, document.json)?;
        let id = read.id.ok_or_else(nameless)?;
        let mutation = Mutation::Merge { patch: read.content, observed_at, lang: lang.map(str::to_owned) };
        Ok(Op::mutate(id, mutation))
    })
    .await
}
