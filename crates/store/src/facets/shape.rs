//! Boxes of geometries that are not points.

use dinh_model::Geometry;
use geo::{BoundingRect as _, Rect};

use crate::query::Bounds;

/// Most boxes of one geometry. A collection spread over a province has a box for each part, so that the empty space
/// in between does not find it; parts beyond this number share the last box.
const MAX_BOXES: usize = 8;

/// The boxes that together hold a geometry.
pub(super) fn boxes(geometry: &Geometry) -> Vec<Bounds> {
    let rects: Vec<Rect<f64>> = match geometry {
        Geometry::MultiPoint(points) => points.iter().map(geo::Point::bounding_rect).collect(),
        Geometry::MultiLineString(lines) => lines.iter().filter_map(geo::LineString::bounding_rect).collect(),
        Geometry::MultiPolygon(polygons) => polygons.iter().filter_map(geo::Polygon::bounding_rect).collect(),
        other => other.bounding_rect().into_iter().collect(),
    };
    let mut boxes: Vec<Bounds> = Vec::new();
    for part in rects.into_iter().map(Bounds::from) {
        let full = boxes.len() == MAX_BOXES;
        match boxes.last_mut() {
            Some(last) if full => *last = joined(*last, part),
            _ => boxes.push(part),
        }
    }
    boxes
}

fn joined(a: Bounds, b: Bounds) -> Bounds {
    Bounds {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::geometry::shape_of;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_collection_has_a_box_for_each_part_up_to_a_bound() {
        let points: Vec<_> = (0..20).map(|n| json!([n, n])).collect();
        let found = boxes(&shape_of("MultiPoint", &json!(points)).unwrap());
        assert_eq!(found.len(), MAX_BOXES);
        assert_eq!(found[0], Bounds { west: 0.0, south: 0.0, east: 0.0, north: 0.0 });
        assert_eq!(found[7], Bounds { west: 7.0, south: 7.0, east: 19.0, north: 19.0 });
        let line = shape_of("LineString", &json!([[1, 5], [3, 2]])).unwrap();
        assert_eq!(boxes(&line), [Bounds { west: 1.0, south: 2.0, east: 3.0, north: 5.0 }]);
    }
}
