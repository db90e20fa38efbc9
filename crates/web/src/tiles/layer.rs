//! Tiles of a layer of the graph.

use dinh_model::Timestamp;

use super::address::{Address, EXTENT};
use super::cluster::{Cluster, Member, Weight, cluster};
use super::draw::{HALF_PIXEL, draw, point};
use super::mvt::{Shape, Tag, TileLayer};
use crate::layers::{Item, ItemValue, Layer, Place};

/// Most features in a tile.
pub const MAX_FEATURES: usize = 5_000;
/// Most bytes in a tile before compression.
pub const MAX_BYTES: usize = 512 << 10;
/// Zoom level from which every point stands alone and shows its value.
pub const VALUES_FROM_ZOOM: u8 = 11;
/// Cells across a tile where points are far away: 32 pixels each.
const COARSE_CELLS: i32 = 16;
/// The same for places, which are the ground on which gauges stand: 43 pixels each.
const PLACE_CELLS: i32 = 12;
/// Cells across a tile that is too full for its points: 12 pixels each.
const FINE_CELLS: i32 = 42;

/// A count of entities around a place, where there are too many to name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Mean longitude in degrees.
    pub lon: f64,
    /// Mean latitude in degrees.
    pub lat: f64,
    /// How many.
    pub count: u64,
}

/// The tile of `layer` with these items. Too many points become clusters; shapes that do not fit are left out, the
/// last ones first.
pub fn items_tile(layer: &Layer, tile: Address, items: &[Item], now: Timestamp) -> Vec<u8> {
    let mut drawn = TileLayer::new();
    let placed = placed(tile, items);
    if tile.z >= VALUES_FROM_ZOOM && placed.len() <= MAX_FEATURES {
        for (item, at) in &placed {
            add_point(&mut drawn, layer, item, *at, now);
        }
        if drawn.size() > MAX_BYTES {
            drawn = clustered(layer, &placed, FINE_CELLS, now);
        }
    } else {
        let cells = match tile.z {
            VALUES_FROM_ZOOM.. => FINE_CELLS,
            _ if layer.is_measured() => COARSE_CELLS,
            _ => PLACE_CELLS,
        };
        drawn = clustered(layer, &placed, cells, now);
    }
    add_shapes(&mut drawn, layer, tile, items, now);
    finish(drawn, layer)
}

/// The tile of `layer` where there are too many entities to look at each: counts by cell.
pub fn cells_tile(layer: &Layer, tile: Address, cells: &[Cell]) -> Vec<u8> {
    // What each of so many is, nobody looked at; where a layer has but one class for all, that one is known.
    let class = match layer.classes.as_slice() {
        [only] if only.is_rest() => Some(0),
        _ => None,
    };
    let weight = Weight { fresh: true, ..Weight::default() };
    let members: Vec<Member> = cells
        .iter()
        .filter_map(|cell| {
            let at = point(tile, cell.lon, cell.lat)?;
            Some(Member { at, class, weight, replay: false, count: cell.count })
        })
        .collect();
    let mut drawn = TileLayer::new();
    for cluster in cluster(&members, FINE_CELLS) {
        add_cluster(&mut drawn, &cluster);
    }
    finish(drawn, layer)
}

fn finish(drawn: TileLayer, layer: &Layer) -> Vec<u8> {
    if drawn.count() == 0 {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "4096 fits")]
    drawn.finish(&layer.id, EXTENT as u64)
}

fn placed(tile: Address, items: &[Item]) -> Vec<(&Item, (i32, i32))> {
    let place = |item: &Item| match item.place {
        Some(Place::Point(lon, lat)) => point(tile, lon, lat),
        _ => None,
    };
    items.iter().filter_map(|item| place(item).map(|at| (item, at))).collect()
}

fn clustered(layer: &Layer, placed: &[(&Item, (i32, i32))], cells: i32, now: Timestamp) -> TileLayer {
    let members: Vec<Member> = placed
        .iter()
        .map(|(item, at)| {
            let (level, rank) = item.class.map_or((0, 0), |class| layer.weight(class));
            let weight = Weight { level, fresh: !item.is_stale(layer, now), rank };
            Member { at: *at, class: item.class, weight, replay: item.replay_of.is_some(), count: 1 }
        })
        .collect();
    let mut drawn = TileLayer::new();
    for cluster in cluster(&members, cells) {
        match cluster.alone.and_then(|i| placed.get(i)) {
            Some((item, at)) => add_point(&mut drawn, layer, item, *at, now),
            None => add_cluster(&mut drawn, &cluster),
        }
    }
    drawn
}

