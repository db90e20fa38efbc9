//! The days of a year on which offices rest though they would work, and work though they would rest.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Years of public holidays, as a pack writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The years, each once.
    #[serde(default, rename = "year")]
    pub years: Vec<Year>,
}

/// One year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Which one.
    pub year: i16,
    /// Whether the authorities have announced its days off, or they are computed from the law alone.
    pub announced: bool,
    /// Where they are from.
    pub source: String,
    /// Days off.
    #[serde(default)]
    pub off: Vec<DayOff>,
    /// Working days moved to a Saturday or Sunday.
    #[serde(default, rename = "swap")]
    pub swaps: Vec<Swap>,
}

/// A day off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// When.
    pub day: Date,
    /// What it is called.
    pub title: Named,
}

/// A day off, for which another day is worked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The working day that is off.
    pub off: Date,
    /// The Saturday or Sunday that is worked for it, in the same year or the one beside it.
    pub worked: Date,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// Why a table cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A year stands there twice.
    #[error("year: {0} stands there twice")]
    Twice(i16),
    /// A day lies in another year.
    #[error("{day}: lies outside {year}, under which it stands")]
    Elsewhere {
        /// The day.
        day: Date,
        /// The year under which it stands.
        year: i16,
    },
    /// A day that is worked by itself is worked for another.
    #[error("swap: {0} is no Saturday or Sunday, so nothing is made up for by working then")]
    NoWeekend(Date),
    /// A day that is off by itself is swapped.
    #[error("swap: {0} is a Saturday or Sunday, which is off without a swap")]
    OffAnyway(Date),
    /// A day is both off and worked.
    #[error("{0}: is off and worked at once")]
    Both(Date),
}

/// Saturday or Sunday (Decision 188/1999/QĐ-TTg: offices work five days a week).
pub(crate) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The day after.
pub(crate) fn next(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(Date::MAX)
}

impl Year {
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let days = self.off.iter().map(|off| off.day);
        let swapped = self.swaps.iter().map(|swap| swap.off);
        if let Some(day) = days.clone().chain(swapped).find(|day| day.year() != self.year) {
            return Err(Fault::Elsewhere { day, year: self.year });
        }
        // The last day of 2018 was swapped with a Saturday of January.
        let far = |swap: &&Swap| swap.off.year().abs_diff(swap.worked.year()) > 1;
        if let Some(swap) = self.swaps.iter().find(far) {
            return Err(Fault::Elsewhere { day: swap.worked, year: self.year });
        }
        for swap in &self.swaps {
            if !is_weekend(swap.worked) {
                return Err(Fault::NoWeekend(swap.worked));
            }
            if is_weekend(swap.off) {
                return Err(Fault::OffAnyway(swap.off));
            }
            if days.clone().any(|day| day == swap.worked) {
                return Err(Fault::Both(swap.worked));
            }
        }
        Ok(())
    }
}
