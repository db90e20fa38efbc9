//! Outlines: areas, such as communes, that positions should lie in.

use std::sync::Arc;

use dinh_model::{Geometry, geometry};
use serde_json::Value as Json;

use crate::definition::{CheckRule, DefinitionError, FeedDefinition};
use crate::files::PackFiles;

/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.195;

/// The outlines that the checks of a feed need. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Outlines(Arc<Vec<Option<Arc<Outline>>>>);

impl Outlines {
    /// Reads what the checks of a definition name; one place for each check.
    pub fn read(definition: &FeedDefinition, files: &dyn PackFiles) -> Result<Self, DefinitionError> {
        let read = |rule: &CheckRule| match rule {
            CheckRule::Outline { path, codes, .. } => {
                let refuse = |reason: String| {
                    DefinitionError::new(&definition.file, "quality.path", format!("{path}: {reason}"))
                };
                let bytes = files.read(path).map_err(refuse)?;
                Outline::parse(&bytes, codes).map(|outline| Some(Arc::new(outline))).map_err(refuse)
            }
            _ => Ok(None),
        };
        let all: Result<_, _> = definition.quality.iter().map(|check| read(&check.rule)).collect();
        Ok(Self(Arc::new(all?)))
    }

    /// The outline of the check with this number.
    pub(super) fn of(&self, check: usize) -> Option<&Arc<Outline>> {
        self.0.get(check)?.as_ref()
    }
}

/// Some areas.
#[derive(Debug)]
pub(super) struct Outline(Vec<Area>);

/// One polygon: its rings, and the box around it.
#[derive(Debug)]
struct Area {
    rings: Rings,
    bounds: [f64; 4],
}

/// The outer ring of a polygon and those of its holes.
type Rings = Vec<Vec<[f64; 2]>>;

impl Outline {
    /// The polygons of a GeoJSON feature collection; of those with a `code` among `codes`, unless there are none.
    fn parse(bytes: &[u8], codes: &[String]) -> Result<Self, String> {
        let json: Json = serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))?;
        let features = json.get("features").and_then(Json::as_array).ok_or("not a FeatureCollection")?;
        let mut areas = Vec::new();
        for feature in features {
            let code = feature.pointer("/properties/code").and_then(Json::as_str);
            if !codes.is_empty() && !code.is_some_and(|code| codes.iter().any(|wanted| wanted == code)) {
                continue;
            }
            let Some(outline) = feature.get("geometry").filter(|outline| !outline.is_null()) else {
                continue;
            };
            areas.extend(polygons(outline)?.into_iter().map(Area::of));
        }
        if areas.is_empty() {
            return Err("has no polygon that is asked for".to_owned());
        }
        Ok(Self(areas))
    }

    /// True for a position inside, or at most so many kilometres outside.
    pub(super) fn covers(&self, lon: f64, lat: f64, within_km: f64) -> bool {
        let place = [lon, lat];
        self.0.iter().any(|area| area.near(place, within_km) && area.contains(place))
            || self.0.iter().any(|area| area.near(place, within_km) && area.distance(place) <= within_km)
    }
}

impl Area {
    fn of(rings: Rings) -> Self {
        let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let bounds = rings.iter().flatten().fold(none, |[west, south, east, north], [x, y]| {
            [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
        });
        Self { rings, bounds }
    }

    /// False for a position that is certainly farther away.
    fn near(&self, [x, y]: [f64; 2], within_km: f64) -> bool {
        let [west, south, east, north] = self.bounds;
        let (up, aside) = (within_km / DEGREE, within_km / (DEGREE * squeeze(y)));
        (west - aside..=east + aside).contains(&x) && (south - up..=north + up).contains(&y)
    }

    /// Even and odd: a ray to the east crosses the rings an odd number of times from inside.
    fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let crosses = |[ax, ay]: [f64; 2], [bx, by]: [f64; 2]| {
            (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        };
        self.sides().filter(|(a, b)| crosses(*a, *b)).count() % 2 == 1
    }

    /// Kilometres to the nearest side, on a plane that touches the earth at the place.
    fn distance(&self, [x, y]: [f64; 2]) -> f64 {
        let flat = |[px, py]: [f64; 2]| [(px - x) * DEGREE * squeeze(y), (py - y) * DEGREE];
        let to_side = |(a, b): ([f64; 2], [f64; 2])| {
            let ([ax, ay], [bx, by]) = (flat(a), flat(b));
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx * dx + dy * dy;
            let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            (ax + share * dx).hypot(ay + share * dy)
        };
        self.sides().map(to_side).fold(f64::INFINITY, f64::min)
    }

    fn sides(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
        self.rings.iter().flat_map(|ring| ring.iter().copied().zip(ring.iter().copied().skip(1)))
    }
}

/// The polygons of a geometry.
fn polygons(outline: &Json) -> Result<Vec<Rings>, String> {
    let shape = geometry::shape(outline).map_err(|error| error.to_string())?;
    let coordinates = outline.get("coordinates").cloned().unwrap_or_default();
    // The model has checked positions and rings; here they are only taken over, without altitudes.
    let read = match shape {
        Geometry::Polygon(_) => serde_json::from_value(coordinates).map(|rings| vec![rings]),
        Geometry::MultiPolygon(_) => serde_json::from_value(coordinates),
        _ => return Err("has features that are not polygons".to_owned()),
    };
    let read: Vec<Vec<Vec<Vec<f64>>>> = read.map_err(|error| error.to_string())?;
    let place = |position: Vec<f64>| match position.as_slice() {
        &[x, y, ..] => Ok([x, y]),
        _ => Err("has a position without latitude".to_owned()),
    };
    let ring = |ring: Vec<Vec<f64>>| ring.into_iter().map(place).collect();
    read.into_iter().map(|rings| rings.into_iter().map(ring).collect()).collect()
}

/// How much shorter a degree of longitude is than one of latitude; never nothing, not even at the poles.
fn squeeze(lat: f64) -> f64 {
    lat.to_radians().cos().max(0.01)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_inside_near_or_far() {
        // A square degree with a hole, and an island.
        let ring = |w: f64, s: f64, e: f64, n: f64| json!([[w, s], [e, s], [e, n], [w, n], [w, s]]);
        let land = json!({"type": "Polygon", "coordinates": [ring(107.0, 16.0, 108.0, 17.0), ring(107.4, 16.4, 107.6, 16.6)]});
        let island = json!({"type": "MultiPolygon", "coordinates": [[ring(109.0, 16.0, 109.1, 16.1)]]});
        let file = json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"code": "46"}, "geometry": land},
            {"type": "Feature", "properties": {"code": "51"}, "geometry": island},
        ]});
        let parse = |codes: &[&str]| {
            let codes: Vec<String> = codes.iter().map(|&code| code.to_owned()).collect();
            Outline::parse(file.to_string().as_bytes(), &codes)
        };
        let all = parse(&[]).unwrap();
        for (lon, lat, within, expected) in [
            (107.2, 16.2, 0.0, true),
            (107.5, 16.5, 0.0, false),
            (107.5, 16.5, 12.0, true),
            (109.05, 16.05, 0.0, true),
            (108.01, 16.5, 1.0, false),
            (108.01, 16.5, 1.1, true),
            (16.5, 107.5, 50.0, false),
        ] {
            assert_eq!(all.covers(lon, lat, within), expected, "{lon} {lat} within {within} km");
        }
        assert!(!parse(&["46"]).unwrap().covers(109.05, 16.05, 1.0));
        assert!(parse(&["01"]).is_err());
        assert!(Outline::parse(b"{}", &[]).is_err());
    }
}
