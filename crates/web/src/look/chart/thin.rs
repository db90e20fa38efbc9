//! Thinning long series without losing what matters: of every stretch the lowest and the highest value stay.

use super::Point;

/// At most about `most` points of a series in order of time.
pub fn thin(points: Vec<Point>, most: usize) -> Vec<Point> {
    let most = most.max(4);
    if points.len() <= most {
        return points;
    }
    let stretch = points.len().div_ceil(most / 2);
    let mut kept = Vec::with_capacity(most + 2);
    for part in points.chunks(stretch) {
        let by_value = |a: &&Point, b: &&Point| a.value.total_cmp(&b.value);
        let (Some(low), Some(high)) = (part.iter().min_by(by_value), part.iter().max_by(by_value)) else {
            continue;
        };
        let (first, second) = if low.at <= high.at { (low, high) } else { (high, low) };
        kept.push(*first);
        if second.at != first.at {
            kept.push(*second);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use dinh_model::Timestamp;

    use super::*;

    #[test]
    fn peaks_survive() {
        let value = |i: i64| if i == 4321 { 99.0 } else { 1.0 };
        let points = (0..10_000).map(|i| Point { at: Timestamp::from_micros(i), value: value(i) }).collect();
        let kept = thin(points, 200);
        assert!(kept.len() <= 202);
        assert!(kept.iter().any(|p| p.at == Timestamp::from_micros(4321)));
        assert!(kept.windows(2).all(|w| w[0].at < w[1].at));
    }
}
