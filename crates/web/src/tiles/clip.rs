//! Clipping to a square: what of a line or a ring lies in a tile and its margin.

use geo::Coord;

/// A square from `low` to `high` in both directions, borders included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Square {
    #[cfg(test)]
    fn holds(self, at: Coord<f64>) -> bool {
        let range = self.low..=self.high;
        range.contains(&at.x) && range.contains(&at.y)
    }

    /// The parts of a line inside the square, in order (Liang and Barsky, segment by segment).
    pub(super) fn line(self, line: &[Coord<f64>]) -> Vec<Vec<Coord<f64>>> {
        let mut parts = Vec::new();
        let mut part: Vec<Coord<f64>> = Vec::new();
        for (from, to) in line.iter().zip(line.iter().skip(1)) {
            let Some((start, end)) = self.segment(*from, *to) else {
                finish(&mut part, &mut parts);
                continue;
            };
            if part.last() != Some(&start) {
                finish(&mut part, &mut parts);
                part.push(start);
            }
            part.push(end);
        }
        finish(&mut part, &mut parts);
        parts
    }

    /// The part of a segment inside the square.
    fn segment(self, from: Coord<f64>, to: Coord<f64>) -> Option<(Coord<f64>, Coord<f64>)> {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, from.x - self.low),
            (dx, self.high - from.x),
            (-dy, from.y - self.low),
            (dy, self.high - from.y),
        ] {
            if step < 0.0 {
                enter = enter.max(room / step);
            } else if step > 0.0 {
                leave = leave.min(room / step);
            } else if room < 0.0 {
                return None;
            }
        }
        if enter > leave {
            return None;
        }
        let at = |t: f64| {
            let inside = |v: f64| v.clamp(self.low, self.high);
            Coord { x: inside(dx.mul_add(t, from.x)), y: inside(dy.mul_add(t, from.y)) }
        };
        let start = if enter > 0.0 { at(enter) } else { from };
        let end = if leave < 1.0 { at(leave) } else { to };
        Some((start, end))
    }

    /// The part of a closed ring inside the square, closed again (Sutherland and Hodgman). Where a ring leaves and
    /// comes back, the parts are joined along the border, outside of what is seen.
    pub(super) fn ring(self, ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mut points: Vec<Coord<f64>> = ring.to_vec();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        for side in [Side::West, Side::East, Side::North, Side::South] {
            points = self.cut(&points, side);
        }
        if let Some(first) = points.first().copied() {
            points.push(first);
        }
        points
    }

    fn cut(self, points: &[Coord<f64>], side: Side) -> Vec<Coord<f64>> {
        let Some(mut from) = points.last().copied() else { return Vec::new() };
        let mut kept = Vec::with_capacity(points.len() + 4);
        for to in points.iter().copied() {
            match (side.holds(self, from), side.holds(self, to)) {
                (true, true) => kept.push(to),
                (true, false) => kept.push(side.crossing(self, from, to)),
                (false, true) => kept.extend([side.crossing(self, from, to), to]),
                (false, false) => {}
            }
            from = to;
        }
        kept
    }
}

fn finish(part: &mut Vec<Coord<f64>>, parts: &mut Vec<Vec<Coord<f64>>>) {
    if part.len() > 1 {
        parts.push(std::mem::take(part));
    }
    part.clear();
}

#[derive(Clone, Copy)]
enum Side {
    West,
    East,
    North,
    South,
}

impl Side {
    fn holds(self, square: Square, at: Coord<f64>) -> bool {
        match self {
            Self::West => at.x >= square.low,
            Self::East => at.x <= square.high,
            Self::North => at.y >= square.low,
            Self::South => at.y <= square.high,
        }
    }

