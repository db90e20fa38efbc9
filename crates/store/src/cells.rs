//! Cells: longitude and latitude as one integer whose order keeps neighbours together.
//!
//! The world is cut into 2²² × 2²² cells (about 9.5 m × 4.8 m in our latitudes), numbered along a Z-order (Morton)
//! curve. A point is one row in a b-tree ordered by cell, so that moving a point is one update of one row and a box is
//! a handful of ranges of numbers. The coarse grid of counters is the same numbering with fewer bits.

use crate::query::Bounds;

/// Bits for each axis.
const BITS: u32 = 22;

/// Bits for each axis of the coarse grid: cells of 0.088° × 0.044°.
pub(crate) const GRID_BITS: u32 = 12;

/// Most ranges a box is broken into.
pub(crate) const MAX_RANGES: usize = 32;

/// Most squares looked at while breaking a box into ranges.
const MAX_SQUARES: usize = 256;

/// The cell of a position in degrees.
pub(crate) fn cell(lon: f64, lat: f64) -> i64 {
    let (x, y) = place(lon, lat);
    signed(interleave(x, y))
}

/// The coarse cell that a cell lies in.
pub(crate) fn coarse(cell: i64) -> i64 {
    cell >> (2 * (BITS - GRID_BITS))
}

/// The cells within a range of coarse cells.
pub(crate) fn fine((first, last): (i64, i64)) -> (i64, i64) {
    let shift = 2 * (BITS - GRID_BITS);
    (first << shift, ((last + 1) << shift) - 1)
}

/// The box of a coarse cell at `bits` bits an axis.
pub(crate) fn coarse_bounds(cell: i64, bits: u32) -> Bounds {
    let (x, y) = deinterleave(cell.unsigned_abs());
    let side = |n: u32| f64::from(n) / f64::from(1u32 << bits);
    Bounds {
        west: side(x) * 360.0 - 180.0,
        south: side(y) * 180.0 - 90.0,
        east: side(x + 1) * 360.0 - 180.0,
        north: side(y + 1) * 180.0 - 90.0,
    }
}

/// Ranges of cells, first and last included, that together hold every point of `bounds`, and some others: at most
/// [`MAX_RANGES`], in order.
pub(crate) fn ranges(bounds: &Bounds) -> Vec<(i64, i64)> {
    covering(bounds, BITS)
}

/// The same for coarse cells.
pub(crate) fn coarse_ranges(bounds: &Bounds) -> Vec<(i64, i64)> {
    covering(bounds, GRID_BITS)
}

fn covering(bounds: &Bounds, bits: u32) -> Vec<(i64, i64)> {
    let shift = BITS - bits;
    let (west, south) = place(bounds.west, bounds.south);
    let (east, north) = place(bounds.east, bounds.north);
    let window = Window { x: (west >> shift, east >> shift), y: (south >> shift, north >> shift) };
    if window.x.0 > window.x.1 || window.y.0 > window.y.1 {
        return Vec::new();
    }
    few(merged(squares(&window, bits), bits))
}

/// A square of the quad tree: its place at a depth.
#[derive(Clone, Copy)]
struct Square {
    x: u32,
    y: u32,
    depth: u32,
}

struct Window {
    x: (u32, u32),
    y: (u32, u32),
}

enum Overlap {
    None,
    Some,
    All,
}

impl Window {
    fn overlap(&self, square: Square, bits: u32) -> Overlap {
        let size = bits - square.depth;
        let (x, y) = (
            (square.x << size, ((square.x + 1) << size) - 1),
            (square.y << size, ((square.y + 1) << size) - 1),
        );
        if x.1 < self.x.0 || x.0 > self.x.1 || y.1 < self.y.0 || y.0 > self.y.1 {
            Overlap::None
        } else if x.0 >= self.x.0 && x.1 <= self.x.1 && y.0 >= self.y.0 && y.1 <= self.y.1 {
            Overlap::All
        } else {
            Overlap::Some
        }
    }
}

/// Squares that cover the window, split where they stick out until there are many.
fn squares(window: &Window, bits: u32) -> Vec<Square> {
    let mut inside = Vec::new();
    let mut edge = vec![Square { x: 0, y: 0, depth: 0 }];
    while !edge.is_empty() && inside.len() + edge.len() * 4 <= MAX_SQUARES {
        let mut finer = Vec::with_capacity(edge.len() * 4);
        for square in edge.drain(..) {
            match window.overlap(square, bits) {
                Overlap::None => {}
                Overlap::All => inside.push(square),
                Overlap::Some if square.depth == bits => inside.push(square),
                Overlap::Some => {
                    let depth = square.depth + 1;
                    let quarters = [(0, 0), (1, 0), (0, 1), (1, 1)];
                    finer.extend(quarters.map(|(x, y)| Square {
                        x: square.x * 2 + x,
                        y: square.y * 2 + y,
                        depth,
                    }));
                }
            }
        }
        edge = finer;
    }
    inside.extend(edge.into_iter().filter(|s| !matches!(window.overlap(*s, bits), Overlap::None)));
    inside
}

