//! Make a map of the entities that a query finds (CIM 009 clauses 5.14.4 and 6.34.3.1).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::query::EntityQuery;
use http::StatusCode;

use super::kept::{Wish, mapped, of, shown, with_map};
use crate::api::ngsild::body_query::BodyQuery;
use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::entities::Query;
use crate::api::ngsild::federated::{self, Beyond};
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::LOCAL;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal, WriteHeaders};
use crate::api::request::{JSON, Known, Media, Operation, Parameters, Visit, Window, Written};

/// Make a map of what a query finds
///
/// Finds the entities that meet all conditions, up to 10,000, and keeps which they are and who told of each, for an hour unless
/// entityMapLifetime says otherwise. Whoever names the map in NGSILD-EntityMap gets pages that hang together.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/entityMaps", tag = "entities",
    extensions(("x-summary-vi" = json!("Lập danh sách thực thể tìm được"))),
    params(Parameters<Query>, ReadHeaders),
    responses((status = 201, description = "The map; NGSILD-EntityMap tells where.", body = Object), ReadRefusals)
)]
pub(crate) async fn create_entity_map(
    visit: Visit,
    parameters: Parameters<Query>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let context = visit.ld_context().await?;
    let form = Form::read(&parameters, media, context, &visit.headers)?;
    let query = entity_query(&parameters, &form)?;
    let beyond = Beyond::read(&parameters, &form)?;
    let wish = Wish::read(&parameters, &visit.headers)?.anew();
    made(&visit, &query, &form, (&beyond, &wish)).await
}

/// Make a map of what a query in a body finds.
pub(crate) struct ByBody;

impl Operation for ByBody {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Make a map of what a query in a body finds
///
/// Answers like GET on the maps, for queries that are too long for a URL.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/entityMaps", tag = "entities",
    extensions(("x-summary-vi" = json!("Lập danh sách thực thể tìm được bằng thân yêu cầu"))),
    params(Parameters<ByBody>, WriteHeaders),
    request_body(content = Object, description = "A Query object (clause 5.2.23).", content_type = "application/json"),
    responses((status = 201, description = "The map; NGSILD-EntityMap tells where.", body = Object), ReadRefusals)
)]
pub(crate) async fn create_entity_map_by_body(
    visit: Visit,
    parameters: Parameters<ByBody>,
    written: Written,
) -> Result<Response, Refusal> {
    Media::wanted(&visit.headers, JSON)?;
    let document = written.document(visit.contexts()).await?;
    let wish = Wish::of_body(&document.json)?;
    let local = parameters.flag("local")?;
    let asked = BodyQuery::read(document.json, &document.context, &visit.headers, local)?;
    if asked.time.is_some() {
        return Err(Problem::bad_data("temporalQ: it is for queries for evolutions only.").into());
    }
    made(&visit, &asked.query, &asked.form, (&asked.beyond, &wish)).await
}

async fn made(
    visit: &Visit,
    query: &EntityQuery,
    form: &Form,
    (beyond, wish): (&Beyond, &Wish),
) -> Result<Response, Refusal> {
    let window = Window { limit: 0, offset: 0, count: true, after: None };
    let mapped = Box::pin(mapped(visit, query, window, form, (beyond, wish))).await?;
    let map = of(visit, &mapped.map)
        .ok_or_else(|| Problem::bad_data("entityMapLifetime: the map ended at once."))?;
    let response = reply::json_body(StatusCode::CREATED, &shown(&map));
    Ok(with_map(federated::warned(response, &mapped.page.warnings), &mapped.map))
}