fn add_cluster(drawn: &mut TileLayer, cluster: &Cluster) {
    let mut tags = vec![("n", Tag::Uint(cluster.count))];
    if let Some(class) = cluster.class {
        tags.push(("c", Tag::Uint(class.into())));
    }
    for (name, is_so) in [("stale", cluster.stale), ("replay", cluster.replay)] {
        if is_so {
            tags.push((name, Tag::Uint(1)));
        }
    }
    drawn.feature(None, &Shape::Points(vec![cluster.at]), &tags);
}

fn add_point(drawn: &mut TileLayer, layer: &Layer, item: &Item, at: (i32, i32), now: Timestamp) {
    drawn.feature(Some(number_of(item.id.as_str())), &Shape::Points(vec![at]), &tags(layer, item, now));
}

fn add_shapes(drawn: &mut TileLayer, layer: &Layer, tile: Address, items: &[Item], now: Timestamp) {
    for item in items {
        if drawn.count() >= MAX_FEATURES || drawn.size() >= MAX_BYTES {
            tracing::debug!(layer = layer.id, ?tile, "a tile is full");
            return;
        }
        let Some(Place::Shape(geometry)) = &item.place else { continue };
        let Some(shape) = draw(geometry, tile, HALF_PIXEL) else { continue };
        let id = Some(number_of(item.id.as_str()));
        let mut tags = tags(layer, item, now);
        drawn.feature(id, &shape, &tags);
        // An area is cut up by tiles, its name must not be: it stands on a point of its own.
        if let Some(at) = name_point(geometry).and_then(|at| point(tile, at.x(), at.y())) {
            tags.push(("label", Tag::Uint(1)));
            drawn.feature(id, &Shape::Points(vec![at]), &tags);
        }
    }
}

/// Where the name of an area stands: in the middle of its largest part. Lines have no such point.
fn name_point(geometry: &dinh_model::Geometry) -> Option<geo::Point<f64>> {
    use geo::{Area as _, Centroid as _};
    match geometry {
        dinh_model::Geometry::Polygon(one) => one.centroid(),
        dinh_model::Geometry::MultiPolygon(all) => {
            all.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?.centroid()
        }
        _ => None,
    }
}

fn tags(layer: &Layer, item: &Item, now: Timestamp) -> Vec<(&'static str, Tag)> {
    let mut tags = vec![("eid", Tag::Text(item.id.as_str().into())), ("name", Tag::Text(item.name.clone()))];
    match &item.value {
        Some(ItemValue::Number(number)) => tags.push(("v", Tag::Double(*number))),
        Some(ItemValue::Text(text)) => tags.push(("t", Tag::Text(text.clone()))),
        None => {}
    }
    if let Some(class) = item.class {
        tags.push(("c", Tag::Uint(class.into())));
    }
    if item.is_stale(layer, now) {
        tags.push(("stale", Tag::Uint(1)));
    }
    if item.replay_of.is_some() {
        tags.push(("replay", Tag::Uint(1)));
    }
    tags
}

