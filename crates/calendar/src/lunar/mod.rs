//! The lunar calendar of Việt Nam.
//!
//! A month begins on the day of the new moon in official time (UTC+7, decision 121/CP of 8 August 1967, from 1968 on);
//! the winter solstice lies in month 11; where thirteen months lie between two of them, the first in which the sun enters
//! no new twelfth of its way is counted twice. China does the same at UTC+8, and so has other days in some years:
//! never take a Chinese calendar for a deadline. Rules and algorithm: Hồ Ngọc Đức, see `sky`.

mod sky;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use self::sky::{month_number, new_moon_day, sun_twelfth};

/// Hours by which the days of the calendar begin before those of UTC.
const OFFICIAL: i32 = 7;
/// The day from which jiff counts, and its Julian day number.
const EPOCH: (Date, i32) = (date(1970, 1, 1), 2_440_588);
/// First and last lunar year told. Before, Việt Nam had other rules; after, the formulas were not compared with others.
const YEARS: (i16, i16) = (1968, 2199);

/// A day of the lunar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LunarDay {
    /// The year, named after the year in which it begins: its first day is Tết of that year.
    pub year: i16,
    /// From 1 to 12.
    pub month: i8,
    /// True in the month that repeats the one before it.
    pub leap: bool,
    /// From 1 to 29 or 30.
    pub day: i8,
}

impl LunarDay {
    /// That of a day in official time; none outside the lunar years 1968 to 2199.
    pub fn of(day: Date) -> Option<Self> {
        at(OFFICIAL, day)
    }

    /// Its date; none if the year has no such month or the month no such day.
    pub fn date(self) -> Option<Date> {
        let first = first_of(OFFICIAL, self)?;
        let last = i8::try_from(month_length(first)).ok()?;
        (1..=last).contains(&self.day).then(|| to_date(first + i32::from(self.day) - 1))?
    }

    /// How many days its month has: 29 or 30.
    pub fn month_days(self) -> Option<i32> {
        first_of(OFFICIAL, self).map(month_length)
    }
}

/// The first day of a lunar year, from 1968 to 2199.
pub fn tet(year: i16) -> Option<Date> {
    LunarDay { year, month: 1, leap: false, day: 1 }.date()
}

/// The months from one month 11 to before the next.
struct Round {
    /// The number of the new moon of the first month 11.
    first: i32,
    /// How many months after it the repeated one is.
    leap: Option<i32>,
}

impl Round {
    /// That which begins at the end of a year.
    fn of(hours: i32, year: i16) -> Option<Self> {
        let (this, next) = (solstice(hours, year)?, solstice(hours, year.checked_add(1)?)?);
        let twelfth = |month: i32| sun_twelfth(new_moon_day(this + month, hours), hours);
        let leap = (next - this > 12)
            .then(|| (1..=12).find(|month| twelfth(*month) == twelfth(month + 1)))
            .flatten();
        Some(Self { first: this, leap })
    }

    /// Month, whether it is the repeated one, and whether it belongs to the year that follows.
    fn month(&self, after: i32) -> (i32, bool, bool) {
        let passed = after - i32::from(self.leap.is_some_and(|leap| after >= leap));
        ((passed + 10) % 12 + 1, self.leap == Some(after), passed >= 2)
    }

    /// How many months after the first a month of it is.
    fn after(&self, month: i8, leap: bool) -> Option<i32> {
        (0..=12).find(|after| {
            let (found, repeated, _) = self.month(*after);
            found == i32::from(month) && repeated == leap && (*after < 12 || self.leap.is_some())
        })
    }
}

/// The number of the new moon that begins month 11 of a year: the last on or before the winter solstice.
fn solstice(hours: i32, year: i16) -> Option<i32> {
    let last = number(Date::new(year, 12, 31).ok()?);
    let about = month_number(last) + 1;
    let fits = |moon: &i32| {
        let day = new_moon_day(*moon, hours);
        day <= last && sun_twelfth(day, hours) < 9
    };
    (about - 3..=about).rev().find(fits)
}

fn at(hours: i32, day: Date) -> Option<LunarDay> {
    let wanted = number(day);
    let about = month_number(wanted) + 1;
    let moon = (about - 3..=about).rev().find(|moon| new_moon_day(*moon, hours) <= wanted)?;
    let begins = if solstice(hours, day.year())? <= moon { day.year() } else { day.year().checked_sub(1)? };
    let round = Round::of(hours, begins)?;
    let (month, leap, next) = round.month(moon - round.first);
    let year = if next { begins.checked_add(1)? } else { begins };
    let day = i8::try_from(wanted - new_moon_day(moon, hours) + 1).ok()?;
    (YEARS.0..=YEARS.1).contains(&year).then_some(LunarDay {
        year,
        month: i8::try_from(month).ok()?,
        leap,
        day,
    })
}

/// The Julian day number of the first day of a month.
fn first_of(hours: i32, wanted: LunarDay) -> Option<i32> {
    if !(YEARS.0..=YEARS.1).contains(&wanted.year) {
        return None;
    }
    let begins = if wanted.month >= 11 { wanted.year } else { wanted.year - 1 };
    let round = Round::of(hours, begins)?;
    Some(new_moon_day(round.first + round.after(wanted.month, wanted.leap)?, hours))
}

/// Days from a new moon to the next.
fn month_length(first: i32) -> i32 {
    let about = month_number(first) + 1;
    (about - 2..=about + 2)
        .map(|moon| new_moon_day(moon, OFFICIAL))
        .find(|day| *day > first)
        .map_or(0, |day| day - first)
}

fn number(day: Date) -> i32 {
    EPOCH.1 + (day - EPOCH.0).get_days()
}

fn to_date(number: i32) -> Option<Date> {
    EPOCH.0.checked_add((number - EPOCH.1).days()).ok()
}

#[cfg(test)]
mod tests;
