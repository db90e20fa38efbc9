//! Spans of days, as acts and appointments give them.

use dinh_model::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// Hours by which official time in Việt Nam is ahead of UTC, all year (decision 134/2002/QĐ-TTg).
const OFFICIAL: Offset = Offset::constant(7);

/// A span of days in official time, the first and the last included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The first day; none for "as long as anybody remembers".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day; none while no end is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Days {
    /// Every day.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// From `from` on.
    pub const fn since(from: Date) -> Self {
        Self { from: Some(from), to: None }
    }

    /// From `from` to `to`, both included.
    pub const fn between(from: Date, to: Date) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// Whether `day` belongs to it.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// True if it ends before it begins.
    pub fn is_backwards(self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }

    /// Number of days, if both ends are set.
    pub fn length(self) -> Option<i32> {
        let days = self.to?.since(self.from?).ok()?.get_days();
        Some(days.saturating_add(1))
    }

    /// True if it is over on `day`.
    pub fn is_over(self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }
}

/// The day in official time.
pub fn day_of(instant: Timestamp) -> Date {
    OFFICIAL.to_datetime(instant.to_jiff()).date()
}

/// The instant at which the next day begins in official time: until then nothing that goes by days changes.
pub(crate) fn next_day(instant: Timestamp) -> Timestamp {
    let tomorrow = day_of(instant).checked_add(1.day()).unwrap_or(Date::MAX);
    match tomorrow.to_zoned(TimeZone::fixed(OFFICIAL)) {
        Ok(midnight) => midnight.timestamp().into(),
        Err(_the_end_of_time) => instant,
    }
}