/// A number for an identifier that JavaScript can hold (FNV-1a, 53 bits).
pub(crate) fn number_of(id: &str) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash & ((1 << 53) - 1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use dinh_model::EntityId;
    use serde_json::json;

    use super::super::decode;
    use super::*;

    const LAYER: &str = r#"
        title = { vi = "Mưa", en = "Rain" }
        group = { vi = "Thời tiết", en = "Weather" }
        types = ["Gauge"]
        [value]
        attribute = "rain"
        stale_after = "1h"
        [[class]]
        max = 1
        colour = "quiet"
        title = { vi = "Không mưa", en = "No rain" }
        [[class]]
        colour = "danger"
        level = 3
        title = { vi = "Mưa to", en = "Heavy rain" }
    "#;

    fn layer() -> Layer {
        Layer::parse("p", "rain", LAYER, &|name| dinh_model::Term::from(name)).unwrap()
    }

    fn item(id: usize, lon: f64, lat: f64) -> Item {
        Item {
            id: EntityId::trusted(format!("urn:ngsi-ld:Gauge:{id}")),
            name: format!("Trạm {id}").into(),
            place: Some(Place::Point(lon, lat)),
            value: Some(ItemValue::Number(12.5)),
            class: Some(1),
            at: Some(Timestamp::from_micros(0)),
            replay_of: None,
        }
    }

    const NOW: Timestamp = Timestamp::from_micros(60_000_000);

    #[test]
    fn a_point_carries_what_the_map_needs() {
        let tile = Address::new(11, 1636, 929).unwrap();
        let mut late = item(2, 107.61, 16.45);
        (late.at, late.replay_of) = (Some(Timestamp::from_micros(-7_200_000_000)), Some(NOW));
        let read = decode::tile(&items_tile(&layer(), tile, &[item(1, 107.6, 16.46), late], NOW));
        assert_eq!((read[0].name.as_str(), read[0].version, read[0].extent), ("rain", 2, 4096));
        insta::assert_debug_snapshot!(read[0].features);
    }

    #[test]
    fn a_crowd_is_counted_and_an_empty_tile_is_empty() {
        let far = Address::new(6, 51, 29).unwrap();
        let items = [item(1, 107.6, 16.46), item(2, 107.61, 16.45)];
        let read = decode::tile(&items_tile(&layer(), far, &items, NOW));
        assert_eq!(read[0].features.len(), 1);
        assert_eq!(read[0].features[0].tags["n"], "2");
        assert_eq!(read[0].features[0].tags["c"], "1");
        assert!(items_tile(&layer(), Address::new(6, 0, 0).unwrap(), &items, NOW).is_empty());
    }

    #[test]
    fn a_dry_crowd_is_dry_and_one_heavy_rain_is_seen() {
        let far = Address::new(6, 51, 29).unwrap();
        let dry = |id| Item { class: Some(0), ..item(id, 107.6, 16.46) };
        let silent = Item { at: None, class: None, value: None, ..item(9, 107.6, 16.46) };
        let told = |items: &[Item]| {
            let tags = decode::tile(&items_tile(&layer(), far, items, NOW))[0].features[0].tags.clone();
            let tag = |name: &str| tags.get(name).cloned().unwrap_or_default();
            [tag("n"), tag("c"), tag("stale"), tag("replay")].join(" ")
        };
        assert_eq!(told(&[dry(1), dry(2), silent.clone()]), "3 0  ");
        assert_eq!(told(&[dry(1), silent.clone(), item(2, 107.6, 16.46)]), "3 1  ");
        let late = Item { at: Some(Timestamp::from_micros(-7_200_000_000)), ..item(3, 107.6, 16.46) };
        assert_eq!(told(&[dry(1), late]), "2 1 1 ", "an old alarm is shown as old");
        let played = Item { replay_of: Some(NOW), ..item(4, 107.6, 16.46) };
        assert_eq!(told(&[dry(1), played]), "2 1  1");
    }

    #[test]
    fn no_tile_grows_without_bound() {
        let tile = Address::new(11, 1636, 929).unwrap();
        let bounds = tile.bounds(0.0);
        let spread = |i: usize| {
            let (a, b) =
                (f64::from(u32::try_from(i % 101).unwrap()), f64::from(u32::try_from(i / 101).unwrap()));
            item(
                i,
                bounds.west + (bounds.east - bounds.west) * a / 102.0,
                bounds.south + (bounds.north - bounds.south) * (b + 1.0) / 102.0,
            )
        };
        for count in [4_900, 9_000] {
            let items: Vec<_> = (0..count).map(spread).collect();
            let bytes = items_tile(&layer(), tile, &items, NOW);
            let read = decode::tile(&bytes);
            assert!(bytes.len() <= MAX_BYTES + 4096 && read[0].features.len() <= MAX_FEATURES);
            let total: usize =
                read[0].features.iter().map(|f| f.tags.get("n").map_or(1, |n| n.parse().unwrap())).sum();
            assert_eq!(total, count);
        }
    }

    #[test]
    fn areas_are_drawn_and_cells_counted() {
        let ring = json!([[107.5, 16.3], [107.7, 16.3], [107.7, 16.5], [107.5, 16.5], [107.5, 16.3]]);
        let shape = dinh_model::geometry::shape(&json!({"type": "Polygon", "coordinates": [ring]})).unwrap();
        let area = Item { place: Some(Place::Shape(Arc::new(shape))), ..item(1, 0.0, 0.0) };
        let tile = Address::new(9, 409, 232).unwrap();
        let read = decode::tile(&items_tile(&layer(), tile, &[area], NOW));
        let kinds: Vec<_> = read[0].features.iter().map(|f| (f.kind, f.tags.contains_key("label"))).collect();
        assert_eq!(kinds, [(3, false), (1, true)]);
        let cells = [Cell { lon: 107.6, lat: 16.4, count: 90_000 }];
        let read = decode::tile(&cells_tile(&layer(), tile, &cells));
        assert_eq!(read[0].features[0].tags["n"], "90000");
    }
}
