//! Rounding the corners of outlines that were traced on a grid (Chaikin), for the eye only.

use dinh_model::Geometry;
use geo::{Coord, LineString, MultiPolygon, Polygon};

/// Rounds of cutting corners. Each doubles the positions.
const ROUNDS: usize = 2;
/// Outlines with more positions than this are fine enough as they are.
const MOST: usize = 400;

/// The same polygons with round corners; anything else as it is.
pub(super) fn smooth(geometry: &Geometry) -> Geometry {
    match geometry {
        Geometry::Polygon(one) => Geometry::Polygon(polygon(one)),
        Geometry::MultiPolygon(all) => {
            Geometry::MultiPolygon(MultiPolygon(all.0.iter().map(polygon).collect()))
        }
        other => other.clone(),
    }
}

fn polygon(polygon: &Polygon<f64>) -> Polygon<f64> {
    Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
}

fn ring(ring: &LineString<f64>) -> LineString<f64> {
    if ring.0.len() > MOST {
        return ring.clone();
    }
    let mut positions = ring.0.clone();
    for _ in 0..ROUNDS {
        let cut = |a: Coord<f64>, b: Coord<f64>| [a * 0.75 + b * 0.25, a * 0.25 + b * 0.75];
        let mut rounder: Vec<Coord<f64>> =
            positions.iter().zip(positions.iter().skip(1)).flat_map(|(a, b)| cut(*a, *b)).collect();
        rounder.extend(rounder.first().copied());
        positions = rounder;
    }
    LineString(positions)
}

#[cfg(test)]
mod tests {
    use geo::Area as _;
    use geo::polygon;

    use super::*;

    #[test]
    fn corners_are_cut_and_the_ring_stays_closed() {
        let square = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)];
        let Geometry::Polygon(round) = smooth(&Geometry::Polygon(square.clone())) else {
            panic!("not a polygon")
        };
        let positions = &round.exterior().0;
        assert_eq!(positions.first(), positions.last());
        assert!(positions.len() > 12);
        assert!(round.unsigned_area() < square.unsigned_area() && round.unsigned_area() > 12.0);
    }
}
