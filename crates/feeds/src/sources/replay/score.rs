//! When each moment of a recording is played. Pure: a function of the clock and of fixed numbers, so that two
//! processes, or one before and after a restart, play the same row at the same instant.

use dinh_model::Timestamp;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// How a recording is laid over the present.
///
/// Recorded time is counted from the first row in microseconds; after `period` the recording begins again. At
/// instant `anchor` the moment `start` is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) anchor: Timestamp,
    pub(super) start: i64,
    pub(super) period: i64,
    pub(super) speed: f64,
    pub(super) again: bool,
}

/// A row to be played: in which round, and its number in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cue {
    pub(super) lap: i64,
    pub(super) row: usize,
}

impl Score {
    /// Length of one round for a recording that lasts `length`: whole days where it lasts a day or longer, so that
    /// the time of day is kept at speed 1; else whole hours.
    pub(super) fn period_of(length: i64) -> i64 {
        let unit = if length >= DAY - HOUR { DAY } else { HOUR };
        (length / unit + 1) * unit
    }

    /// The anchor that keeps the time of day: the latest instant not after `now` that lies whole days after `recorded`.
    pub(super) fn same_time_of_day(recorded: Timestamp, now: Timestamp) -> Timestamp {
        let days = now.micros_since(recorded).div_euclid(DAY);
        recorded.plus_micros(days.saturating_mul(DAY))
    }

    /// When a cue is played; `offsets` are the recorded times of the rows, in order.
    pub(super) fn instant(&self, cue: Cue, offsets: &[i64]) -> Option<Timestamp> {
        if cue.lap > 0 && !self.again {
            return None;
        }
        self.played(cue.lap, *offsets.get(cue.row)?)
    }

    /// When the first moment of a round is played, or would have been.
    pub(super) fn round(&self, lap: i64) -> Option<Timestamp> {
        self.played(lap, 0)
    }

    fn played(&self, lap: i64, offset: i64) -> Option<Timestamp> {
        let moment = micros(lap) * micros(self.period) + micros(offset) - micros(self.start);
        let since = (moment / self.speed).round();
        #[expect(clippy::cast_possible_truncation, reason = "checked to lie within the years jiff can tell")]
        (since.abs() < 2e17).then(|| self.anchor.plus_micros(since as i64))
    }

    /// The first cue played after `instant`.
    pub(super) fn after(&self, instant: Timestamp, offsets: &[i64]) -> Option<Cue> {
        let moment = micros(instant.micros_since(self.anchor)) * self.speed + micros(self.start);
        let lap = (moment / micros(self.period)).floor().max(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a lap number is far below 2^53")]
        let lap = if self.again { lap as i64 } else { 0 };
        let within = moment - micros(lap) * micros(self.period);
        let row = offsets.partition_point(|offset| micros(*offset) <= within);
        let mut cue = Cue { lap, row };
        if row >= offsets.len() {
            cue = Cue { lap: lap + 1, row: 0 };
        }
        // The sums above are rounded; the instant decides.
        for _neighbour in 0..4 {
            match self.instant(cue, offsets) {
                Some(at) if at <= instant => cue = Self::next(cue, offsets),
                _ => break,
            }
        }
        self.instant(cue, offsets).map(|_| cue)
    }

    /// The cue behind another.
    pub(super) fn next(cue: Cue, offsets: &[i64]) -> Cue {
        if cue.row + 1 < offsets.len() {
            Cue { lap: cue.lap, row: cue.row + 1 }
        } else {
            Cue { lap: cue.lap + 1, row: 0 }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 285 years of microseconds")]
fn micros(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000;

    fn score(speed: f64, again: bool) -> Score {
        Score { anchor: Timestamp::from_micros(0), start: 0, period: DAY, speed, again }
    }

    #[test]
    fn a_day_of_hours_is_played_day_after_day_at_the_same_time() {
        let offsets: Vec<i64> = (0..24).map(|hour| hour * HOUR).collect();
        assert_eq!(Score::period_of(23 * HOUR), DAY);
        assert_eq!(Score::period_of(DAY), 2 * DAY);
        assert_eq!(Score::period_of(5 * SECOND), HOUR);
        let score = score(1.0, true);
        let now = Timestamp::from_micros(400 * DAY + 5 * HOUR + 1);
        let cue = score.after(now, &offsets).unwrap();
        assert_eq!(cue, Cue { lap: 400, row: 6 });
        assert_eq!(score.instant(cue, &offsets).unwrap().as_micros(), 400 * DAY + 6 * HOUR);
        let last = Cue { lap: 400, row: 23 };
        assert_eq!(Score::next(last, &offsets), Cue { lap: 401, row: 0 });
    }

    #[test]
    fn a_recording_that_does_not_repeat_ends() {
        let offsets = [0, HOUR];
        let score = score(60.0, false);
        assert_eq!(score.after(Timestamp::from_micros(-1), &offsets), Some(Cue { lap: 0, row: 0 }));
        assert_eq!(score.after(Timestamp::from_micros(30 * SECOND), &offsets), Some(Cue { lap: 0, row: 1 }));
        assert_eq!(score.after(Timestamp::from_micros(60 * SECOND), &offsets), None);
    }

    #[test]
    fn the_anchor_keeps_the_time_of_day() {
        let recorded = Timestamp::from_micros(3 * DAY + 7 * HOUR);
        let now = Timestamp::from_micros(100 * DAY + 5 * HOUR);
        assert_eq!(Score::same_time_of_day(recorded, now).as_micros(), 99 * DAY + 7 * HOUR);
    }

    proptest! {
        #[test]
        fn what_comes_after_an_instant_is_played_after_it_and_nothing_is_left_out(
            speed in prop::sample::select(vec![0.5, 1.0, 7.0, 60.0, 3_600.0]),
            start in 0..DAY,
            gaps in prop::collection::vec(0..2 * HOUR, 1..10),
            instant in 0..400 * DAY,
            anchor in 0..100 * DAY,
        ) {
            let offsets: Vec<i64> =
                gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let anchor = Timestamp::from_micros(anchor);
            let score = Score { anchor, start, period: DAY, speed, again: true };
            let instant = Timestamp::from_micros(instant);
            let cue = score.after(instant, &offsets).unwrap();
            prop_assert!(score.instant(cue, &offsets).unwrap() > instant);
            if cue > (Cue { lap: 0, row: 0 }) {
                let before = if cue.row > 0 {
                    Cue { row: cue.row - 1, ..cue }
                } else {
                    Cue { lap: cue.lap - 1, row: offsets.len() - 1 }
                };
                prop_assert!(score.instant(before, &offsets).unwrap() <= instant);
            }
        }
    }
}
