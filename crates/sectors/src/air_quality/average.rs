//! Means over hours (section 2.2.2 a).

/// The mean of those of `expected` hours that have a value; none if more than a quarter of them are missing.
///
/// The decree asks for data that passed quality control but not for a number of hours; three quarters is the share
/// that the ministry's rules on automatic stations ask of any mean.
pub fn mean(hours: &[Option<f64>], expected: usize) -> Option<f64> {
    let mut sum = 0.0;
    let mut count = 0_u32;
    for value in hours.iter().take(expected).flatten().filter(|c| c.is_finite() && **c >= 0.0) {
        sum += value;
        count += 1;
    }
    let enough = usize::try_from(count).is_ok_and(|n| n > 0 && 4 * n >= 3 * expected);
    enough.then(|| sum / f64::from(count))
}

/// The greatest of the 24 means of eight consecutive hours that end within the day. `hours` holds the seven hours
/// before the day and the day's 24, the earliest first: 18:00 to 00:00, then 01:00 to 00:00 of the next day.
pub fn highest_mean_of_8_hours(hours: &[Option<f64>]) -> Option<f64> {
    hours.windows(8).filter_map(|window| mean(window, 8)).reduce(f64::max)
}
