//! Tiles of the shipped geography: land, water, rivers, places and islands.
//!
//! Every file `packs/basemap/data/<name>.geojson` becomes the layer `<name>` of the tiles. A feature's properties that
//! the map knows are kept: its names, its kind, its rank and the zoom level from which it is worth showing.

use std::sync::Arc;

use dinh_context::packs::{self, Packs};
use geo::{BoundingRect as _, CoordsIter as _};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::look::hex;

use super::address::{Address, Bounds, EXTENT};
use super::draw::{HALF_PIXEL, MARGIN, draw};
use super::mvt::{Tag, TileLayer};
use super::smooth::smooth;

/// The pack with the geography.
const PACK: &str = "basemap";
/// Properties kept, all of them texts or numbers.
const KEPT: [&str; 6] = ["name", "name_en", "kind", "rank", "population", "label"];
/// Most bytes in a tile before compression.
const MAX_BYTES: usize = 1 << 20;

/// The file with inland water. Its outlines were traced on a coarse grid: corners are rounded, and what has too few
/// corners to be a lake at all is left out.
const WATER: &str = "water";
/// Fewest positions of a lake worth drawing.
const FEWEST_OF_WATER: usize = 8;

/// Why the geography cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BasemapError {
    /// The pack cannot be read.
    #[error(transparent)]
    Packs(#[from] packs::Error),
    /// A feature has no geometry that can be drawn.
    #[error("{path}: feature {index}: {reason}")]
    Feature {
        /// The file.
        path: String,
        /// Place in the file, from 0.
        index: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// The shipped geography in memory.
#[derive(Debug, Default)]
pub struct Basemap {
    layers: Vec<BaseLayer>,
    version: String,
}

#[derive(Debug)]
struct BaseLayer {
    name: String,
    features: Vec<Feature>,
}

#[derive(Debug)]
struct Feature {
    bounds: Bounds,
    geometry: dinh_model::Geometry,
    min_zoom: u8,
    tags: Vec<(&'static str, Tag)>,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<RawFeature>,
}

#[derive(Deserialize)]
struct RawFeature {
    geometry: Json,
    #[serde(default)]
    properties: Option<Map<String, Json>>,
}

impl Basemap {
    /// Reads the geography; without the pack the ground is empty.
    pub fn read(packs: &Packs) -> Result<Self, BasemapError> {
        let mut layers = Vec::new();
        let mut hash = Sha256::new();
        if packs.pack(PACK).is_none() {
            return Ok(Self::default());
        }
        for file in packs.files(PACK, "data", ".geojson")? {
            hash.update(&file.bytes);
            let collection: Collection = file.json()?;
            let mut features = Vec::with_capacity(collection.features.len());
            for (index, raw) in collection.features.into_iter().enumerate() {
                let mut feature = Feature::read(raw).map_err(|reason| BasemapError::Feature {
                    path: file.path.clone(),
                    index,
                    reason,
                })?;
                if file.stem() == WATER {
                    if feature.geometry.coords_count() < FEWEST_OF_WATER {
                        continue;
                    }
                    feature.geometry = smooth(&feature.geometry);
                }
                features.push(feature);
            }
            layers.push(BaseLayer { name: file.stem().to_owned(), features });
        }
        let version = hex(hash.finalize().get(..6).unwrap_or_default());
        Ok(Self { layers, version })
    }

    /// What changes when the geography does.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// One tile, not compressed.
    pub fn tile(&self, tile: Address) -> Vec<u8> {
        let around = tile.bounds(MARGIN);
        let mut bytes = Vec::new();
        for layer in &self.layers {
            let mut drawn = TileLayer::new();
            let worth = |f: &&Feature| f.min_zoom <= tile.z && f.bounds.meets(&around);
            for feature in layer.features.iter().filter(worth) {
                if bytes.len() + drawn.size() > MAX_BYTES {
                    break;
                }
                if let Some(shape) = draw(&feature.geometry, tile, HALF_PIXEL) {
                    drawn.feature(None, &shape, &feature.tags);
                }
            }
            if drawn.count() > 0 {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "4096 fits")]
                bytes.extend(drawn.finish(&layer.name, EXTENT as u64));
            }
        }
        bytes
    }
}

impl Feature {
    fn read(raw: RawFeature) -> Result<Self, String> {
        let geometry = dinh_model::geometry::shape(&raw.geometry).map_err(|e| e.to_string())?;
        let rect = geometry.bounding_rect().ok_or("is empty")?;
        let (low, high) = (rect.min(), rect.max());
        let properties = raw.properties.unwrap_or_default();
        let min_zoom = properties.get("min_zoom").and_then(Json::as_f64).unwrap_or(0.0).clamp(0.0, 22.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 22")]
        let min_zoom = min_zoom as u8;
        let tags = KEPT.into_iter().filter_map(|key| Some((key, tag(properties.get(key)?)?))).collect();
        let bounds = Bounds { west: low.x, south: low.y, east: high.x, north: high.y };
        Ok(Self { bounds, geometry, min_zoom, tags })
    }
}

fn tag(value: &Json) -> Option<Tag> {
    match value {
        Json::String(text) if !text.is_empty() => Some(Tag::Text(Arc::from(text.as_str()))),
        Json::Number(number) => number.as_f64().map(Tag::Double),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::decode;
    use super::*;

    #[test]
    fn draws_what_is_near_and_worth_its_zoom() {
        let feature = |lon: f64, min_zoom: u8, name: &str| {
            Feature::read(RawFeature {
                geometry: json!({"type": "Point", "coordinates": [lon, 16.5]}),
                properties: json!({"name": name, "min_zoom": min_zoom, "rank": 1, "odd": true})
                    .as_object()
                    .cloned(),
            })
            .unwrap()
        };
        let features = vec![
            feature(112.0, 3, "Quần đảo Hoàng Sa (Việt Nam)"),
            feature(112.1, 9, "Đảo Phú Lâm"),
            feature(12.0, 0, "elsewhere"),
        ];
        let layers = vec![BaseLayer { name: "islands".to_owned(), features }];
        let map = Basemap { layers, version: String::new() };
        let read = decode::tile(&map.tile(Address::new(4, 12, 7).unwrap()));
        assert_eq!(read.len(), 1);
        let names: Vec<_> = read[0].features.iter().map(|f| f.tags["name"].as_str()).collect();
        assert_eq!(names, ["Quần đảo Hoàng Sa (Việt Nam)"]);
        assert!(!read[0].features[0].tags.contains_key("odd"));
    }
}
