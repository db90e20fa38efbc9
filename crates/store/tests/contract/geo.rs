//! Geography.

use dinh_model::geometry::shape_of;
use dinh_model::{Attribute, GeoValue, Value};
use dinh_ngsild::query::{Distance, EntityQuery, GeoQuery, GeoRelation};
use dinh_store::{AreaQuery, Bounds, Commit, Op};
use serde_json::{Value as Json, json};

use crate::support::*;

contract!(
    points_are_found_where_they_are,
    moving_points,
    lines_and_polygons,
    the_grid_counts,
    areas_are_bounded
);

fn area(west: f64, south: f64, east: f64, north: f64) -> AreaQuery {
    let bounds = Bounds { west, south, east, north };
    AreaQuery { bounds, types: Vec::new(), property: term("location"), limit: 1000 }
}

async fn names(trial: &Trial, query: &AreaQuery) -> Vec<String> {
    let found = trial.store.points_in(&reading("hue"), query).await.unwrap();
    let mut names: Vec<String> = found.entities.iter().map(|s| short(&s.entity.id)).collect();
    names.sort();
    names
}

fn geometry(kind: &str, coordinates: &Json) -> Value {
    Value::Geo(GeoValue::parse(json!({"type": kind, "coordinates": coordinates})).unwrap())
}

fn near(relation: GeoRelation, kind: &str, coordinates: &Json) -> EntityQuery {
    let geo = GeoQuery::new(relation, shape_of(kind, coordinates).unwrap(), term("location"));
    EntityQuery { geo: Some(geo), limit: 1000, count: true, ..EntityQuery::default() }
}

/// Twenty by twenty stops, a hundredth of a degree apart.
async fn stops(trial: &Trial) {
    let stop = |n: u32| {
        let (lon, lat) = (107.0 + f64::from(n % 20) / 100.0, 16.0 + f64::from(n / 20) / 100.0);
        Op::Create(
            thing(if n.is_multiple_of(2) { "Stop" } else { "Bus" }, &format!("s{n}")).at(lon, lat).into(),
        )
    };
    assert!(trial.commit(Commit::of((0..400).map(stop).collect())).await.is_ok());
}

async fn points_are_found_where_they_are(place: Place) {
    let trial = place.open().await;
    stops(&trial).await;
    assert_eq!(names(&trial, &area(107.005, 16.005, 107.025, 16.015)).await, ["s21", "s22"]);
    let stop = AreaQuery { types: vec![term("Stop")], ..area(107.005, 16.005, 107.025, 16.015) };
    assert_eq!(names(&trial, &stop).await, ["s22"]);
    assert_eq!(names(&trial, &area(107.0, 16.0, 107.0, 16.0)).await, ["s0"], "edges belong");
    assert_eq!(names(&trial, &area(-180.0, -90.0, 180.0, 90.0)).await.len(), 400);
    let unknown = AreaQuery { property: term("elsewhere"), ..area(107.0, 16.0, 108.0, 17.0) };
    assert!(names(&trial, &unknown).await.is_empty());
    let close = near(GeoRelation::Near(Distance::Max(1_200.0)), "Point", &json!([107.1, 16.1]));
    let (found, total) = trial.find(&close).await;
    assert_eq!((found.len(), total), (5, Some(5)));
    let far = near(GeoRelation::Near(Distance::Min(1_200.0)), "Point", &json!([107.1, 16.1]));
    assert_eq!(trial.find(&far).await.1, Some(395));
    let ring = json!([[
        [107.005, 16.005],
        [107.035, 16.005],
        [107.035, 16.035],
        [107.005, 16.035],
        [107.005, 16.005]
    ]]);
    assert_eq!(trial.find(&near(GeoRelation::Within, "Polygon", &ring)).await.1, Some(9));
    let of_type =
        EntityQuery { types: Some(term("Bus").into()), ..near(GeoRelation::Within, "Polygon", &ring) };
    assert_eq!(trial.find(&of_type).await.1, Some(6));
    assert_eq!(trial.find(&near(GeoRelation::Disjoint, "Polygon", &ring)).await.1, Some(391));
    trial.assert_sound().await;
}

