//! Full-text search that forgives missing accents.

use std::sync::Arc;

use axum::Json;
use dinh_context::graph::Hit;
use dinh_model::admin::{Level, Place, Register};
use dinh_model::{Entity, Term};
use dinh_ngsild::problem::Problem;
use dinh_ngsild::vocabulary;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal, StatedHeaders};
use crate::api::request::{Known, Operation, Parameters, Visit};
use crate::layers::name_of;
use crate::words::Lang;

/// Search.
pub(crate) struct Search;

impl Operation for Search {
    const PARAMETERS: &'static [Known] = &[
        Known::text("text", "Words to look for, with or without accents."),
        Known::number("limit", "Most hits to return: 10 if not given, at most 100."),
        Known::text("lang", "Language of names and types: vi (the default) or en."),
    ];
}

/// Most hits in one answer.
const MOST: usize = 100;
/// Hits in an answer unless told otherwise.
const USUAL: usize = 10;
/// Longest text looked for, in characters.
const MAX_TEXT: usize = 200;

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    /// Identifier of the entity.
    eid: String,
    /// Its type.
    r#type: String,
    /// What people call its type.
    type_title: String,
    /// Its name.
    name: String,
    /// Longitude in degrees, if it is a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    /// Latitude in degrees, if it is a point.
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    /// The commune that it lies in, where known.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    within: Option<String>,
}

/// Search entities by words
///
/// Answers with entities in whose searched attributes the words stand, the best first: what is written just so comes
/// before what merely sounds alike.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/search", tag = "province",
    extensions(("x-summary-vi" = json!("Tìm thực thể theo từ, không cần dấu"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Search>, StatedHeaders),
    responses((status = 200, description = "The hits, the best first.", body = Vec<Found>), ReadRefusals)
)]
pub(crate) async fn search(
    Hall(visit): Hall,
    parameters: Parameters<Search>,
) -> Result<Json<Vec<Found>>, Refusal> {
    let text = parameters.text("text").unwrap_or_default().trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        let detail = format!("The URL parameter text is needed; it holds 1 to {MAX_TEXT} characters.");
        return Err(Problem::bad_data(detail).into());
    }
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let lang = parameters.text("lang").and_then(Lang::from_tag).unwrap_or_default();
    let hits = visit.session.search(text, &[], limit).await?;
    // Without a register the hits are still worth telling, only without their communes.
    let units = visit.session.units().await.ok();
    let today = super::commune::today(visit.app.context.clock().now().to_jiff());
    let tell = |hit: &Hit| found(&visit, &hit.found.entity, units.as_ref(), today, lang);
    Ok(Json(hits.iter().map(tell).collect()))
}

fn found(visit: &Visit, entity: &Entity, units: Option<&Arc<Register>>, day: Date, lang: Lang) -> Found {
    let core = visit.contexts().core();
    let described = visit.app.context.types().of(&entity.types).next();
    let label = described.map_or("name", |described| described.label.as_str());
    let first = entity.types.first().map_or("", Term::as_str);
    let short = core.compact_str(first).into_owned();
    let point = entity.geometry(vocabulary::LOCATION).and_then(dinh_model::GeoValue::as_point);
    Found {
        eid: entity.id.to_string(),
        type_title: described.map_or_else(|| short.clone(), |d| d.title.in_language(lang.tag()).to_owned()),
        r#type: short,
        name: name_of(entity, &core.expand(label), lang).to_string(),
        lon: point.map(|(lon, _)| lon),
        lat: point.map(|(_, lat)| lat),
        within: point.zip(units).and_then(|((lon, lat), units)| commune(units, lon, lat, day)),
    }
}

fn commune(units: &Register, lon: f64, lat: f64, day: Date) -> Option<String> {
    match units.unit_at(lon, lat, Level::Commune, day)? {
        Place::Unit(unit) => Some(unit.name.vi.clone()),
        Place::Candidates { .. } => None,
    }
}
