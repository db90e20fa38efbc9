//! One map of entities: read, kept longer or shorter, removed (CIM 009 clauses 5.14.1 to 5.14.3 and 6.32).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use http::StatusCode;
use serde_json::Value as Json;

use super::kept::{owner, shown};
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit, Written, entity_id};

/// One map.
pub(crate) struct One;

impl Operation for One {
    const PARAMETERS: &'static [Known] = &[];
}

/// Read a map of entities
///
/// Answers with the entities of a map and who told of each. Only whoever made it sees it.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/entityMaps/{entityMapId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Đọc danh sách thực thể đã lập"))),
    params(("entityMapId" = String, Path, description = "Identifier of the map, a URI."), Parameters<One>, ReadHeaders),
    responses((status = 200, description = "The map.", body = Object), ReadRefusals)
)]
pub(crate) async fn retrieve_entity_map(
    visit: Visit,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let now = visit.app.context.clock().now();
    let map = visit.app.maps.get(visit.session.tenant(), &owner(&visit), id.as_str(), now);
    let map = map.ok_or_else(|| Problem::not_found(id.as_str()))?;
    Ok(reply::json_body(StatusCode::OK, &shown(&map)))
}

/// Change when a map of entities ends
///
/// Sets expiresAt, a day from now at most. What else the body names is left as it is.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/entityMaps/{entityMapId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Đổi hạn của danh sách thực thể đã lập"))),
    params(("entityMapId" = String, Path, description = "Identifier of the map, a URI."), Parameters<One>, WriteHeaders),
    request_body(content = Object, description = "expiresAt.", content_type = "application/json"),
    responses((status = 204, description = "Changed."), WriteRefusals)
)]
pub(crate) async fn update_entity_map(
    visit: Visit,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let body = written.raw();
    let text = body.get("expiresAt").and_then(Json::as_str);
    let end = text.map(|text| read::instant("expiresAt", text)).transpose()?;
    let end = end.ok_or_else(|| Problem::bad_data("expiresAt: the body must name it."))?;
    let now = visit.app.context.clock().now();
    if !visit.app.maps.postpone(visit.session.tenant(), &owner(&visit), id.as_str(), (now, end)) {
        return Err(Problem::not_found(id.as_str()).into());
    }
    Ok(reply::no_content())
}

/// Remove a map of entities
///
/// Forgets a map. Only whoever made it can; the entities stay.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/entityMaps/{entityMapId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Bỏ danh sách thực thể đã lập"))),
    params(("entityMapId" = String, Path, description = "Identifier of the map, a URI."), Parameters<One>, WriteHeaders),
    responses((status = 204, description = "Removed."), WriteRefusals)
)]
pub(crate) async fn delete_entity_map(
    visit: Visit,
    Segments(id): Segments<String>,
    _parameters: Parameters<One>,
) -> Result<Response, Refusal> {
    let id = entity_id(&id)?;
    let now = visit.app.context.clock().now();
    if !visit.app.maps.remove(visit.session.tenant(), &owner(&visit), id.as_str(), now) {
        return Err(Problem::not_found(id.as_str()).into());
    }
    Ok(reply::no_content())
}