async fn moving_points(place: Place) {
    let trial = place.open().await;
    let mut tram = thing("Bus", "b1").at(107.5, 16.4);
    tram.types.push(term("Tram"));
    trial.create(tram).await;
    let go = |lon: f64, lat: f64| {
        let place = Attribute::new(Value::Geo(GeoValue::point(lon, lat)), at(NOW));
        Op::mutate(id("b1"), set(&[("location", place)]))
    };
    for (lon, lat) in [(107.500_001, 16.4), (107.6, 16.5), (0.0, 0.0), (-180.0, 90.0), (107.7, 16.6)] {
        trial.op(go(lon, lat)).await.unwrap();
        assert_eq!(names(&trial, &area(lon - 1e-7, lat - 1e-7, lon + 1e-7, lat + 1e-7)).await, ["b1"]);
        trial.assert_sound().await;
    }
    assert!(names(&trial, &area(107.4, 16.3, 107.6, 16.5)).await.is_empty());
    let two = geometry("MultiPoint", &json!([[107.1, 16.1], [107.9, 16.9]]));
    trial.op(Op::mutate(id("b1"), set(&[("location", Attribute::new(two, at(NOW)))]))).await.unwrap();
    trial.assert_sound().await;
    trial.op(go(107.2, 16.2)).await.unwrap();
    trial.assert_sound().await;
    trial.op(Op::delete(id("b1"))).await.unwrap();
    assert!(names(&trial, &area(-180.0, -90.0, 180.0, 90.0)).await.is_empty());
    trial.assert_sound().await;
}

async fn lines_and_polygons(place: Place) {
    let trial = place.open().await;
    let square = |x: f64, y: f64| json!([[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]]);
    trial
        .create(thing("Commune", "c1").with_value("location", geometry("Polygon", &square(107.0, 16.0))))
        .await;
    trial
        .create(thing("Commune", "c2").with_value("location", geometry("Polygon", &square(107.1, 16.0))))
        .await;
    let spread = json!([square(100.0, 10.0), square(120.0, 20.0)]);
    trial.create(thing("Commune", "c3").with_value("location", geometry("MultiPolygon", &spread))).await;
    let line = geometry("LineString", &json!([[107.05, 15.9], [107.05, 16.2]]));
    trial.create(thing("Road", "r1").with_value("location", line)).await;
    let inside = |lon: f64, lat: f64| near(GeoRelation::Contains, "Point", &json!([lon, lat]));
    assert_eq!(trial.find(&inside(107.05, 16.05)).await.0, ["c1", "r1"]);
    assert_eq!(trial.find(&inside(107.15, 16.05)).await.0, ["c2"]);
    assert!(trial.find(&inside(110.0, 15.0)).await.0.is_empty());
    assert_eq!(trial.find(&inside(120.05, 20.05)).await.0, ["c3"]);
    let shapes = |query: AreaQuery| {
        let trial = trial.clone();
        async move {
            let found = trial.store.shapes_in(&reading("hue"), &query).await.unwrap();
            let mut names: Vec<String> = found.entities.iter().map(|s| short(&s.entity.id)).collect();
            names.sort();
            names
        }
    };
    assert_eq!(shapes(area(107.02, 16.02, 107.12, 16.03)).await, ["c1", "c2", "r1"]);
    let roads = AreaQuery { types: vec![term("Road")], ..area(107.02, 16.02, 107.12, 16.03) };
    assert_eq!(shapes(roads).await, ["r1"]);
    assert!(shapes(area(109.0, 14.0, 111.0, 15.0)).await.is_empty(), "between the parts");
    trial.op(Op::delete(id("c1"))).await.unwrap();
    assert_eq!(trial.find(&inside(107.05, 16.05)).await.0, ["r1"]);
    let other = trial.store.shapes_in(&reading("ha-noi"), &area(100.0, 0.0, 120.0, 30.0)).await.unwrap();
    assert!(other.entities.is_empty());
    trial.assert_sound().await;
}

async fn the_grid_counts(place: Place) {
    let trial = place.open().await;
    stops(&trial).await;
    let grid = |query: AreaQuery, level| {
        let trial = trial.clone();
        async move { trial.store.grid(&reading("hue"), &query, level).await.unwrap() }
    };
    let world = || area(-180.0, -90.0, 180.0, 90.0);
    for level in [0, 5, 12, 30] {
        let cells = grid(world(), level).await;
        assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), 400, "level {level}");
    }
    assert_eq!(grid(world(), 0).await.len(), 1);
    let stops_only = AreaQuery { types: vec![term("Stop")], ..world() };
    assert_eq!(grid(stops_only, 0).await[0].count, 200);
    for cell in grid(world(), 12).await {
        let Bounds { west, south, east, north } = cell.bounds;
        let inside = area(west, south, east - 1e-9, north - 1e-9);
        assert_eq!(names(&trial, &inside).await.len() as u64, cell.count);
    }
    assert!(grid(area(10.0, 10.0, 20.0, 20.0), 12).await.is_empty());
}

async fn areas_are_bounded(place: Place) {
    let trial = place.open().await;
    stops(&trial).await;
    let some = AreaQuery { limit: 7, ..area(107.0, 16.0, 108.0, 17.0) };
    let found = trial.store.points_in(&reading("hue"), &some).await.unwrap();
    assert_eq!((found.entities.len(), found.more), (7, true));
    let all = AreaQuery { limit: 400, ..some };
    assert!(!trial.store.points_in(&reading("hue"), &all).await.unwrap().more);
}
