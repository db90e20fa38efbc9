//! Vector tiles, drawn in process from the graph and from the shipped geography.
//!
//! The encoder is our own two hundred lines: a tile is small, the format is frozen, and nothing else is needed of it.

mod address;
mod basemap;
mod cache;
mod clip;
mod cluster;
#[cfg(test)]
mod decode;
mod draw;
mod layer;
mod mvt;
mod simplify;
mod smooth;
mod wire;

pub use address::{Address, Bounds, MAX_ZOOM};
pub use basemap::{Basemap, BasemapError};
pub use cache::TileCache;
pub(crate) use layer::number_of;
pub use layer::{Cell, MAX_BYTES, MAX_FEATURES, VALUES_FROM_ZOOM, cells_tile, items_tile};

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A tile compressed for sending.
pub fn gzip(tile: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(tile.len() / 2 + 64), Compression::new(5));
    encoder.write_all(tile)?;
    Ok(encoder.finish()?.into())
}
