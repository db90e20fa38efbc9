//! Working days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};

use crate::table::{Fault, Table, is_weekend};

/// Hours by which official time in Việt Nam is ahead of UTC, all year (decision 134/2002/QĐ-TTg).
const OFFICIAL: Offset = Offset::constant(7);
/// Most working days that are counted in one go: about four years.
const MOST: u16 = 1_000;
/// Most days that are looked at for them.
const LOOKS: u32 = 10_000;

/// The day in official time.
pub fn official_day(instant: Timestamp) -> Date {
    OFFICIAL.to_datetime(instant).date()
}

/// On which days offices work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays(BTreeMap<i16, Days>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Days {
    announced: bool,
    off: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

impl WorkingDays {
    /// Those of a table.
    ///
    /// # Errors
    /// A table that contradicts itself, with the day or year.
    pub fn new(table: &Table) -> Result<Self, Fault> {
        let mut years = BTreeMap::new();
        for year in &table.years {
            year.check()?;
            let off = year.off.iter().map(|off| off.day).chain(year.swaps.iter().map(|swap| swap.off));
            let worked = year.swaps.iter().map(|swap| swap.worked);
            let days = Days { announced: year.announced, off: off.collect(), worked: worked.collect() };
            if years.insert(year.year, days).is_some() {
                return Err(Fault::Twice(year.year));
            }
        }
        Ok(Self(years))
    }

    /// True if the days off of a year have been announced; until then they may still move.
    pub fn is_announced(&self, year: i16) -> bool {
        self.0.get(&year).is_some_and(|days| days.announced)
    }

    /// True if offices work on that day.
    pub fn works(&self, day: Date) -> bool {
        match self.0.get(&day.year()) {
            Some(days) if days.worked.contains(&day) => true,
            Some(days) if days.off.contains(&day) => false,
            _ => !is_weekend(day),
        }
    }

    /// The last day of a period of `days` working days that begins after `from`: the day on which something arrives is
    /// not counted (Civil Code 91/2015/QH13, article 147). Without any, the day itself. At most 1,000 are counted.
    #[must_use]
    pub fn after(&self, from: Date, days: u16) -> Date {
        let (mut day, mut left) = (from, days.min(MOST));
        for _ in 0..LOOKS {
            if left == 0 {
                break;
            }
            day = next(day);
            left -= u16::from(self.works(day));
        }
        day
    }

    /// How many working days are left from the end of `today` to the end of `due`; below zero, how many have gone by
    /// since it was due. Bounded by about 27 years.
    pub fn left(&self, today: Date, due: Date) -> i32 {
        let (from, to, sign) = if today <= due { (today, due, 1) } else { (due, today, -1) };
        let (mut day, mut count) = (from, 0);
        for _ in 0..LOOKS {
            if day >= to {
                break;
            }
            day = next(day);
            count += i32::from(self.works(day));
        }
        sign * count
    }

    /// That day, or the first working day after it.
    #[must_use]
    pub fn on_or_after(&self, day: Date) -> Date {
        if self.works(day) { day } else { self.after(day, 1) }
    }
}

fn next(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(Date::MAX)
}