    fn crossing(self, square: Square, from: Coord<f64>, to: Coord<f64>) -> Coord<f64> {
        let border = match self {
            Self::West | Self::North => square.low,
            Self::East | Self::South => square.high,
        };
        match self {
            Self::West | Self::East => {
                let t = (border - from.x) / (to.x - from.x);
                Coord { x: border, y: (to.y - from.y).mul_add(t, from.y) }
            }
            Self::North | Self::South => {
                let t = (border - from.y) / (to.y - from.y);
                Coord { x: (to.x - from.x).mul_add(t, from.x), y: border }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SQUARE: Square = Square { low: 0.0, high: 10.0 };

    fn coords(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    fn area(ring: &[Coord<f64>]) -> f64 {
        ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
    }

    #[test]
    fn a_line_in_and_out_becomes_two() {
        let line = coords(&[(-5.0, 5.0), (5.0, 5.0), (15.0, 5.0), (15.0, 8.0), (5.0, 8.0)]);
        let parts = SQUARE.line(&line);
        assert_eq!(
            parts,
            [coords(&[(0.0, 5.0), (5.0, 5.0), (10.0, 5.0)]), coords(&[(10.0, 8.0), (5.0, 8.0)])]
        );
    }

    #[test]
    fn a_ring_around_the_square_fills_it() {
        let ring = coords(&[(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0), (-5.0, -5.0)]);
        let clipped = SQUARE.ring(&ring);
        assert!((area(&clipped) - 100.0).abs() < 1e-9);
        assert!(SQUARE.ring(&coords(&[(20.0, 20.0), (30.0, 20.0), (30.0, 30.0), (20.0, 20.0)])).is_empty());
    }

    fn place() -> impl Strategy<Value = (f64, f64)> {
        (-20.0_f64..30.0, -20.0_f64..30.0)
    }

    proptest! {
        #[test]
        fn what_is_left_of_a_line_is_inside_and_on_the_line(points in prop::collection::vec(place(), 2..12)) {
            let line = coords(&points);
            for part in SQUARE.line(&line) {
                prop_assert!(part.len() > 1);
                for at in &part {
                    prop_assert!(SQUARE.holds(*at), "{at:?}");
                    let near = line.windows(2).any(|s| distance(*at, s[0], s[1]) < 1e-6);
                    prop_assert!(near, "{at:?} is not on the line");
                }
            }
        }

        #[test]
        fn no_inner_part_of_a_line_is_lost(points in prop::collection::vec(place(), 2..12), t in 0.0_f64..1.0) {
            let line = coords(&points);
            let parts = SQUARE.line(&line);
            for s in line.windows(2) {
                let at = Coord { x: (s[1].x - s[0].x) * t + s[0].x, y: (s[1].y - s[0].y) * t + s[0].y };
                if (Square { low: 0.001, high: 9.999 }).holds(at) {
                    let kept = parts.iter().any(|p| p.windows(2).any(|s| distance(at, s[0], s[1]) < 1e-6));
                    prop_assert!(kept, "{at:?} was lost");
                }
            }
        }

        #[test]
        fn four_quarters_have_the_area_of_the_whole(corners in prop::collection::vec((0.0_f64..10.0, 0.0_f64..6.3), 3..9)) {
            // A star around the middle, corners in order of their angle, so that it never crosses itself.
            let mut corners = corners;
            corners.sort_by(|a, b| a.1.total_cmp(&b.1));
            let mut ring: Vec<_> = corners.iter().map(|(r, angle)| Coord { x: r * angle.cos(), y: r * angle.sin() }).collect();
            ring.push(ring[0]);
            let whole = area(&ring);
            // Clip to the quarters by moving the ring, as tiles do.
            let quarters: f64 = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0)]
                .iter()
                .map(|(dx, dy)| {
                    let moved: Vec<_> = ring.iter().map(|c| Coord { x: c.x + dx, y: c.y + dy }).collect();
                    area(&SQUARE.ring(&moved))
                })
                .sum();
            prop_assert!((whole - quarters).abs() < 1e-6, "{whole} {quarters}");
        }
    }

    fn distance(at: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx * dx + dy * dy;
        let t = if length == 0.0 {
            0.0
        } else {
            (((at.x - a.x) * dx + (at.y - a.y) * dy) / length).clamp(0.0, 1.0)
        };
        (at.x - a.x - t * dx).hypot(at.y - a.y - t * dy)
    }
}
