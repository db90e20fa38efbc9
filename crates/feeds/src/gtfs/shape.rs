//! Lines on the ground: distances along them and positions at a distance.

/// Metres of a degree of latitude.
const DEGREE: f64 = 111_195.0;

/// A line of longitudes and latitudes, with the distance of each point from the first in metres.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) points: Vec<[f64; 2]>,
    along: Vec<f64>,
}

impl Line {
    pub(super) fn new(points: Vec<[f64; 2]>) -> Self {
        let mut along = Vec::with_capacity(points.len());
        let mut sum = 0.0;
        let mut before: Option<[f64; 2]> = None;
        for point in &points {
            if let Some(before) = before {
                sum += metres(before, *point);
            }
            along.push(sum);
            before = Some(*point);
        }
        Self { points, along }
    }

    /// The distances along the line of places that it passes one after another. A line that passes a place several
    /// times is told apart by the order: each place is looked for behind the one before.
    pub(super) fn distances(&self, places: &[[f64; 2]]) -> Vec<f64> {
        let mut from = 0.0;
        places
            .iter()
            .map(|place| {
                from = self.nearest(*place, from);
                from
            })
            .collect()
    }

    /// The distance along the line of the first point near `place` at or behind `from`.
    fn nearest(&self, place: [f64; 2], from: f64) -> f64 {
        let mut best = (f64::INFINITY, from);
        for ((a, b), (start, end)) in pairs(&self.points).zip(pairs(&self.along)) {
            if end < from {
                continue;
            }
            let length = end - start;
            let least = if length > 0.0 { ((from - start) / length).clamp(0.0, 1.0) } else { 0.0 };
            let share = projection(a, b, place).clamp(least, 1.0);
            let off = metres(between(a, b, share), place);
            // Strictly better by more than noise: the first pass wins over a later one.
            if off + 1.0 < best.0 {
                best = (off, start + share * length);
            }
        }
        best.1
    }

    /// The position at a distance, and the direction in degrees clockwise from north.
    pub(super) fn at(&self, distance: f64) -> Option<([f64; 2], f64)> {
        let first = *self.points.first()?;
        let segment =
            self.along.partition_point(|along| *along <= distance).clamp(1, self.along.len().max(2) - 1);
        let (Some(a), Some(b)) = (self.points.get(segment - 1), self.points.get(segment)) else {
            return Some((first, 0.0));
        };
        let (start, end) = (self.along.get(segment - 1)?, self.along.get(segment)?);
        let share = if end > start { ((distance - start) / (end - start)).clamp(0.0, 1.0) } else { 0.0 };
        Some((between(*a, *b, share), bearing(*a, *b)))
    }
}

fn pairs<T: Copy>(items: &[T]) -> impl Iterator<Item = (T, T)> {
    items.iter().copied().zip(items.iter().copied().skip(1))
}

fn between(a: [f64; 2], b: [f64; 2], share: f64) -> [f64; 2] {
    [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
}

/// Metres east and north from `a` to `b`; good for the few kilometres between two points of a shape.
fn vector(a: [f64; 2], b: [f64; 2]) -> (f64, f64) {
    let shrink = f64::midpoint(a[1], b[1]).to_radians().cos();
    ((b[0] - a[0]) * DEGREE * shrink, (b[1] - a[1]) * DEGREE)
}

/// Metres from `a` to `b`.
pub(super) fn metres(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (east, north) = vector(a, b);
    east.hypot(north)
}

fn bearing(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (east, north) = vector(a, b);
    east.atan2(north).to_degrees().rem_euclid(360.0)
}

/// Where between `a` (0) and `b` (1) the foot of `place` lies.
fn projection(a: [f64; 2], b: [f64; 2], place: [f64; 2]) -> f64 {
    let (line, to) = (vector(a, b), vector(a, place));
    let square = line.0 * line.0 + line.1 * line.1;
    if square > 0.0 { (line.0 * to.0 + line.1 * to.1) / square } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_comes_back_is_told_apart_by_the_order() {
        // East for a kilometre and back again.
        let there = [105.8 + 1_000.0 / (DEGREE * 21f64.to_radians().cos()), 21.0];
        let line = Line::new(vec![[105.8, 21.0], there, [105.8, 21.0]]);
        let middle = [f64::midpoint(105.8, there[0]), 21.0];
        let found = line.distances(&[[105.8, 21.0], middle, there, middle, [105.8, 21.0]]);
        for (found, expected) in found.iter().zip([0.0, 500.0, 1_000.0, 1_500.0, 2_000.0]) {
            assert!((found - expected).abs() < 2.0, "{found} is not {expected}");
        }
        let (at, heading) = line.at(250.0).unwrap();
        assert!(metres(at, [105.8, 21.0]) > 249.0 && (heading - 90.0).abs() < 0.1);
        assert!((line.at(1_750.0).unwrap().1 - 270.0).abs() < 0.1);
        assert!(metres(line.at(9_999.0).unwrap().0, [105.8, 21.0]) < 0.1);
    }

    #[test]
    fn lines_of_one_point_or_none_do_no_harm() {
        assert_eq!(Line::new(Vec::new()).at(5.0), None);
        assert_eq!(Line::new(vec![[1.0, 2.0]]).at(5.0), Some(([1.0, 2.0], 0.0)));
        assert!(Line::new(vec![[1.0, 2.0]]).distances(&[[1.0, 2.0]])[0].abs() < 1e-9);
        assert_eq!(Line::new(vec![[1.0, 2.0], [1.0, 2.0]]).at(0.0), Some(([1.0, 2.0], 0.0)));
    }
}
