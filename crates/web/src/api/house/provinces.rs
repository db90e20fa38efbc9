//! The provinces and towns that this process serves.

use axum::Json;
use axum::extract::State;
use dinh_context::packs::Titles;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};
use crate::app::App;

/// The provinces.
pub(crate) struct Provinces;

impl Operation for Provinces {
    const PARAMETERS: &'static [Known] = &[];
}

/// A title in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BothTitles {
    /// Vietnamese.
    vi: String,
    /// English.
    en: String,
}

impl From<&Titles> for BothTitles {
    fn from(titles: &Titles) -> Self {
        Self { vi: titles.vi.clone(), en: titles.en.clone() }
    }
}

/// One province or town.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the national list calls it the province code")]
pub(crate) struct Province {
    /// Its tenant, for paths and the header NGSILD-Tenant.
    tenant: String,
    /// What people call it.
    title: BothTitles,
    /// Its code in the national list of administrative units.
    province_code: String,
    /// West, south, east, north in degrees.
    #[schema(value_type = Vec<f64>)]
    bounds: [f64; 4],
    /// Where the map opens: longitude, latitude in degrees.
    #[schema(value_type = Vec<f64>)]
    center: [f64; 2],
    /// Zoom level at which the map opens.
    zoom: f64,
}

/// List provinces and towns
///
/// Answers with the provinces and towns that this process serves, the first being the one shown first.
#[utoipa::path(
    get, path = "/api/v1/provinces", tag = "province",
    extensions(("x-summary-vi" = json!("Liệt kê các tỉnh, thành phố"))),
    params(Parameters<Provinces>),
    responses((status = 200, description = "The provinces.", body = Vec<Province>), ReadRefusals)
)]
pub(crate) async fn list_provinces(
    State(app): State<App>,
    _parameters: Parameters<Provinces>,
) -> Result<Json<Vec<Province>>, Refusal> {
    let provinces = app.context.packs().provinces().iter().map(|province| Province {
        tenant: province.tenant.to_string(),
        title: (&province.title).into(),
        province_code: province.province_code.clone(),
        bounds: province.bounds,
        center: province.center,
        zoom: province.zoom,
    });
    Ok(Json(provinces.collect()))
}
