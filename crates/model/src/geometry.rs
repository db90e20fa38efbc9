//! Geometries: GeoJSON (RFC 7946) as it was given, and its shape in WGS 84 longitude and latitude degrees.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use rstar::primitives::CachedEnvelope;
use rstar::{RTree, RTreeObject as _};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The shape of a geometry, without altitudes.
pub type Geometry = geo::Geometry<f64>;

/// Most vertices accepted in one geometry.
pub const MAX_VERTICES: usize = 100_000;

/// Why a JSON value is not a geometry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// Not an object with `type` and `coordinates`.
    #[error("a geometry is an object with \"type\" and \"coordinates\" (RFC 7946)")]
    NotAnObject,
    /// Another `type` than the six of CIM 009 clause 4.7.1.
    #[error(
        "{0:?} is not a geometry type; use Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon"
    )]
    Type(String),
    /// The coordinates do not have the depth that the type asks for.
    #[error("the coordinates do not fit a {0}")]
    Coordinates(&'static str),
    /// Longitude outside ±180 or latitude outside ±90 degrees.
    #[error(
        "position [{0}, {1}] is outside longitude ±180 or latitude ±90; the order is longitude, latitude"
    )]
    OutOfRange(String, String),
    /// Too few positions.
    #[error("a {0} needs at least {1} positions")]
    TooFew(&'static str, usize),
    /// First and last positions of a polygon's ring differ.
    #[error("a polygon's ring must end where it begins")]
    OpenRing,
    /// A ring of a polygon crosses itself.
    #[error("a polygon's ring crosses itself near [{0}, {1}]")]
    CrossesItself(String, String),
    /// More than [`MAX_VERTICES`].
    #[error("the geometry has more than {MAX_VERTICES} positions")]
    TooManyVertices,
}

/// A GeoJSON geometry as it was given, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GeoValue(Json);

impl GeoValue {
    /// Checks a GeoJSON geometry object, its rings included: none may cross itself.
    pub fn parse(json: Json) -> Result<Self, GeometryError> {
        check_rings(&shape(&json)?)?;
        Ok(Self(json))
    }

    /// Wraps a GeoJSON object known to be a geometry: read back from the store.
    pub fn trusted(json: Json) -> Self {
        Self(json)
    }

    /// A point at longitude, latitude in degrees.
    pub fn point(lon: f64, lat: f64) -> Self {
        Self(serde_json::json!({"type": "Point", "coordinates": [lon, lat]}))
    }

    /// The GeoJSON object.
    pub fn as_json(&self) -> &Json {
        &self.0
    }

    /// The shape. `None` only for a value that [`GeoValue::parse`] never saw.
    pub fn shape(&self) -> Option<Geometry> {
        shape(&self.0).ok()
    }

    /// Longitude and latitude, if it is a point.
    pub fn as_point(&self) -> Option<(f64, f64)> {
        if self.0.get("type")?.as_str()? != "Point" {
            return None;
        }
        let position = self.0.get("coordinates")?.as_array()?;
        Some((position.first()?.as_f64()?, position.get(1)?.as_f64()?))
    }
}

/// Refuses polygons with a ring that crosses itself.
pub fn check_rings(geometry: &Geometry) -> Result<(), GeometryError> {
    let polygons: &[Polygon<f64>] = match geometry {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    };
    for ring in polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        if let Some(at) = crossing(ring) {
            return Err(GeometryError::CrossesItself(at.x.to_string(), at.y.to_string()));
        }
    }
    Ok(())
}

/// Where a closed ring properly crosses itself, if it does. Touching in a vertex is let pass: surveyed boundaries
/// do it, and no algorithm above minds. Segments are compared only where their boxes meet, so long boundaries stay
/// cheap.
fn crossing(ring: &LineString<f64>) -> Option<Coord<f64>> {
    let lines: Vec<_> = ring.lines().map(CachedEnvelope::new).collect();
    let tree = RTree::bulk_load(lines);
    ring.lines().find_map(|line| {
        let near = tree.locate_in_envelope_intersecting(&line.envelope());
        near.filter_map(|other| line_intersection(line, **other)).find_map(|meeting| match meeting {
            LineIntersection::SinglePoint { intersection, is_proper: true } => Some(intersection),
            _ => None,
        })
    })
}

/// The shape of a GeoJSON geometry object.
pub fn shape(json: &Json) -> Result<Geometry, GeometryError> {
    let object = json.as_object().ok_or(GeometryError::NotAnObject)?;
    let kind = object.get("type").and_then(Json::as_str).ok_or(GeometryError::NotAnObject)?;
    let coordinates = object.get("coordinates").ok_or(GeometryError::NotAnObject)?;
    shape_of(kind, coordinates)
}