/// The squares as ranges of cells in order, neighbours joined.
fn merged(squares: Vec<Square>, bits: u32) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = squares
        .into_iter()
        .map(|s| {
            let size = 2 * (bits - s.depth);
            let first = interleave(s.x, s.y) << size;
            (signed(first), signed(first + (1u64 << size) - 1))
        })
        .collect();
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let touch = next.0 == last.1 + 1;
        if touch {
            last.1 = next.1;
        }
        touch
    });
    ranges
}

/// Bridges the smallest gaps until at most [`MAX_RANGES`] are left.
fn few(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    if ranges.len() <= MAX_RANGES {
        return ranges;
    }
    let mut gaps: Vec<i64> = ranges.iter().zip(ranges.iter().skip(1)).map(|(a, b)| b.0 - a.1).collect();
    gaps.sort_unstable_by(|a, b| b.cmp(a));
    let keep = gaps.get(MAX_RANGES - 2).copied().unwrap_or(0);
    let mut kept = 0;
    ranges.dedup_by(|next, last| {
        let gap = next.0 - last.1;
        if gap >= keep && kept < MAX_RANGES - 1 {
            kept += 1;
            return false;
        }
        last.1 = next.1;
        true
    });
    ranges
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast to u32 stops at the ends, which is what the edge of the world wants"
)]
fn place(lon: f64, lat: f64) -> (u32, u32) {
    let side = f64::from(1u32 << BITS);
    let most = (1u32 << BITS) - 1;
    let x = ((lon + 180.0) / 360.0 * side) as u32;
    let y = ((lat + 90.0) / 180.0 * side) as u32;
    (x.min(most), y.min(most))
}

fn signed(cell: u64) -> i64 {
    i64::try_from(cell).unwrap_or(i64::MAX)
}

fn interleave(x: u32, y: u32) -> u64 {
    spread(x) | (spread(y) << 1)
}

fn deinterleave(cell: u64) -> (u32, u32) {
    (squeeze(cell), squeeze(cell >> 1))
}

/// Puts a zero between the bits.
fn spread(n: u32) -> u64 {
    let mut n = u64::from(n);
    n = (n | (n << 16)) & 0x0000_FFFF_0000_FFFF;
    n = (n | (n << 8)) & 0x00FF_00FF_00FF_00FF;
    n = (n | (n << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    n = (n | (n << 2)) & 0x3333_3333_3333_3333;
    (n | (n << 1)) & 0x5555_5555_5555_5555
}

fn squeeze(n: u64) -> u32 {
    let mut n = n & 0x5555_5555_5555_5555;
    n = (n | (n >> 1)) & 0x3333_3333_3333_3333;
    n = (n | (n >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
    n = (n | (n >> 4)) & 0x00FF_00FF_00FF_00FF;
    n = (n | (n >> 8)) & 0x0000_FFFF_0000_FFFF;
    n = (n | (n >> 16)) & 0x0000_0000_FFFF_FFFF;
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn within(ranges: &[(i64, i64)], cell: i64) -> bool {
        ranges.iter().any(|r| (r.0..=r.1).contains(&cell))
    }

    proptest! {
        #[test]
        fn ranges_hold_every_point_of_the_box(
            west in -180.0..180.0f64, south in -90.0..90.0f64,
            width in 0.0..360.0f64, height in 0.0..180.0f64, scale in 0.0..6.0f64,
            at in (0.0..=1.0f64, 0.0..=1.0f64),
        ) {
            let shrink = 10f64.powf(-scale);
            let bounds = Bounds {
                west, south,
                east: (west + width * shrink).min(180.0),
                north: (south + height * shrink).min(90.0),
            };
            let lon = bounds.west + (bounds.east - bounds.west) * at.0;
            let lat = bounds.south + (bounds.north - bounds.south) * at.1;
            let found = ranges(&bounds);
            prop_assert!(found.len() <= MAX_RANGES);
            prop_assert!(found.iter().zip(found.iter().skip(1)).all(|(a, b)| a.1 < b.0));
            prop_assert!(within(&found, cell(lon, lat)));
            prop_assert!(within(&coarse_ranges(&bounds), coarse(cell(lon, lat))));
        }

        #[test]
        fn a_coarse_cell_holds_its_points(lon in -180.0..180.0f64, lat in -90.0..90.0f64) {
            let bounds = coarse_bounds(coarse(cell(lon, lat)), GRID_BITS);
            prop_assert!(bounds.west <= lon && lon <= bounds.east && bounds.south <= lat && lat <= bounds.north);
        }
    }

    #[test]
    fn a_small_box_does_not_cover_the_world() {
        let bounds = Bounds { west: 107.5, south: 16.4, east: 107.6, north: 16.5 };
        let covered: i64 = ranges(&bounds).iter().map(|r| r.1 - r.0 + 1).sum();
        let needed = 0.1 / 360.0 * 0.1 / 180.0 * 2f64.powi(44);
        #[expect(clippy::cast_precision_loss, reason = "a rough factor is asked for")]
        let factor = covered as f64 / needed;
        assert!(factor < 1.6, "{factor}");
    }
}
