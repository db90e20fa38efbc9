//! Leaving out what nobody sees (Douglas and Peucker), without recursion.

use geo::Coord;

/// The line without the positions that lie within `tolerance` of what is left. Ends are kept.
pub(super) fn simplify(line: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let limit = tolerance * tolerance;
    let mut keep = vec![false; line.len()];
    let mut mark = |i: usize| {
        if let Some(kept) = keep.get_mut(i) {
            *kept = true;
        }
    };
    mark(0);
    mark(line.len() - 1);
    let mut waiting = vec![(0, line.len() - 1)];
    while let Some((first, last)) = waiting.pop() {
        let Some(far) = farthest(line, first, last, limit) else { continue };
        mark(far);
        waiting.push((first, far));
        waiting.push((far, last));
    }
    line.iter().zip(keep).filter(|(_, kept)| *kept).map(|(at, _)| *at).collect()
}

/// Which position between two is farthest from the line through them, if it is farther than the limit.
fn farthest(line: &[Coord<f64>], first: usize, last: usize, limit: f64) -> Option<usize> {
    let (from, to) = (*line.get(first)?, *line.get(last)?);
    let mut best = (None, limit);
    for (i, at) in line.iter().enumerate().take(last).skip(first + 1) {
        let distance = square_distance(*at, from, to);
        if distance > best.1 {
            best = (Some(i), distance);
        }
    }
    best.0
}

fn square_distance(at: Coord<f64>, from: Coord<f64>, to: Coord<f64>) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.mul_add(dx, dy * dy);
    let t = if length > 0.0 {
        ((at.x - from.x).mul_add(dx, (at.y - from.y) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (at.x - from.x - t * dx, at.y - from.y - t * dy);
    x.mul_add(x, y * y)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_left_out_is_far_from_what_is_left(
            points in prop::collection::vec((0.0_f64..100.0, 0.0_f64..100.0), 2..60),
            tolerance in 0.0_f64..20.0,
        ) {
            let line: Vec<_> = points.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect();
            let left = simplify(&line, tolerance);
            prop_assert_eq!(left.first(), line.first());
            prop_assert_eq!(left.last(), line.last());
            for at in &line {
                let near = left.windows(2).map(|s| square_distance(*at, s[0], s[1])).fold(f64::INFINITY, f64::min);
                prop_assert!(near.sqrt() <= tolerance + 1e-9);
            }
        }
    }
}
