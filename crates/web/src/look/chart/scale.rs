//! Axes: round numbers and round hours.

use dinh_model::Timestamp;

/// Round numbers along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The numbers, ascending.
    pub at: Vec<f64>,
    /// Decimal places that tell them apart.
    pub digits: u8,
}

/// About `wanted` round numbers from at most `low` to at least `high`.
pub fn ticks(low: f64, high: f64, wanted: u8) -> Ticks {
    let high = if high > low { high } else { low + 1.0 };
    let span = high - low;
    let raw = span / f64::from(wanted.max(1));
    let power = raw.log10().floor();
    let unit = 10_f64.powf(power);
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * unit).find(|s| *s >= raw).unwrap_or(unit * 10.0);
    let first = (low / step + 1e-9).floor();
    let mut at = Vec::new();
    let mut i = first;
    while at.len() < 32 {
        at.push(i * step);
        if i * step >= high - step * 1e-9 {
            break;
        }
        i += 1.0;
    }
    let is_whole = |digits: i32| {
        let scaled = step * 10_f64.powi(digits);
        (scaled - scaled.round()).abs() < 1e-6
    };
    let digits = (0..=6).find(|d| is_whole(*d)).unwrap_or(6);
    Ticks { at, digits: u8::try_from(digits).unwrap_or(6) }
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;
/// Hours that local time is ahead of UTC.
const AHEAD: i64 = 7 * HOUR;

/// Round local times between two instants, at most `most` of them, with the step in microseconds.
pub fn hours(from: Timestamp, to: Timestamp, most: i64) -> (Vec<Timestamp>, i64) {
    let span = to.micros_since(from).max(1);
    let steps =
        [HOUR / 4, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
    let step = steps.into_iter().find(|s| span / s <= most).unwrap_or_else(|| {
        let days = span / DAY / most.max(1) + 1;
        days * DAY
    });
    let first = (from.as_micros() + AHEAD).div_euclid(step) * step - AHEAD;
    let at = (0..)
        .map(|i| Timestamp::from_micros(first + i * step))
        .skip_while(|t| *t < from)
        .take_while(|t| *t <= to)
        .take(64)
        .collect();
    (at, step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn axes_have_round_numbers() {
        assert_eq!(ticks(0.0, 3.7, 4).at, [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(ticks(0.3, 1.25, 4), Ticks { at: vec![0.25, 0.5, 0.75, 1.0, 1.25], digits: 2 });
        assert_eq!(ticks(5.0, 5.0, 4).at, [5.0, 5.25, 5.5, 5.75, 6.0]);
    }

    #[test]
    fn days_begin_at_local_midnight() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (days, step) = hours(at("2026-11-01T03:00:00Z"), at("2026-11-07T03:00:00Z"), 8);
        assert_eq!(step, DAY);
        assert_eq!(days[0], at("2026-11-01T17:00:00Z"));
        let (few, _) = hours(at("2026-11-01T03:00:00Z"), at("2026-11-02T03:00:00Z"), 8);
        assert_eq!(few[0], at("2026-11-01T05:00:00Z"));
    }

    proptest! {
        #[test]
        fn ticks_cover_the_span(low in -1e6_f64..1e6, span in 1e-3_f64..1e6) {
            let high = low + span;
            let ticks = ticks(low, high, 5);
            prop_assert!(ticks.at[0] <= low + span * 1e-6);
            prop_assert!(*ticks.at.last().unwrap() >= high - span * 1e-6);
            prop_assert!(ticks.at.len() <= 8, "{ticks:?}");
        }
    }
}
