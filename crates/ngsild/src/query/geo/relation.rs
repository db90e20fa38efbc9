//! Spatial relations between an entity's geometry and a given one, in longitude and latitude degrees.

use dinh_model::{Entity, Geometry, Term, Value};
use geo::{BoundingRect as _, Contains as _, Coord, Intersects as _, Rect, Relate as _};

use super::distance::{self, metres_between};

/// How far is near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distance {
    /// At most so many metres away.
    Max(f64),
    /// More than so many metres away.
    Min(f64),
}

/// How the entity's geometry (the target) stands to the given one (the reference).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GeoRelation {
    /// Within, or beyond, a great-circle distance.
    Near(Distance),
    /// The target lies within the reference.
    Within,
    /// The target contains the reference.
    Contains,
    /// They have a point in common.
    Intersects,
    /// They are the same set of points.
    Equals,
    /// They have no point in common.
    Disjoint,
    /// They have the same dimension and share a part, but each has a part of its own.
    Overlaps,
}

/// A condition on a `GeoProperty`: one of its instances stands so to a given geometry.
#[derive(Clone, Debug, PartialEq)]
pub struct GeoQuery {
    /// How they stand.
    pub relation: GeoRelation,
    /// The given geometry.
    pub geometry: Geometry,
    /// Which `GeoProperty`.
    pub property: Term,
    frame: Option<Rect<f64>>,
}

impl GeoQuery {
    /// The condition that `property` stands in `relation` to `geometry`.
    pub fn new(relation: GeoRelation, geometry: Geometry, property: Term) -> Self {
        let frame = geometry.bounding_rect();
        Self { relation, geometry, property, frame }
    }

    /// True if one of the instances of the entity's property fits. An entity without the property never fits.
    pub fn matches(&self, entity: &Entity) -> bool {
        entity.attributes.get(&self.property).is_some_and(|instances| {
            instances.iter().any(|instance| match &instance.value {
                Value::Geo(geometry) => geometry.shape().is_some_and(|shape| self.matches_geometry(&shape)),
                _ => false,
            })
        })
    }

    /// True if a geometry fits.
    pub fn matches_geometry(&self, target: &Geometry) -> bool {
        let reference = &self.geometry;
        let apart = match (self.frame, target.bounding_rect()) {
            (Some(a), Some(b)) => !a.intersects(&b),
            _ => true,
        };
        match self.relation {
            GeoRelation::Near(Distance::Max(metres)) => self.is_near(target, metres),
            GeoRelation::Near(Distance::Min(metres)) => !self.is_near(target, metres),
            GeoRelation::Disjoint => apart || !reference.intersects(target),
            _ if apart => false,
            GeoRelation::Intersects => reference.intersects(target),
            GeoRelation::Within => match (target, reference) {
                // By far the most frequent question, and much cheaper this way.
                (Geometry::Point(point), Geometry::Polygon(area)) => area.contains(point),
                (Geometry::Point(point), Geometry::MultiPolygon(areas)) => areas.contains(point),
                (target, reference) => target.relate(reference).is_within(),
            },
            GeoRelation::Contains => target.relate(reference).is_contains(),
            GeoRelation::Equals => target.relate(reference).is_equal_topo(),
            GeoRelation::Overlaps => target.relate(reference).is_overlaps(),
        }
    }

    fn is_near(&self, target: &Geometry, metres: f64) -> bool {
        if let (Some(mine), Some(theirs)) = (self.frame, target.bounding_rect())
            && !distance::widened(mine, metres).intersects(&theirs)
        {
            return false;
        }
        metres_between(&self.geometry, target, Some(metres)) <= metres
    }

    /// A box, in degrees, that touches every geometry that fits. `None` where no box helps: `disjoint` and
    /// `minDistance`.
    pub fn bounds(&self) -> Option<Rect<f64>> {
        match self.relation {
            GeoRelation::Disjoint | GeoRelation::Near(Distance::Min(_)) => None,
            GeoRelation::Near(Distance::Max(metres)) => {
                self.frame.map(|frame| distance::widened(frame, metres))
            }
            _ => self.frame,
        }
    }
}

