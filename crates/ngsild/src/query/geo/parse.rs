//! Reading a geographic query from parameters and from JSON (clauses 4.10, 5.2.13 and 6.4.3.2).

use dinh_model::geometry::{check_rings, shape_of};
use dinh_model::{Geometry, Term};
use geo::CoordsIter as _;
use serde_json::Value as Json;

use super::{Distance, GeoQuery, GeoRelation};
use crate::bounds::QUERY_BYTES;
use crate::context::Context;
use crate::names;
use crate::query::QueryError;
use crate::query::literal::number;
use crate::vocabulary;

/// Most vertices of a given geometry.
const VERTICES: usize = 10_000;
/// Most vertices of a given geometry to be near to: every one is measured against the target.
const NEAR_VERTICES: usize = 1_000;
/// Longest `coordinates`, in bytes.
const COORDINATE_BYTES: usize = 1 << 20;

impl GeoRelation {
    /// Reads a `georel`.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let bad = |reason: &str| QueryError::Value {
            parameter: "georel",
            value: text.chars().take(100).collect(),
            reason: reason.to_owned(),
        };
        if text.len() > QUERY_BYTES {
            return Err(QueryError::TooLong { parameter: "georel", length: text.len() });
        }
        if let Some(distance) = text.strip_prefix("near") {
            let rule =
                "near is followed by ;maxDistance==… or ;minDistance==… with a number of metres above 0";
            let (name, metres) =
                distance.strip_prefix(';').and_then(|rest| rest.split_once("==")).ok_or_else(|| bad(rule))?;
            let metres = number(metres.trim()).filter(|metres| *metres > 0.0).ok_or_else(|| bad(rule))?;
            return match name {
                "maxDistance" => Ok(Self::Near(Distance::Max(metres))),
                "minDistance" => Ok(Self::Near(Distance::Min(metres))),
                _ => Err(bad(rule)),
            };
        }
        Ok(match text {
            "within" => Self::Within,
            "contains" => Self::Contains,
            "intersects" => Self::Intersects,
            "equals" => Self::Equals,
            "disjoint" => Self::Disjoint,
            "overlaps" => Self::Overlaps,
            _ => return Err(bad("use near, within, contains, intersects, equals, disjoint or overlaps")),
        })
    }
}

impl GeoQuery {
    /// Reads the parameters `georel`, `geometry`, `coordinates` (JSON text) and `geoproperty`.
    pub fn parse(
        georel: &str,
        geometry: &str,
        coordinates: &str,
        geoproperty: Option<&str>,
        context: &Context,
    ) -> Result<Self, QueryError> {
        Self::read(georel, geometry, &coordinates_of(coordinates, "coordinates")?, geoproperty, context)
    }

    /// Reads a `GeoQuery` object (clause 5.2.13).
    pub fn from_json(json: &Json, context: &Context) -> Result<Self, QueryError> {
        let text = |name: &'static str| {
            json.get(name).and_then(Json::as_str).ok_or_else(|| QueryError::Value {
                parameter: "geoQ",
                value: json.to_string().chars().take(100).collect(),
                reason: format!("its member {name} must be text"),
            })
        };
        let coordinates = match json.get("coordinates") {
            Some(Json::String(text)) => coordinates_of(text, "coordinates")?,
            Some(array @ Json::Array(_)) => array.clone(),
            _ => {
                let reason = "its member coordinates must be an array of positions".to_owned();
                return Err(QueryError::Value { parameter: "geoQ", value: "coordinates".to_owned(), reason });
            }
        };
        let property = match json.get("geoproperty") {
            None => None,
            Some(_) => Some(text("geoproperty")?),
        };
        Self::read(text("georel")?, text("geometry")?, &coordinates, property, context)
    }

    fn read(
        georel: &str,
        geometry: &str,
        coordinates: &Json,
        geoproperty: Option<&str>,
        context: &Context,
    ) -> Result<Self, QueryError> {
        let relation = GeoRelation::parse(georel)?;
        let most = if matches!(relation, GeoRelation::Near(_)) { NEAR_VERTICES } else { VERTICES };
        let shape = reference(geometry, coordinates, most)?;
        Ok(Self::new(relation, shape, geo_property(geoproperty, context)?))
    }
}

/// The `GeoProperty` that a parameter names, or `location`.
fn geo_property(name: Option<&str>, context: &Context) -> Result<Term, QueryError> {
    let Some(name) = name else { return Ok(vocabulary::location()) };
    names::check(name).map_err(|reason| QueryError::Value {
        parameter: "geoproperty",
        value: name.chars().take(100).collect(),
        reason: reason.to_string(),
    })?;
    Ok(context.expand(name))
}

/// JSON text of coordinates.
pub(in crate::query) fn coordinates_of(text: &str, parameter: &'static str) -> Result<Json, QueryError> {
    if text.len() > COORDINATE_BYTES {
        return Err(QueryError::Value {
            parameter,
            value: text.chars().take(40).collect(),
            reason: format!("it is {} bytes long; the limit is {COORDINATE_BYTES}", text.len()),
        });
    }
    serde_json::from_str(text).map_err(|reason| QueryError::Value {
        parameter,
        value: text.chars().take(100).collect(),
        reason: format!("it is not JSON: {reason}"),
    })
}

/// A given geometry of at most so many vertices.
pub(in crate::query) fn reference(
    kind: &str,
    coordinates: &Json,
    most: usize,
) -> Result<Geometry, QueryError> {
    let bad = |reason: String| QueryError::Value {
        parameter: "coordinates",
        value: format!("{kind} {}", coordinates.to_string().chars().take(100).collect::<String>()),
        reason,
    };
    let shape = shape_of(kind, coordinates).map_err(|reason| bad(reason.to_string()))?;
    if shape.coords_count() > most {
        return Err(bad(format!("it has more than {most} positions")));
    }
    check_rings(&shape).map_err(|reason| bad(reason.to_string()))?;
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_grammar_of_georel() {
        assert_eq!(
            GeoRelation::parse("near;maxDistance==2000"),
            Ok(GeoRelation::Near(Distance::Max(2000.0)))
        );
        for bad in [
            "near",
            "near;maxDistance==0",
            "near;maxDistance==-1",
            "near;maxDistance==inf",
            "near;maxDistance==1e400",
            "near;maxDistance==5;minDistance==1",
            "near;distance==5",
            "touches",
            "",
        ] {
            assert!(GeoRelation::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parameters_and_objects_say_the_same() {
        let core = Context::core();
        let a = GeoQuery::parse("within", "Point", "[8,40]", Some("observationSpace"), &core).unwrap();
        let object = json!({"georel": "within", "geometry": "Point", "coordinates": [8, 40], "geoproperty": "observationSpace"});
        assert_eq!(GeoQuery::from_json(&object, &core), Ok(a.clone()));
        assert_eq!(a.property.as_str(), "https://uri.etsi.org/ngsi-ld/observationSpace");
        for (geometry, coordinates) in [
            ("Point", "[8"),
            ("Point", "[800,40]"),
            ("Circle", "[8,40]"),
            ("Point", "{}"),
            ("Polygon", "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]"),
        ] {
            assert!(GeoQuery::parse("within", geometry, coordinates, None, &core).is_err(), "{coordinates}");
        }
        assert!(GeoQuery::parse("within", "Point", "[8,40]", Some("a b"), &core).is_err());
    }
}
