//! What the law says of days off, so that years can be computed before they are announced.

mod lay;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::lunar::LunarDay;
use crate::table::Named;

/// The years that are computed; the oldest rules that a pack may bring are those of the Labour Code of 2012.
pub(crate) const YEARS: RangeInclusive<i16> = 2014..=2100;
/// Most days off that one rule gives.
const LONGEST: u8 = 10;
/// Most rules.
const MOST: usize = 100;
/// Most ways in which the days off of one year may be laid.
const WAYS: usize = 64;

/// Which days are off, as dated rules. Rules that contradict themselves are refused when they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Law {
    rules: Vec<Rule>,
    made_up: Vec<MadeUp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
    #[serde(default, rename = "made_up")]
    made_up: Vec<MadeUp>,
}

/// A holiday.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called.
    pub title: Named,
    /// The day that gives it its name.
    pub on: Anchor,
    /// How many days are off.
    #[serde(default = "one")]
    pub days: u8,
    /// How many of them may lie before that day: more than one where the authorities choose.
    #[serde(default = "none")]
    pub before: Vec<u8>,
    /// How many of them they are expected to choose, by the weekday of that day from Monday on. The first of `before` if
    /// nothing is said.
    pub usual: Option<[u8; 7]>,
    /// First and last day on which the rule holds.
    pub valid_from: Date,
    /// See `valid_from`; open if none.
    pub valid_to: Option<Date>,
    /// The act.
    pub source: String,
}

/// Since when a day of rest that falls on a holiday is made up for on the next working day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeUp {
    /// First day of the rule.
    pub valid_from: Date,
    /// Last one; open if none.
    pub valid_to: Option<Date>,
    /// The act.
    pub source: String,
}

/// A day that comes each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Anchor {
    /// Of the common calendar.
    Solar {
        /// From 1 to 12.
        month: i8,
        /// From 1 on.
        day: i8,
    },
    /// Of the lunar one; never in a month that repeats another.
    Lunar {
        /// From 1 to 12.
        month: i8,
        /// From 1 on.
        day: i8,
    },
}

/// Why rules cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LawFault {
    /// Too many rules.
    #[error("rule: at most {MOST}")]
    Many,
    /// A number of days out of bounds.
    #[error("{0}: days: from 1 to {LONGEST}")]
    Days(String),
    /// More days before than there are.
    #[error("{0}: before: at least one number, each once and below days")]
    Before(String),
    /// What is expected is not allowed.
    #[error("{0}: usual: seven numbers, Monday first, each one of before")]
    Usual(String),
    /// No such day.
    #[error("{0}: on: there is no such day in every year")]
    NoDay(String),
    /// Ends before it begins.
    #[error("{0}: valid_to lies before valid_from")]
    Backwards(String),
    /// Nothing is said of where it is from.
    #[error("{0}: source: names the act")]
    Source(String),
    /// More ways to lay the days of a year than are tried.
    #[error("before: at most {WAYS} ways to lay the days off of one year")]
    Ways,
}

/// A day off that was computed from the law, and is not announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// When.
    pub day: Date,
    /// The holiday.
    pub title: Named,
    /// True if it makes up for a holiday on a day of rest.
    pub made_up: bool,
    /// True if it is off however the authorities choose; else it is only expected to be.
    pub sure: bool,
}

fn one() -> u8 {
    1
}

fn none() -> Vec<u8> {
    vec![0]
}

/// True if a day lies between two, or after the first if there is no second.
pub(crate) fn holds(day: Date, from: Date, to: Option<Date>) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}

impl TryFrom<Written> for Law {
    type Error = LawFault;

    fn try_from(written: Written) -> Result<Self, LawFault> {
        if written.rules.len().max(written.made_up.len()) > MOST {
            return Err(LawFault::Many);
        }
        for rule in &written.rules {
            rule.check()?;
        }
        for rule in &written.made_up {
            dated("made_up", rule.valid_from, rule.valid_to, &rule.source)?;
        }
        let law = Self { rules: written.rules, made_up: written.made_up };
        if YEARS.clone().any(|year| law.ways(year).is_none()) { Err(LawFault::Ways) } else { Ok(law) }
    }
}

fn dated(name: &str, from: Date, to: Option<Date>, source: &str) -> Result<(), LawFault> {
    if to.is_some_and(|to| to < from) {
        return Err(LawFault::Backwards(name.to_owned()));
    }
    if source.trim().is_empty() { Err(LawFault::Source(name.to_owned())) } else { Ok(()) }
}

impl Rule {
    fn check(&self) -> Result<(), LawFault> {
        let name = || self.title.vi.clone();
        if !(1..=LONGEST).contains(&self.days) {
            return Err(LawFault::Days(name()));
        }
        let numbers: BTreeSet<u8> = self.before.iter().copied().collect();
        if self.before.is_empty()
            || numbers.len() < self.before.len()
            || numbers.iter().any(|n| *n >= self.days)
        {
            return Err(LawFault::Before(name()));
        }
        if self.usual.is_some_and(|usual| usual.iter().any(|n| !numbers.contains(n))) {
            return Err(LawFault::Usual(name()));
        }
        if YEARS.clone().any(|year| self.on.in_year(year).is_none()) {
            return Err(LawFault::NoDay(name()));
        }
        dated(&name(), self.valid_from, self.valid_to, &self.source)
    }

    /// How many days before are expected.
    fn expected(&self, day: Date) -> u8 {
        let usual = self.usual.and_then(|usual| usual.get(weekday_number(day.weekday())).copied());
        usual.or_else(|| self.before.first().copied()).unwrap_or(0)
    }
}

impl Anchor {
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Solar { month, day } => Date::new(year, month, day).ok(),
            Self::Lunar { month, day } => LunarDay { year, month, leap: false, day }.date(),
        }
    }
}

/// The number of a weekday in tables, Monday first.
pub(crate) fn weekday_number(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}
