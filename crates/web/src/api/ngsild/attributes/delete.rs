//! Delete one attribute (CIM 009 clauses 5.6.5 and 6.7.3.2).

use crate::api::ngsild::federated::{Doing, done, passed};
use axum::response::Response;
use dinh_context::graph::Op;
use dinh_ngsild::mutation::Mutation;
use dinh_ngsild::names;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::DatasetId;
use dinh_ngsild::read;
use dinh_ngsild::registration::Operation as Named;
use http::Method;
use serde_json::Value as Json;
use std::sync::Arc;

use crate::api::ngsild::known::{DATASET_ID_ONE, DELETE_ALL, LOCAL, TYPE_OF_ONE};
use crate::api::ngsild::write::{change, expected, types};
use crate::api::reply::{self, IfMatch, Refusal, WriteHeaders, WriteRefusals, sentence};
use crate::api::request::{Author, Given, Known, Operation, Parameters, Segments, Visit, entity_id};

/// Delete one attribute.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[DATASET_ID_ONE, DELETE_ALL, TYPE_OF_ONE, LOCAL];
}

/// Delete one attribute
///
/// Takes one instance of an attribute away, or all of them.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/entities/{entityId}/attrs/{attrId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Xóa một thuộc tính"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."),
        ("attrId" = String, Path, description = "Name of the attribute."), Parameters<Delete>, WriteHeaders, IfMatch
    ),
    responses(
        (status = 204, description = "Deleted."),
        (status = 412, description = "The entity has another version than If-Match names.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn delete_attribute(
    Author(visit): Author<Visit>,
    Segments((id, name)): Segments<(String, String)>,
    parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    names::check(&name).map_err(|error| Problem::bad_data(sentence(&error.to_string())))?;
    let context = visit.ld_context().await?;
    let (expect, types) = (expected(&visit)?, types(&parameters, &context)?);
    let all = parameters.flag("deleteAll")?;
    let dataset_id = one_dataset(&parameters)?;
    let name = context.expand(&name);
    let doing = Doing {
        operation: Named::DeleteAttrs,
        method: Method::DELETE,
        id: &id,
        suffix: "/attrs/",
        attribute: Some(name.clone()),
        query: passed(&parameters, &["datasetId", "deleteAll", "type"]),
        context: Arc::clone(&context),
        body: None,
        local: parameters.flag("local")?,
    };
    let here = async |_: Option<Json>| {
        let mutation = Box::new(Mutation::DeleteAttribute { name, dataset_id, all });
        change(&visit, Op::Mutate { id: id.clone(), mutation, expect, types }, &id).await
    };
    done(&visit, doing, here).await
}

/// Which instance is meant: that of `datasetId`, or the default one.
pub(in crate::api::ngsild) fn one_dataset(given: &Given) -> Result<DatasetId, Refusal> {
    let Some(text) = given.text("datasetId") else { return Ok(None) };
    match <[_; 1]>::try_from(read::dataset_ids(text)?) {
        Ok([one]) => Ok(one),
        Err(_) => Err(Problem::bad_data("The URL parameter datasetId takes one identifier here.").into()),
    }
}
