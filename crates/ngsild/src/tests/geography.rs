//! Spatial relations over made-up geometries: no panic, and the relations agree with one another.

use dinh_model::Geometry;
use dinh_model::geometry::{check_rings, shape_of};
use geo::{Area as _, BoundingRect as _, Intersects as _, Validation as _};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::query::{Distance, GeoQuery, GeoRelation, metres_between};
use crate::vocabulary::location;

/// Positions on a small grid, so that vertices, edges and areas meet often.
fn positions(least: usize, most: usize) -> impl Strategy<Value = Vec<Json>> {
    vec((0..5_i32, 0..5_i32).prop_map(|(x, y)| json!([x, y])), least..=most)
}

fn ring() -> impl Strategy<Value = Json> {
    positions(3, 5).prop_map(|mut ring| {
        ring.extend(ring.first().cloned());
        Json::Array(ring)
    })
}

fn geometries() -> impl Strategy<Value = Geometry> {
    let described = prop_oneof![
        positions(1, 1).prop_map(|p| ("Point", p[0].clone())),
        positions(1, 3).prop_map(|p| ("MultiPoint", p.into())),
        positions(2, 4).prop_map(|p| ("LineString", p.into())),
        vec(positions(2, 3), 1..3).prop_map(|lines| ("MultiLineString", json!(lines))),
        ring().prop_map(|ring| ("Polygon", json!([ring]))),
        vec(ring(), 1..3).prop_map(|rings| ("Polygon", rings.into())),
        vec(ring(), 1..3).prop_map(|rings| {
            ("MultiPolygon", rings.into_iter().map(|ring| json!([ring])).collect::<Vec<_>>().into())
        }),
    ];
    described.prop_filter_map("a geometry that is let in", |(kind, coordinates)| {
        let shape = shape_of(kind, &coordinates).ok()?;
        check_rings(&shape).ok().map(|()| shape)
    })
}

const RELATIONS: [GeoRelation; 7] = [
    GeoRelation::Near(Distance::Max(1000.0)),
    GeoRelation::Within,
    GeoRelation::Contains,
    GeoRelation::Intersects,
    GeoRelation::Equals,
    GeoRelation::Disjoint,
    GeoRelation::Overlaps,
];

/// A geometry that the textbooks allow; polygons with an area and without holes.
fn is_ordinary(geometry: &Geometry) -> bool {
    let polygons: &[geo::Polygon<f64>] = match geometry {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => &[],
    };
    geometry.is_valid() && polygons.iter().all(|p| p.interiors().is_empty() && p.unsigned_area() > 0.0)
}

fn fits(relation: GeoRelation, reference: &Geometry, target: &Geometry) -> bool {
    GeoQuery::new(relation, reference.clone(), location()).matches_geometry(target)
}

proptest! {
    #[test]
    fn relations_agree(a in geometries(), b in geometries(), metres in 1.0..300_000.0_f64) {
        // Surveys hold polygons that no textbook allows: they must not bring anything down.
        for relation in RELATIONS {
            let _answer = fits(relation, &a, &b);
        }
        let distance = metres_between(&a, &b, None);
        prop_assert!(distance.is_finite() && distance >= 0.0);
        if !is_ordinary(&a) || !is_ordinary(&b) {
            return Ok(());
        }
        let meets = fits(GeoRelation::Intersects, &a, &b);
        prop_assert_eq!(meets, fits(GeoRelation::Intersects, &b, &a));
        prop_assert_eq!(meets, !fits(GeoRelation::Disjoint, &a, &b));
        prop_assert_eq!(fits(GeoRelation::Within, &a, &b), fits(GeoRelation::Contains, &b, &a));
        for relation in [GeoRelation::Within, GeoRelation::Contains, GeoRelation::Equals, GeoRelation::Overlaps] {
            if fits(relation, &a, &b) {
                prop_assert!(meets, "{:?}", relation);
            }
        }
        prop_assert_eq!(meets, distance == 0.0);
        let near = fits(GeoRelation::Near(Distance::Max(metres)), &a, &b);
        prop_assert_eq!(near, distance <= metres);
        prop_assert_eq!(near, !fits(GeoRelation::Near(Distance::Min(metres)), &a, &b));
        let query = GeoQuery::new(GeoRelation::Near(Distance::Max(metres)), a, location());
        if let (true, Some(bounds), Some(frame)) = (near, query.bounds(), b.bounding_rect()) {
            prop_assert!(bounds.intersects(&frame));
        }
    }
}
