//! Addresses of tiles and the web Mercator projection (EPSG:3857, tiles counted from the north west).

use std::f64::consts::PI;

use geo::Coord;

/// Deepest zoom level served. Maps magnify it further by themselves.
pub const MAX_ZOOM: u8 = 16;
/// Units across a tile.
pub(super) const EXTENT: f64 = 4096.0;
/// Latitude at which the square of the projection ends, in degrees.
const MAX_LATITUDE: f64 = 85.051_128_779_806_59;

/// Which tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Zoom level.
    pub z: u8,
    /// Column from the west.
    pub x: u32,
    /// Row from the north.
    pub y: u32,
}

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bounds {
    /// True if the boxes have a point in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

impl Address {
    /// The tile, if there is one.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        let across = 1_u32.checked_shl(u32::from(z))?;
        (z <= MAX_ZOOM && x < across && y < across).then_some(Self { z, x, y })
    }

    fn across(self) -> f64 {
        f64::from(1_u32 << self.z)
    }

    /// A place in degrees in units of this tile, x to the east and y to the south.
    pub(super) fn project(self, lon: f64, lat: f64) -> Coord<f64> {
        let (x, y) = unit_square(lon, lat);
        Coord {
            x: (x * self.across() - f64::from(self.x)) * EXTENT,
            y: (y * self.across() - f64::from(self.y)) * EXTENT,
        }
    }

    /// The box of the tile with `margin` units around it.
    pub fn bounds(self, margin: f64) -> Bounds {
        let column = |units: f64| (f64::from(self.x) + units / EXTENT) / self.across();
        let row = |units: f64| (f64::from(self.y) + units / EXTENT) / self.across();
        let longitude = |x: f64| (x.clamp(0.0, 1.0)).mul_add(360.0, -180.0);
        let latitude = |y: f64| (PI * (1.0 - 2.0 * y.clamp(0.0, 1.0))).sinh().atan().to_degrees();
        Bounds {
            west: longitude(column(-margin)),
            east: longitude(column(EXTENT + margin)),
            north: latitude(row(-margin)),
            south: latitude(row(EXTENT + margin)),
        }
    }
}

/// A place as fractions of the projected world, from its north-west corner.
fn unit_square(lon: f64, lat: f64) -> (f64, f64) {
    let sine = lat.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians().sin();
    ((lon + 180.0) / 360.0, 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_tiles_that_exist_have_addresses() {
        assert!(Address::new(0, 0, 0).is_some());
        assert!(Address::new(16, 65_535, 0).is_some());
        assert!(Address::new(1, 2, 0).is_none());
        assert!(Address::new(17, 0, 0).is_none());
        assert!(Address::new(200, 0, 0).is_none());
    }

    #[test]
    fn hue_is_where_everybody_puts_it() {
        // Tile 10/818/464 holds the citadel of Huế on every map of the web.
        let tile = Address::new(10, 818, 464).unwrap();
        let at = tile.project(107.5786, 16.4698);
        assert!((0.0..EXTENT).contains(&at.x) && (0.0..EXTENT).contains(&at.y), "{at:?}");
    }

    proptest! {
        #[test]
        fn corners_of_the_box_project_to_corners(z in 0_u8..=16, a in 0_u32..65_536, b in 0_u32..65_536) {
            let tile = Address { z, x: a >> (16 - z), y: b >> (16 - z) };
            let bounds = tile.bounds(0.0);
            let (nw, se) = (tile.project(bounds.west, bounds.north), tile.project(bounds.east, bounds.south));
            prop_assert!(nw.x.abs() < 0.01 && nw.y.abs() < 0.01, "{nw:?}");
            prop_assert!((se.x - EXTENT).abs() < 0.01 && (se.y - EXTENT).abs() < 0.01, "{se:?}");
        }
    }
}
