//! `GET /api/v1/{tenant}/layers`: what the map can show, with its legends.

use axum::Json;
use axum::extract::{Path, State};
use dinh_access::Purpose;
use dinh_context::packs::Titles;
use dinh_ngsild::query::{EntityQuery, TypeExpr};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::reply::Refusal;
use crate::app::App;
use crate::layers::{Class, Layer, Shape, Sign};
use crate::router::Caller;

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct Words {
    /// Vietnamese.
    vi: String,
    /// English.
    en: String,
}

impl From<&Titles> for Words {
    fn from(titles: &Titles) -> Self {
        Self { vi: titles.vi.clone(), en: titles.en.clone() }
    }
}

/// One map layer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    /// Its name, also that of the layer in its tiles.
    id: String,
    /// What people call it.
    title: Words,
    /// The group that it is listed under.
    group: Words,
    /// What else there is to know.
    note: Words,
    /// Whether it is on at the first visit.
    visible: bool,
    /// `point`, `line` or `polygon`.
    #[schema(value_type = String)]
    shape: Shape,
    /// Sign of its points.
    #[schema(value_type = String)]
    sign: Sign,
    /// Zoom level from which it is shown.
    min_zoom: u8,
    /// Types of its entities, as short names where the core context knows one.
    types: Vec<String>,
    /// The value shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ShownValue>,
    /// Classes of value; the first that fits is the class of an entity.
    classes: Vec<ShownClass>,
    /// Address of its tiles.
    tiles: String,
    /// How many entities it has.
    count: u64,
}

/// The value of a layer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShownValue {
    /// Short name of the attribute.
    attribute: String,
    /// Unit, as people write it.
    unit: String,
    /// Decimal places.
    #[serde(skip_serializing_if = "Option::is_none")]
    digits: Option<u8>,
    /// Age in seconds from which a value is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_after: Option<i64>,
}

/// One class of a legend.
#[derive(Debug, Serialize, ToSchema)]
struct ShownClass {
    /// What people call it.
    title: Words,
    /// Colour on light ground: a token's name or #RRGGBB.
    colour: String,
    /// Colour on dark ground.
    dark: String,
    /// Sign.
    #[schema(value_type = String)]
    sign: Sign,
    /// How much it matters, 0 to 4.
    level: u8,
    /// The value is at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    /// The value is below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    /// The value is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    equals: Option<String>,
}

impl From<&Class> for ShownClass {
    fn from(class: &Class) -> Self {
        Self {
            title: (&class.title).into(),
            colour: class.colour.to_string(),
            dark: class.dark.to_string(),
            sign: class.sign,
            level: class.level,
            min: class.min,
            max: class.max,
            equals: class.equals.clone(),
        }
    }
}

/// The layers of a province.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/layers", tag = "map", summary = "List map layers with legends and counts",
    extensions(("x-summary-vi" = json!("Liệt kê các lớp bản đồ kèm chú giải và số đối tượng"))),
    params(("tenant" = String, Path, description = "The province.")),
    responses(
        (status = 200, description = "The layers, in the order in which they are listed.", body = Vec<Shown>),
        (status = 404, description = "There is no such province."),
    )
)]
pub(super) async fn list_layers(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(tenant): Path<String>,
) -> Result<Json<Vec<Shown>>, Refusal> {
    let province = app.context.packs().province(&tenant);
    let nothing = || Refusal::http(StatusCode::NOT_FOUND, format!("There is no province {tenant:?}."));
    let tenant = province.ok_or_else(nothing)?.tenant.clone();
    let session = app.context.session(caller, tenant.clone(), Purpose::PublicInformation);
    let mut shown = Vec::new();
    for layer in app.display().layers.of(&tenant) {
        let query = EntityQuery {
            types: Some(TypeExpr::Any(layer.types.iter().cloned().map(TypeExpr::Is).collect())),
            attrs: vec![layer.geometry.clone()],
            ..EntityQuery::default()
        };
        let count = session.count(query).await?;
        shown.push(show(&app, tenant.as_str(), layer, count));
    }
    Ok(Json(shown))
}

fn show(app: &App, tenant: &str, layer: &Layer, count: u64) -> Shown {
    let core = app.context.ld_contexts().core();
    Shown {
        id: layer.id.clone(),
        title: (&layer.title).into(),
        group: (&layer.group).into(),
        note: (&layer.note).into(),
        visible: layer.visible,
        shape: layer.shape,
        sign: layer.sign,
        min_zoom: layer.min_zoom,
        types: layer.types.iter().map(|t| core.compact_str(t.as_str()).into_owned()).collect(),
        value: layer.value.as_ref().map(|value| ShownValue {
            attribute: value.name.clone(),
            unit: value.unit.clone(),
            digits: value.digits,
            stale_after: value.stale_after.map(|micros| micros / 1_000_000),
        }),
        classes: layer.classes.iter().map(ShownClass::from).collect(),
        tiles: format!("/tiles/{tenant}/{}/{{z}}/{{x}}/{{y}}", layer.id),
        count,
    }
}
