//! Query entities with a body (CIM 009 clauses 5.2.23, 5.7.2 and 6.23.3.1).

use axum::response::Response;
use dinh_ngsild::linked::Join;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::read;
use serde_json::Value as Json;

use crate::api::ngsild::answer;
use crate::api::ngsild::conditions::{collation, refuse_too_wide};
use crate::api::ngsild::federated::Beyond;
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{COUNT, FORMAT, GEOMETRY_PROPERTY, LIMIT, LOCAL, OFFSET, OPTIONS_READ};
use crate::api::ngsild::linked::reaches;
use crate::api::reply::{ReadRefusals, Refusal, WriteHeaders};
use crate::api::request::{JSON_OR_GEO, Known, Media, Operation, Parameters, Visit, Window, Written};

/// Query entities with a body.
pub(crate) struct Query;

impl Operation for Query {
    const PARAMETERS: &'static [Known] =
        &[LIMIT, OFFSET, COUNT, FORMAT, OPTIONS_READ, GEOMETRY_PROPERTY, LOCAL];
}

/// Query entities with a body
///
/// Answers like GET on the entities, for queries that are too long for a URL.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityOperations/query", tag = "batch",
    extensions(("x-summary-vi" = json!("Truy vấn thực thể bằng thân yêu cầu"))),
    params(Parameters<Query>, WriteHeaders),
    request_body(content = Object, description = "A Query object (clause 5.2.23).", content_type = "application/json"),
    responses(
        (status = 200, description = "A page of entities.", content(
            (Vec<Object> = "application/json"), (Vec<Object> = "application/ld+json"), (Object = "application/geo+json"))),
        ReadRefusals
    )
)]
pub(crate) async fn query_batch(
    visit: Visit,
    parameters: Parameters<Query>,
    written: Written,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON_OR_GEO)?;
    let mut document = written.document(visit.contexts()).await?;
    if let Some(tag) = document.json.pointer("/ordering/collation").and_then(Json::as_str) {
        collation(tag)?;
    }
    let join = Join::take(&mut document.json)?;
    let beyond = Beyond::of_body(&document.json, &document.context, parameters.flag("local")?)?;
    let request = read::query(document.json, &document.context)?;
    if request.temporal.is_some() {
        return Err(Problem::bad_data("temporalQ: it is for queries for evolutions only.").into());
    }
    let mut form = Form::read(&parameters, media, document.context, &visit.headers)?;
    form.pick = request.pick;
    form.omit = request.omit;
    form.attrs = request.attrs;
    form.languages = request.languages;
    form.dataset_ids.clone_from(&request.query.dataset_ids);
    form.join = join;
    form.check()?;
    let query = EntityQuery { attrs: form.needed_attributes(), ..request.query };
    refuse_too_wide(&query, parameters.flag("local")?)?;
    reaches(&query, form.join.as_ref())?;
    let window = Window::read(&parameters)?;
    answer::page(&visit, query, window, &form, (Some(&parameters), &beyond)).await
}
