//! From geometry in degrees to integer geometry of one tile: project, simplify, clip, round.

use geo::{Coord, LineString, Polygon};

use super::address::{Address, EXTENT};
use super::clip::Square;
use super::mvt::Shape;
use super::simplify::simplify;

/// Units around a tile that are drawn too, so that outlines do not show at its border.
pub(super) const MARGIN: f64 = 64.0;
/// Half a pixel of a tile drawn 512 pixels wide.
pub(super) const HALF_PIXEL: f64 = 4.0;

const SQUARE: Square = Square { low: -MARGIN, high: EXTENT + MARGIN };

/// What of a geometry is in a tile, with nothing left out that is larger than `tolerance` units.
pub(super) fn draw(geometry: &dinh_model::Geometry, tile: Address, tolerance: f64) -> Option<Shape> {
    use dinh_model::Geometry;
    match geometry {
        Geometry::Point(point) => points(tile, std::slice::from_ref(point)),
        Geometry::MultiPoint(many) => points(tile, &many.0),
        Geometry::LineString(line) => lines(tile, std::slice::from_ref(line), tolerance),
        Geometry::MultiLineString(many) => lines(tile, &many.0, tolerance),
        Geometry::Polygon(polygon) => polygons(tile, std::slice::from_ref(polygon), tolerance),
        Geometry::MultiPolygon(many) => polygons(tile, &many.0, tolerance),
        _ => None,
    }
}

fn points(tile: Address, points: &[geo::Point<f64>]) -> Option<Shape> {
    let drawn: Vec<_> = points.iter().filter_map(|p| point(tile, p.x(), p.y())).collect();
    (!drawn.is_empty()).then_some(Shape::Points(drawn))
}

/// Where a point is in a tile. Every point is in exactly one tile of a zoom level, so that counts add up.
pub(super) fn point(tile: Address, lon: f64, lat: f64) -> Option<(i32, i32)> {
    let at = tile.project(lon, lat);
    let inside = (0.0..EXTENT).contains(&at.x) && (0.0..EXTENT).contains(&at.y);
    inside.then(|| (round(at.x.floor()), round(at.y.floor())))
}

fn lines(tile: Address, lines: &[LineString<f64>], tolerance: f64) -> Option<Shape> {
    let mut drawn = Vec::new();
    for line in lines {
        let projected = simplify(&project(tile, line), tolerance);
        drawn.extend(SQUARE.line(&projected).iter().map(|part| rounded(part)).filter(|p| p.len() > 1));
    }
    (!drawn.is_empty()).then_some(Shape::Lines(drawn))
}

fn polygons(tile: Address, polygons: &[Polygon<f64>], tolerance: f64) -> Option<Shape> {
    let mut drawn = Vec::new();
    for polygon in polygons {
        let Some(outer) = ring(tile, polygon.exterior(), tolerance, true) else { continue };
        drawn.push(outer);
        drawn.extend(polygon.interiors().iter().filter_map(|hole| ring(tile, hole, tolerance, false)));
    }
    (!drawn.is_empty()).then_some(Shape::Rings(drawn))
}

/// A ring in the direction that the specification asks for; nothing if less than a pixel of it is left.
fn ring(tile: Address, ring: &LineString<f64>, tolerance: f64, is_outer: bool) -> Option<Vec<(i32, i32)>> {
    let simplified = simplify_ring(&project(tile, ring), tolerance);
    let mut drawn = rounded(&SQUARE.ring(&simplified));
    if drawn.len() > 1 && drawn.first() == drawn.last() {
        drawn.pop();
    }
    let area = doubled_area(&drawn);
    if drawn.len() < 3 || area.abs() < i64::from(round(tolerance * tolerance)).max(1) {
        return None;
    }
    if (area > 0) != is_outer {
        drawn.reverse();
    }
    Some(drawn)
}

/// A closed ring has equal ends, so it is simplified in two halves: from its start to the position farthest from it
/// and back.
fn simplify_ring(ring: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    let Some(start) = ring.first().copied() else { return Vec::new() };
    let far = ring
        .iter()
        .enumerate()
        .max_by(|(_, a), (_, b)| square_distance(**a, start).total_cmp(&square_distance(**b, start)))
        .map_or(0, |(i, _)| i);
    let (there, back) = (ring.get(..=far).unwrap_or_default(), ring.get(far..).unwrap_or_default());
    let mut simplified = simplify(there, tolerance);
    simplified.extend(simplify(back, tolerance).into_iter().skip(1));
    simplified
}

fn square_distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).mul_add(a.x - b.x, (a.y - b.y) * (a.y - b.y))
}

fn project(tile: Address, line: &LineString<f64>) -> Vec<Coord<f64>> {
    line.0.iter().map(|at| tile.project(at.x, at.y)).collect()
}

/// Rounded to whole units, without repeats.
fn rounded(line: &[Coord<f64>]) -> Vec<(i32, i32)> {
    let mut whole: Vec<(i32, i32)> = line.iter().map(|at| (round(at.x), round(at.y))).collect();
    whole.dedup();
    whole
}

#[expect(clippy::cast_possible_truncation, reason = "positions are clipped to a tile and its margin before")]
fn round(value: f64) -> i32 {
    value.round() as i32
}

/// Twice the area by the surveyor's formula: positive for rings that run clockwise as seen (y to the south).
fn doubled_area(ring: &[(i32, i32)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1))
        .sum()
}

#[cfg(test)]
mod tests {
    use dinh_model::geometry::shape;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn rings_run_the_way_of_the_specification() {
        let tile = Address::new(0, 0, 0).unwrap();
        let outer = json!([[0, 0], [90, 0], [90, 60], [0, 60], [0, 0]]);
        let hole = json!([[20, 10], [40, 10], [40, 30], [20, 30], [20, 10]]);
        let polygon = shape(&json!({"type": "Polygon", "coordinates": [outer, hole]})).unwrap();
        let Some(Shape::Rings(rings)) = draw(&polygon, tile, 1.0) else { panic!("no rings") };
        assert!(doubled_area(&rings[0]) > 0);
        assert!(doubled_area(&rings[1]) < 0);
        assert_eq!(rings[0].len(), 4);
    }

    #[test]
    fn what_is_smaller_than_a_pixel_is_left_out() {
        let tile = Address::new(0, 0, 0).unwrap();
        let speck = json!([[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01], [0, 0]]]);
        let polygon = shape(&json!({"type": "Polygon", "coordinates": speck})).unwrap();
        assert_eq!(draw(&polygon, tile, HALF_PIXEL), None);
    }

    proptest! {
        #[test]
        fn a_point_is_in_exactly_one_tile(lon in -180.0_f64..180.0, lat in -85.0_f64..85.0, z in 0_u8..4) {
            let across = 1_u32 << z;
            let holders = (0..across)
                .flat_map(|x| (0..across).map(move |y| Address { z, x, y }))
                .filter(|tile| point(*tile, lon, lat).is_some())
                .count();
            prop_assert_eq!(holders, 1);
        }
    }
}