/// The shape of `coordinates` read as geometry type `kind`.
pub fn shape_of(kind: &str, coordinates: &Json) -> Result<Geometry, GeometryError> {
    let mut reader = Reader { left: MAX_VERTICES };
    Ok(match kind {
        "Point" => Geometry::Point(Point(reader.position(coordinates, "Point")?)),
        "MultiPoint" => {
            let points = reader.positions(coordinates, "MultiPoint", 1)?;
            Geometry::MultiPoint(MultiPoint(points.into_iter().map(Point).collect()))
        }
        "LineString" => Geometry::LineString(LineString(reader.positions(coordinates, "LineString", 2)?)),
        "MultiLineString" => {
            let lines = list(coordinates, "MultiLineString")?
                .iter()
                .map(|line| reader.positions(line, "MultiLineString", 2).map(LineString))
                .collect::<Result<_, _>>()?;
            Geometry::MultiLineString(MultiLineString(lines))
        }
        "Polygon" => Geometry::Polygon(reader.polygon(coordinates, "Polygon")?),
        "MultiPolygon" => {
            let polygons = list(coordinates, "MultiPolygon")?
                .iter()
                .map(|polygon| reader.polygon(polygon, "MultiPolygon"))
                .collect::<Result<_, _>>()?;
            Geometry::MultiPolygon(MultiPolygon(polygons))
        }
        other => return Err(GeometryError::Type(other.to_owned())),
    })
}

fn list<'a>(json: &'a Json, kind: &'static str) -> Result<&'a [Json], GeometryError> {
    let items = json.as_array().ok_or(GeometryError::Coordinates(kind))?;
    if items.is_empty() { Err(GeometryError::TooFew(kind, 1)) } else { Ok(items) }
}

struct Reader {
    left: usize,
}

impl Reader {
    fn position(&mut self, json: &Json, kind: &'static str) -> Result<Coord<f64>, GeometryError> {
        self.left = self.left.checked_sub(1).ok_or(GeometryError::TooManyVertices)?;
        let numbers = json.as_array().ok_or(GeometryError::Coordinates(kind))?;
        if !(2..=3).contains(&numbers.len()) || !numbers.iter().all(Json::is_number) {
            return Err(GeometryError::Coordinates(kind));
        }
        let (x, y) = (numbers[0].as_f64().unwrap_or(f64::NAN), numbers[1].as_f64().unwrap_or(f64::NAN));
        if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y) {
            Ok(Coord { x, y })
        } else {
            Err(GeometryError::OutOfRange(numbers[0].to_string(), numbers[1].to_string()))
        }
    }

    fn positions(
        &mut self,
        json: &Json,
        kind: &'static str,
        least: usize,
    ) -> Result<Vec<Coord<f64>>, GeometryError> {
        let items = json.as_array().ok_or(GeometryError::Coordinates(kind))?;
        if items.len() < least {
            return Err(GeometryError::TooFew(kind, least));
        }
        items.iter().map(|item| self.position(item, kind)).collect()
    }

    fn polygon(&mut self, json: &Json, kind: &'static str) -> Result<Polygon<f64>, GeometryError> {
        let mut rings = Vec::new();
        for ring in list(json, kind)? {
            let positions = self.positions(ring, kind, 4)?;
            if positions.first() != positions.last() {
                return Err(GeometryError::OpenRing);
            }
            rings.push(LineString(positions));
        }
        let exterior = rings.remove(0);
        Ok(Polygon::new(exterior, rings))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_the_six_types() {
        let ring = json!([[0, 0], [1, 0], [1, 1], [0, 0]]);
        for (kind, coordinates) in [
            ("Point", json!([107.6, 16.4])),
            ("Point", json!([107.6, 16.4, 12.5])),
            ("MultiPoint", json!([[0, 0], [1, 1]])),
            ("LineString", json!([[0, 0], [1, 1]])),
            ("MultiLineString", json!([[[0, 0], [1, 1]]])),
            ("Polygon", json!([ring])),
            ("MultiPolygon", json!([[ring]])),
        ] {
            assert!(shape_of(kind, &coordinates).is_ok(), "{kind}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_geometry() {
        let cases = [
            (json!({"type": "Point", "coordinates": [16.4, 107.6]}), "latitude"),
            (json!({"type": "Point", "coordinates": ["a", 1]}), "fit"),
            (json!({"type": "LineString", "coordinates": [[0, 0]]}), "at least 2"),
            (json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}), "begins"),
            (json!({"type": "Circle", "coordinates": [0, 0]}), "Circle"),
            (
                json!({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}),
                "crosses itself",
            ),
            (json!("POINT(0 0)"), "RFC 7946"),
        ];
        for (json, part) in cases {
            let error = GeoValue::parse(json.clone()).unwrap_err().to_string();
            assert!(error.contains(part), "{json}: {error}");
        }
        let many: Vec<_> = (0..=MAX_VERTICES).map(|_| json!([0, 0])).collect();
        let line = json!({"type": "LineString", "coordinates": many});
        assert_eq!(GeoValue::parse(line), Err(GeometryError::TooManyVertices));
    }
}
