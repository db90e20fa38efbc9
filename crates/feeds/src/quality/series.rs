//! What is remembered of each series.

use dinh_model::Timestamp;
use lru::LruCache;
use serde::{Deserialize, Serialize};

use crate::definition::{CheckRule, Span};
use crate::mapping::Replayed;

/// Most series remembered for one feed; the one not seen for longest is forgotten first.
pub(super) const MAX_SERIES: usize = 50_000;

/// Which series: number of the check, entity, dataset.
pub(super) type SeriesKey = (usize, String);

/// What a check remembers of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The value compared with.
    pub(super) value: f64,
    /// Since when the value is as it is.
    pub(super) since: Timestamp,
    /// The latest observation.
    pub(super) last: Timestamp,
    /// When that one was observed by our clock; another instant where a recording is played.
    pub(super) heard: Timestamp,
    /// The round of the recording that the times above belong to.
    pub(super) round: Option<Timestamp>,
}

/// When a value was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// In truth: checks measure recorded time, whatever the speed at which a recording is played.
    at: Timestamp,
    /// By our clock.
    heard: Timestamp,
    /// The round of the recording, if one is played.
    round: Option<Timestamp>,
}

impl Moment {
    /// A value said to have been observed at `heard`.
    pub(super) fn of(heard: Timestamp, replayed: Option<Replayed>) -> Self {
        let at = replayed.map_or(heard, |replayed| replayed.unshift(heard));
        Self { at, heard, round: replayed.map(|replayed| replayed.round) }
    }

    /// The memory of a series that begins with `value`.
    fn begins(self, value: f64) -> Seen {
        Seen { value, since: self.at, last: self.at, heard: self.heard, round: self.round }
    }
}

/// The memory of all checks of a feed, for a restart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedSeries(pub(super) Vec<(usize, String, Seen)>);

/// What a look at a series found.
pub(super) enum Finding {
    /// Nothing to say.
    Fine,
    /// The check fails.
    Fails,
    /// So many observations did not come.
    Missing(u64),
}

/// Looks at one value of a series and remembers it. `trusted` is false for a value that an earlier check doubts:
/// it is judged, but the next one is not measured by it.
pub(super) fn look(
    series: &mut LruCache<SeriesKey, Seen>,
    key: SeriesKey,
    rule: &CheckRule,
    (value, moment): (f64, Moment),
    trusted: bool,
) -> Finding {
    let measure = trusted || matches!(rule, CheckRule::Gap { .. });
    let Some(seen) = series.get_mut(&key) else {
        if measure {
            series.put(key, moment.begins(value));
        }
        return Finding::Fine;
    };
    if moment.round != seen.round {
        // A recording that begins again says nothing about how the value came from its end to its beginning. What
        // comes late, such as a corrected record of an earlier round, is no beginning.
        if measure && moment.heard > seen.heard {
            *seen = moment.begins(value);
        }
        return Finding::Fine;
    }
    if moment.at <= seen.last {
        return Finding::Fine;
    }
    match rule {
        CheckRule::Stuck { same_for, tolerance, except } => {
            stuck(seen, value, moment, *same_for, *tolerance, *except)
        }
        CheckRule::Step { max_change_per_hour } => step(seen, value, moment, *max_change_per_hour, trusted),
        CheckRule::Gap { expect_every } => gap(seen, moment, *expect_every),
        _ => Finding::Fine,
    }
}

fn stuck(
    seen: &mut Seen,
    value: f64,
    moment: Moment,
    same_for: Span,
    tolerance: f64,
    except: Option<f64>,
) -> Finding {
    let at = moment.at;
    (seen.last, seen.heard) = (at, moment.heard);
    let may_rest = except.is_some_and(|rest| (value - rest).abs() <= tolerance);
    if (value - seen.value).abs() > tolerance || may_rest {
        seen.value = value;
        seen.since = at;
        return Finding::Fine;
    }
    if at.micros_since(seen.since) >= same_for.micros() { Finding::Fails } else { Finding::Fine }
}

/// Least time over which a change is measured: readings seconds apart differ by the noise of the instrument.
const LEAST_HOURS: f64 = 1.0 / 6.0;

#[expect(clippy::cast_precision_loss, reason = "microseconds between observations are far below 2^53")]
fn step(seen: &mut Seen, value: f64, moment: Moment, per_hour: f64, trusted: bool) -> Finding {
    let hours = (moment.at.micros_since(seen.last) as f64 / 3.6e9).max(LEAST_HOURS);
    if (value - seen.value).abs() > per_hour * hours {
        // The last good value stays the measure; as time passes, more change becomes believable.
        return Finding::Fails;
    }
    if trusted {
        *seen = moment.begins(value);
    }
    Finding::Fine
}

fn gap(seen: &mut Seen, moment: Moment, expect_every: Span) -> Finding {
    let elapsed = moment.at.micros_since(seen.last);
    (seen.last, seen.heard) = (moment.at, moment.heard);
    let every = expect_every.micros().max(1);
    // A little late is not missing: half an interval is let pass.
    let intervals = (elapsed + every / 2) / every;
    match u64::try_from(intervals - 1) {
        Ok(missing) if missing > 0 => Finding::Missing(missing),
        _ => Finding::Fine,
    }
}
