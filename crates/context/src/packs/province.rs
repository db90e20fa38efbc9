//! `provinces/<tenant>.toml`: a tenant with its place on the map and its packs.

use dinh_model::Tenant;
use serde::Deserialize;

use super::Titles;

/// One province or town served by this process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Province {
    /// Its tenant.
    pub tenant: Tenant,
    /// What people call it.
    pub title: Titles,
    /// Its code in the national list of administrative units.
    pub province_code: String,
    /// Place among the others; the lowest is shown first.
    #[serde(default = "last")]
    pub order: u32,
    /// Where the map opens: longitude, latitude in degrees.
    pub center: [f64; 2],
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// Zoom level at which the map opens.
    pub zoom: f64,
    /// Packs in use.
    pub packs: Vec<String>,
    /// Feeds to run, as `pack/feed`.
    #[serde(default)]
    pub feeds: Vec<String>,
}

fn last() -> u32 {
    1000
}
