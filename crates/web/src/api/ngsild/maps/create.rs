//! Make a map of the entities that a query finds (CIM 009 clauses 5.14.4 and 6.34.3.1).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use http::StatusCode;

use super::kept::{Wish, mapped, of, shown, with_map};
use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::entities::Query;
use crate::api::ngsild::federated::{self, Beyond};
use crate::api::ngsild::form::Form;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{JSON, Media, Parameters, Visit, Window};

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
    let window = Window { limit: 0, offset: 0, count: true, after: None };
    let mapped = Box::pin(mapped(&visit, &query, window, &form, (&beyond, &wish))).await?;
    let map = of(&visit, &mapped.map)
        .ok_or_else(|| Problem::bad_data("entityMapLifetime: the map ended at once."))?;
    let response = reply::json_body(StatusCode::CREATED, &shown(&map));
    Ok(with_map(federated::warned(response, &mapped.page.warnings), &mapped.map))
}
