//! Working days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::law::{Law, YEARS};
use crate::table::{Fault, Table, is_weekend, next};

/// Hours by which official time in Việt Nam is ahead of UTC, all year (decision 134/2002/QĐ-TTg).
pub(crate) const OFFICIAL: Offset = Offset::constant(7);
/// Most working days that are counted in one go: about four years.
const MOST: u16 = 1_000;
/// Most days that are looked at for them.
pub(crate) const LOOKS: u32 = 10_000;

/// The day in official time.
pub fn official_day(instant: Timestamp) -> Date {
    OFFICIAL.to_datetime(instant).date()
}

/// Which days are taken to be off in a year that is not announced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Those alone that are off however the authorities choose: what may be told as a deadline.
    #[default]
    Sure,
    /// Those that are expected: what may be told as likely, beside the deadline.
    Expected,
}

/// On which days offices work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays(BTreeMap<i16, Days>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Days {
    announced: bool,
    off: BTreeSet<Date>,
    expected: BTreeSet<Date>,
    worked: BTreeMap<Date, Date>,
}

impl WorkingDays {
    /// Those of a table.
    ///
    /// # Errors
    /// A table that contradicts itself, with the day or year.
    pub fn new(table: &Table) -> Result<Self, Fault> {
        Self::with_law(table, &Law::default())
    }

    /// Those of a table, and for years from 2014 to 2100 that it does not tell, those that the law gives.
    ///
    /// # Errors
    /// A table that contradicts itself, with the day or year.
    pub fn with_law(table: &Table, law: &Law) -> Result<Self, Fault> {
        let mut years: BTreeMap<i16, Days> = YEARS.map(|year| (year, computed(law, year))).collect();
        let mut told = BTreeSet::new();
        for year in &table.years {
            year.check()?;
            let off = year.off.iter().map(|off| off.day).chain(year.swaps.iter().map(|swap| swap.off));
            let days = Days { announced: year.announced, off: off.collect(), ..Days::default() };
            if !told.insert(year.year) {
                return Err(Fault::Twice(year.year));
            }
            years.insert(year.year, days);
        }
        for swap in table.years.iter().flat_map(|year| &year.swaps) {
            let days = years.entry(swap.worked.year()).or_default();
            if days.off.contains(&swap.worked) {
                return Err(Fault::Both(swap.worked));
            }
            days.worked.insert(swap.worked, swap.off);
        }
        Ok(Self(years))
    }

    /// True if the days off of a year have been announced; until then they may still move.
    pub fn is_announced(&self, year: i16) -> bool {
        self.0.get(&year).is_some_and(|days| days.announced)
    }

    /// True if offices work on that day, unless it is surely off.
    pub fn works(&self, day: Date) -> bool {
        self.works_as(day, Reading::Sure)
    }

    /// True if offices work on that day, by a reading of years that are not announced.
    pub fn works_as(&self, day: Date, reading: Reading) -> bool {
        match self.0.get(&day.year()) {
            Some(days) if days.worked.contains_key(&day) => true,
            Some(days) if days.off.contains(&day) => false,
            Some(days) if reading == Reading::Expected && days.expected.contains(&day) => false,
            _ => !is_weekend(day),
        }
    }

    /// True if that day is off as a holiday or for a swap, be it a day of rest besides.
    pub(crate) fn is_holiday(&self, day: Date, reading: Reading) -> bool {
        self.0.get(&day.year()).is_some_and(|days| {
            days.off.contains(&day) || (reading == Reading::Expected && days.expected.contains(&day))
        })
    }

    /// The day that is off for a Saturday or Sunday that is worked.
    pub fn swapped_for(&self, day: Date) -> Option<Date> {
        self.0.get(&day.year())?.worked.get(&day).copied()
    }

    /// The last day of a period of `days` working days that begins after `from`: the day on which something arrives is
    /// not counted (Civil Code 91/2015/QH13, article 147). Without any, the day itself. At most 1,000 are counted.
    #[must_use]
    pub fn after(&self, from: Date, days: u16) -> Date {
        self.after_as(from, days, Reading::Sure)
    }

    /// See [`WorkingDays::after`], by a reading of years that are not announced.
    #[must_use]
    pub fn after_as(&self, from: Date, days: u16, reading: Reading) -> Date {
        let (mut day, mut left) = (from, days.min(MOST));
        for _ in 0..LOOKS {
            if left == 0 {
                break;
            }
            day = next(day);
            left -= u16::from(self.works_as(day, reading));
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

/// A year as the law alone gives it.
fn computed(law: &Law, year: i16) -> Days {
    let (off, expected): (Vec<_>, Vec<_>) = law.year(year).into_iter().partition(|computed| computed.sure);
    let days = |list: Vec<crate::law::Computed>| list.into_iter().map(|computed| computed.day).collect();
    Days { off: days(off), expected: days(expected), ..Days::default() }
}
