//! Nowcast: the weighted mean of the last twelve hours (section 2.2.1 a).

/// Hours that a Nowcast looks back, the present one included.
pub const HOURS: usize = 12;

/// The Nowcast of hourly means, the present hour first, at most [`HOURS`] of them. None unless at least two of the
/// last three hours have a value.
///
/// For the smallest weight of one half the decree writes Σ (1/2)^i·cᵢ, which is the general formula but for the sum
/// of the weights, 4095/4096 instead of 1. The general formula is used throughout: the results differ by less than
/// 0.03 %, and only it stays a mean when hours are missing.
pub fn nowcast(hours: &[Option<f64>]) -> Option<f64> {
    let hours: Vec<_> = hours.iter().take(HOURS).map(|c| c.filter(|c| c.is_finite() && *c >= 0.0)).collect();
    if hours.iter().take(3).flatten().count() < 2 {
        return None;
    }
    let values = || hours.iter().flatten().copied();
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    let weight = if most > 0.0 { (least / most).max(0.5) } else { 1.0 };
    let mut weighted = 0.0;
    let mut weights = 0.0;
    let mut power = 1.0;
    for hour in hours {
        if let Some(value) = hour {
            weighted += power * value;
            weights += power;
        }
        power *= weight;
    }
    Some(weighted / weights)
}
