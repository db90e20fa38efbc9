//! Reading an `orderBy` (clause 4.23.3).

use dinh_model::Geometry;
use serde_json::Value as Json;

use super::cursor::Cursor;
use super::geo::parse::{coordinates_of, reference};
use super::parse::read_path;
use super::{Direction, OrderKey, OrderSubject, QueryError};
use crate::context::Context;
use crate::vocabulary as names;

/// Most keys of an ordering.
const KEYS: usize = 10;
/// Most vertices of a geometry to order by the distance from.
const VERTICES: usize = 1_000;

impl OrderKey {
    /// Reads `orderBy`, as in `type,name;desc,location;dist-asc`. The last needs `from`: the geometry that
    /// [`OrderKey::parse_from`] reads.
    pub fn parse_list(
        text: &str,
        from: Option<&Geometry>,
        context: &Context,
    ) -> Result<Vec<Self>, QueryError> {
        let mut cursor = Cursor::new("orderBy", text)?;
        let mut keys = Vec::new();
        loop {
            if keys.len() == KEYS {
                return Err(cursor.error(format!("an ordering has at most {KEYS} keys")));
            }
            keys.push(key(&mut cursor, from, context)?);
            cursor.skip_spaces();
            if !cursor.eat(",") {
                break;
            }
        }
        cursor.end()?;
        Ok(keys)
    }

    /// Reads `orderFrom` (JSON text of coordinates) and `orderGeometry` (a point unless told otherwise).
    pub fn parse_from(coordinates: &str, geometry: Option<&str>) -> Result<Geometry, QueryError> {
        Self::from_coordinates(&coordinates_of(coordinates, "orderFrom")?, geometry)
    }

    /// [`OrderKey::parse_from`] of coordinates that are at hand as JSON.
    pub fn from_coordinates(coordinates: &Json, geometry: Option<&str>) -> Result<Geometry, QueryError> {
        reference(geometry.unwrap_or("Point"), coordinates, VERTICES)
    }
}

fn key(cursor: &mut Cursor<'_>, from: Option<&Geometry>, context: &Context) -> Result<OrderKey, QueryError> {
    cursor.skip_spaces();
    let (_, path) = read_path(cursor, context)?;
    if cursor.peek() == Some('{') {
        return Err(cursor.error("entities are not ordered by what they link to"));
    }
    let word = if cursor.eat(";") { cursor.until(|c| c == ',').trim() } else { "asc" };
    let (direction, by_distance) = match word {
        "asc" => (Direction::Ascending, false),
        "desc" => (Direction::Descending, false),
        "dist-asc" => (Direction::Ascending, true),
        "dist-desc" => (Direction::Descending, true),
        _ => return Err(cursor.error("the direction is asc, desc, dist-asc or dist-desc")),
    };
    let subject = if by_distance {
        if !path.is_plain() {
            return Err(cursor.error("an ordering by distance takes the name of a GeoProperty"));
        }
        let from = from.ok_or_else(|| cursor.error("an ordering by distance needs orderFrom"))?;
        OrderSubject::Distance { property: path.attribute, from: from.clone() }
    } else if path.is_plain() {
        match path.attribute.as_str() {
            names::ID => OrderSubject::Id,
            names::TYPE => OrderSubject::Type,
            names::CREATED_AT => OrderSubject::CreatedAt,
            names::MODIFIED_AT => OrderSubject::ModifiedAt,
            _ => OrderSubject::Value(path),
        }
    } else {
        OrderSubject::Value(path)
    };
    Ok(OrderKey { subject, direction })
}
