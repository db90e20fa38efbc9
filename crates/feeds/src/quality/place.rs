//! Checks on places.

use dinh_model::{GeoValue, Value};

use super::outline::Outline;
use crate::definition::{Action, CheckRule};

/// What a look at a geometry found.
pub(super) enum PlaceFinding {
    /// Nothing to say.
    Fine,
    /// The check fails.
    Fails,
    /// It fails, and this is what the geometry should be.
    Mended(GeoValue),
}

/// Looks at a geometry. Longitude and latitude of points only; other geometries are checked by their first position.
pub(super) fn look(
    rule: &CheckRule,
    outline: Option<&Outline>,
    value: &Value,
    action: Action,
) -> PlaceFinding {
    let Value::Geo(geometry) = value else { return PlaceFinding::Fine };
    let inside = |bounds: &[f64; 4], lon: f64, lat: f64| {
        let [west, south, east, north] = *bounds;
        (west..=east).contains(&lon) && (south..=north).contains(&lat)
    };
    match rule {
        CheckRule::SwappedCoordinates { bounds } => match geometry.as_point() {
            Some((lon, lat)) if !inside(bounds, lon, lat) && inside(bounds, lat, lon) => {
                if action == Action::Mend {
                    PlaceFinding::Mended(GeoValue::point(lat, lon))
                } else {
                    PlaceFinding::Fails
                }
            }
            _ => PlaceFinding::Fine,
        },
        CheckRule::Bounds { bounds } => match first_position(geometry) {
            Some((lon, lat)) if !inside(bounds, lon, lat) => PlaceFinding::Fails,
            _ => PlaceFinding::Fine,
        },
        CheckRule::Outline { within_km, .. } => match (first_position(geometry), outline) {
            (Some((lon, lat)), Some(outline)) if !outline.covers(lon, lat, *within_km) => PlaceFinding::Fails,
            _ => PlaceFinding::Fine,
        },
        _ => PlaceFinding::Fine,
    }
}

/// The first position of any geometry.
fn first_position(geometry: &GeoValue) -> Option<(f64, f64)> {
    let mut coordinates = geometry.as_json().get("coordinates")?;
    // A MultiPolygon nests its positions four deep.
    for _depth in 0..4 {
        let first = coordinates.get(0)?;
        if let (Some(lon), Some(lat)) =
            (first.as_f64(), coordinates.get(1).and_then(serde_json::Value::as_f64))
        {
            return Some((lon, lat));
        }
        coordinates = first;
    }
    None
}