/// The whole globe.
pub(super) fn globe() -> Rect<f64> {
    Rect::new(Coord { x: -180.0, y: -90.0 }, Coord { x: 180.0, y: 90.0 })
}

#[cfg(test)]
mod tests {
    use dinh_model::geometry::shape_of;
    use serde_json::{Value as Json, json};

    use super::*;

    fn fits(relation: GeoRelation, (kind, at): (&str, Json), target: (&str, Json)) -> bool {
        let reference = shape_of(kind, &at).unwrap();
        let (kind, at) = target;
        let target = shape_of(kind, &at).unwrap();
        let query = GeoQuery::new(relation, reference, crate::vocabulary::location());
        let fits = query.matches_geometry(&target);
        if let (true, Some(bounds), Some(frame)) = (fits, query.bounds(), target.bounding_rect()) {
            assert!(bounds.intersects(&frame), "the candidate box must touch what fits");
        }
        fits
    }

    fn square(x: f64, y: f64, side: f64) -> (&'static str, Json) {
        ("Polygon", json!([[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]))
    }

    #[test]
    fn the_seven_relations() {
        let point = |x: f64, y: f64| ("Point", json!([x, y]));
        let unit = square(0.0, 0.0, 1.0);
        assert!(fits(GeoRelation::Within, unit.clone(), point(0.5, 0.5)));
        assert!(!fits(GeoRelation::Within, unit.clone(), point(1.5, 0.5)));
        assert!(fits(GeoRelation::Within, unit.clone(), square(0.2, 0.2, 0.5)));
        assert!(fits(GeoRelation::Contains, point(0.5, 0.5), unit.clone()));
        assert!(!fits(GeoRelation::Contains, unit.clone(), point(0.5, 0.5)));
        assert!(fits(GeoRelation::Intersects, unit.clone(), square(1.0, 1.0, 1.0)));
        assert!(fits(GeoRelation::Disjoint, unit.clone(), square(1.1, 1.1, 1.0)));
        assert!(fits(GeoRelation::Overlaps, unit.clone(), square(0.5, 0.5, 1.0)));
        assert!(!fits(GeoRelation::Overlaps, unit.clone(), square(0.2, 0.2, 0.5)));
        assert!(fits(GeoRelation::Equals, unit.clone(), square(0.0, 0.0, 1.0)));
        let reversed = json!([[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]);
        assert!(fits(GeoRelation::Equals, unit, ("Polygon", reversed)));
    }

    #[test]
    fn near_is_measured_on_the_globe() {
        // Huế citadel to the Trường Tiền bridge: about 1.4 km.
        let citadel = ("Point", json!([107.5779, 16.4698]));
        let bridge = ("Point", json!([107.5886, 16.4686]));
        let near = |metres| GeoRelation::Near(Distance::Max(metres));
        assert!(fits(near(1200.0), citadel.clone(), bridge.clone()));
        assert!(!fits(near(1100.0), citadel.clone(), bridge.clone()));
        assert!(fits(GeoRelation::Near(Distance::Min(1100.0)), citadel, bridge));
        // A point beside the middle of a long line, far from its ends.
        let road = ("LineString", json!([[107.0, 16.0], [108.0, 16.0]]));
        assert!(fits(near(1200.0), ("Point", json!([107.5, 16.01])), road.clone()));
        assert!(!fits(near(1000.0), ("Point", json!([107.5, 16.01])), road));
        // Inside a polygon the distance is zero.
        assert!(fits(near(1.0), ("Point", json!([0.5, 0.5])), square(0.0, 0.0, 1.0)));
        // Across the date line.
        assert!(fits(near(3000.0), ("Point", json!([179.99, 0.0])), ("Point", json!([-179.99, 0.0]))));
    }
}
