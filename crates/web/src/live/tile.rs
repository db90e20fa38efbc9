//! Tiles over HTTP: those of the graph by layer, those of the geography.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use dinh_access::{Audience, Purpose};
use dinh_context::Session;
use dinh_context::graph::{Area, AreaQuery, Bounds, Stored};
use dinh_model::Timestamp;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::api::reply::Refusal;
use crate::app::App;
use crate::layers::{Item, Layer, Shape};
use crate::router::Caller;
use crate::tiles::{Address, Cell, MAX_FEATURES, VALUES_FROM_ZOOM, cells_tile, gzip, items_tile};

/// How often values may turn stale, in microseconds: a tile is true for so long even if nothing changes.
const STALE_STEP: i64 = 300_000_000;
/// Units around a tile in which shapes are looked for.
const MARGIN: f64 = 64.0;
/// Most points looked at for one tile; what of them does not fit is counted in clusters.
const MAX_LOOKED_AT: usize = 10_000;
/// A tile seen from afar is counted by about 2^5 columns of cells.
const CELLS_BITS: u32 = 5;
/// How long browsers keep the geography, which changes with the program only.
const BASE_KEEP: &str = "public, max-age=3600";
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.mapbox-vector-tile");

/// One tile of a layer.
#[utoipa::path(
    get, path = "/tiles/{tenant}/{layer}/{z}/{x}/{y}", tag = "map", summary = "A vector tile of a map layer",
    description = "Mapbox Vector Tile 2.1, one layer of the same name. Properties of features: eid, name, v (number) or \
                   t (text), c (class), stale, replay; clusters have n (count) and, of the class among \
                   them that matters most, c, stale and replay. At most 5,000 features and \
                   512 KiB; what is more is counted in clusters.",
    extensions(("x-summary-vi" = json!("Một ô bản đồ vector của một lớp dữ liệu"))),
    params(
        ("tenant" = String, Path, description = "The province."), ("layer" = String, Path, description = "The layer."),
        ("z" = u8, Path, description = "Zoom level, 0 to 16."), ("x" = u32, Path, description = "Column."), ("y" = u32, Path, description = "Row."),
    ),
    responses(
        (status = 200, description = "The tile, compressed.", content_type = "application/vnd.mapbox-vector-tile"),
        (status = 304, description = "The tile known by its ETag is still true."),
        (status = 404, description = "There is no such province, layer or tile."),
    )
)]
pub(super) async fn layer_tile(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((tenant, layer, z, x, y)): Path<(String, String, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let nothing = |what: String| Refusal::http(StatusCode::NOT_FOUND, what);
    let province = app.context.packs().province(&tenant);
    let tenant = province.ok_or_else(|| nothing(format!("There is no province {tenant:?}.")))?.tenant.clone();
    let display = app.display();
    let found = display.layers.find(&tenant, &layer);
    let layer = found.ok_or_else(|| nothing(format!("There is no layer {layer:?}.")))?;
    let tile = Address::new(z, x, y).ok_or_else(|| nothing(format!("There is no tile {z}/{x}/{y}.")))?;
    let now = app.context.clock().now();
    let version = version(&app, &tenant, layer, now);
    let session = app.context.session(caller, tenant.clone(), Purpose::Operations);
    let audience = session.sight()?.audience();
    let tag = format!("\"{version:x}-{:x}\"", short(&audience));
    if is_known(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    let key = (tenant, audience, Arc::clone(&layer.key), tile);
    if let Some(bytes) = display.tiles.get(&key, version) {
        return Ok(respond(bytes, &tag, "private, no-cache"));
    }
    let _place = display.drawing.acquire().await;
    // Whoever waited for a place finds the tile drawn if it was the same one that was drawn meanwhile.
    if let Some(bytes) = display.tiles.get(&key, version) {
        return Ok(respond(bytes, &tag, "private, no-cache"));
    }
    let bytes = draw(&session, layer, tile, now).await?;
    display.tiles.put(key, version, bytes.clone());
    Ok(respond(bytes, &tag, "private, no-cache"))
}

/// An audience in few characters: so that a browser whose visitor signs in or out does not go on with what it has. What
/// others see is kept apart by the audience itself.
fn short(audience: &Audience) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    audience.hash(&mut hasher);
    hasher.finish()
}

/// What a tile of the layer depends on besides its place, as one number.
fn version(app: &App, tenant: &dinh_model::Tenant, layer: &Layer, now: Timestamp) -> u64 {
    let changed = app.display().hub.version(tenant, layer);
    let grows_stale = layer.value.as_ref().is_some_and(|value| value.stale_after.is_some());
    let step = if grows_stale { now.as_micros().div_euclid(STALE_STEP).cast_unsigned() } else { 0 };
    // Both halves count up slowly: 2^34 steps are 160,000 years, 2^30 changes come round with the step long past.
    (step << 34) ^ changed
}

async fn draw(session: &Session, layer: &Layer, tile: Address, now: Timestamp) -> Result<Bytes, Refusal> {
    let around = tile.bounds(if layer.shape == Shape::Point { 0.0 } else { MARGIN });
    let query = AreaQuery {
        bounds: Bounds { west: around.west, south: around.south, east: around.east, north: around.north },
        types: layer.types.clone(),
        property: layer.geometry.clone(),
        limit: if layer.shape == Shape::Point { MAX_LOOKED_AT } else { MAX_FEATURES },
    };
    let is_far = layer.shape == Shape::Point && tile.z < VALUES_FROM_ZOOM;
    let cells = if is_far { crowd(session, &query, tile.z).await? } else { None };
    let area = match (layer.shape, &cells) {
        (_, Some(_)) => Area::default(),
        (Shape::Point, None) => session.points_in(&query).await?,
        (Shape::Line | Shape::Polygon, None) => session.shapes_in(&query).await?,
    };
    if area.more {
        tracing::warn!(
            layer = layer.id,
            ?tile,
            limit = query.limit,
            "a tile holds more entities than are looked at"
        );
    }
    let entities = area.entities;
    let layer = layer.clone();
    let drawn = tokio::task::spawn_blocking(move || match cells {
        Some(cells) => gzip(&cells_tile(&layer, tile, &cells)),
        None => gzip(&items_tile(&layer, tile, &items(&layer, &entities), now)),
    });
    drawn.await.map_err(|e| broken(&e))?.map_err(|e| broken(&e))
}

fn items(layer: &Layer, entities: &[Stored]) -> Vec<Item> {
    entities.iter().map(|stored| Item::new(layer, &stored.entity)).collect()
}

/// The counts by cell if there are more points than are looked at one by one.
async fn crowd(session: &Session, query: &AreaQuery, zoom: u8) -> Result<Option<Vec<Cell>>, Refusal> {
    let grid = session.grid(query, u32::from(zoom) + CELLS_BITS).await?;
    let total: u64 = grid.iter().map(|cell| cell.count).sum();
    if total <= MAX_FEATURES as u64 {
        return Ok(None);
    }
    let middle = |cell: &Bounds| (f64::midpoint(cell.west, cell.east), f64::midpoint(cell.south, cell.north));
    let cells = grid.iter().map(|cell| {
        let (lon, lat) = middle(&cell.bounds);
        Cell { lon, lat, count: cell.count }
    });
    Ok(Some(cells.collect()))
}

/// One tile of the geography.
#[utoipa::path(
    get, path = "/basemap/{z}/{x}/{y}", tag = "map", summary = "A vector tile of the shipped geography",
    extensions(("x-summary-vi" = json!("Một ô bản đồ nền"))),
    params(("z" = u8, Path, description = "Zoom level, 0 to 16."), ("x" = u32, Path, description = "Column."), ("y" = u32, Path, description = "Row.")),
    responses(
        (status = 200, description = "The tile, compressed.", content_type = "application/vnd.mapbox-vector-tile"),
        (status = 304, description = "The tile known by its ETag is still true."),
        (status = 404, description = "There is no such tile."),
    )
)]
pub(super) async fn base_tile(
    State(app): State<App>,
    Path((z, x, y)): Path<(u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let tile = Address::new(z, x, y)
        .ok_or_else(|| Refusal::http(StatusCode::NOT_FOUND, format!("There is no tile {z}/{x}/{y}.")))?;
    let tag = format!("\"{}\"", app.display().basemap.version());
    if is_known(&headers, &tag) {
        return Ok(unchanged(&tag));
    }
    if let Some(bytes) = app.display().base_tiles.get(&tile, 0) {
        return Ok(respond(bytes, &tag, BASE_KEEP));
    }
    let _place = app.display().drawing.acquire().await;
    let drawer = app.clone();
    let drawn = tokio::task::spawn_blocking(move || gzip(&drawer.display().basemap.tile(tile)));
    let bytes = drawn.await.map_err(|e| broken(&e))?.map_err(|e| broken(&e))?;
    app.display().base_tiles.put(tile, 0, bytes.clone());
    Ok(respond(bytes, &tag, BASE_KEEP))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn respond(tile: Bytes, tag: &str, keep: &'static str) -> Response {
    let mut response = tile.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, MEDIA_TYPE);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn broken(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "a tile could not be drawn");
    Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "The tile could not be drawn.")
}
