//! How long an answer may take, by edition of the law.

use dinh_calendar::WorkingDays;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::TableFault;
use crate::request::Kind;

/// The file of the pack.
const FILE: &str = "privacy/deadlines.toml";
/// Longest period that a table may give, in days: more is a slip of the pen.
const LONGEST: u16 = 366;

/// In which days a period is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Calendar days.
    Day,
    /// Days on which offices work.
    WorkingDay,
}

/// How a bound was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sure {
    /// Read in the act itself.
    Act,
    /// Read in commentaries on it.
    Commentary,
    /// Commentaries leave room; the stricter bound is taken.
    Stricter,
}

/// The deadlines that hold from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The first day.
    pub valid_from: Date,
    /// The acts.
    pub source: String,
    acknowledge: Acknowledge,
    answer: Vec<Answer>,
    extension: Extension,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledge {
    days: u16,
    unit: Unit,
    sure: Sure,
    note: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    kinds: Vec<Kind>,
    days: u16,
    days_with_others: u16,
    unit: Unit,
    sure: Sure,
    note: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extension {
    times: u16,
    days: u16,
    sure: Sure,
    note: String,
}

/// All editions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    #[serde(default, rename = "edition")]
    editions: Vec<Edition>,
}

impl Deadlines {
    /// Refuses tables that contradict themselves.
    pub(crate) fn checked(mut self) -> Result<Self, TableFault> {
        let fault = |reason: String| TableFault { file: FILE, reason };
        self.editions.sort_by_key(|edition| edition.valid_from);
        let days: Vec<Date> = self.editions.iter().map(|edition| edition.valid_from).collect();
        if days.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(fault("valid_from: two editions begin on one day".to_owned()));
        }
        for edition in &self.editions {
            edition.check().map_err(|reason| fault(format!("{}: {reason}", edition.valid_from)))?;
        }
        Ok(self)
    }

    /// The edition that holds on a day.
    pub fn on(&self, day: Date) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.valid_from <= day)
    }
}

impl Edition {
    fn check(&self) -> Result<(), String> {
        for kind in Kind::ALL {
            let count = self.answer.iter().filter(|answer| answer.kinds.contains(&kind)).count();
            if count != 1 {
                return Err(format!("answer: the kind {kind} stands in {count} rows, not in one"));
            }
        }
        if self.extension.times > 1 {
            return Err("extension.times: more than one extension is not foreseen".to_owned());
        }
        let rows = self.answer.iter().flat_map(|row| [row.days, row.days_with_others]);
        let all = rows.chain([self.acknowledge.days, self.extension.days]);
        if all.into_iter().any(|days| !(1..=LONGEST).contains(&days)) {
            return Err(format!("days: from 1 to {LONGEST}"));
        }
        if self.answer.iter().any(|row| row.days_with_others < row.days) {
            return Err("days_with_others: fewer than days".to_owned());
        }
        let notes = self.answer.iter().map(|row| &row.note);
        if notes.chain([&self.acknowledge.note, &self.extension.note]).any(|note| note.trim().is_empty()) {
            return Err("note: says how the bound is to be read".to_owned());
        }
        Ok(())
    }

    /// The last day on which a request that arrived on `received` may be acknowledged.
    pub fn acknowledge_by(&self, received: Date, calendar: &WorkingDays) -> Date {
        end(received, self.acknowledge.days, self.acknowledge.unit, calendar)
    }

    /// The last day on which it may be answered; others are processors and third parties that must act.
    pub fn answer_by(&self, kind: Kind, received: Date, others: bool, calendar: &WorkingDays) -> Date {
        let row = self.answer.iter().find(|row| row.kinds.contains(&kind));
        row.map_or(received, |row| {
            end(received, if others { row.days_with_others } else { row.days }, row.unit, calendar)
        })
    }

    /// Most days by which an answer may be put off; none if it may not be.
    pub fn extension_days(&self) -> Option<u16> {
        (self.extension.times == 1).then_some(self.extension.days)
    }

    /// True if every bound was read in the act itself.
    pub fn is_sure(&self) -> bool {
        let rows = self.answer.iter().map(|row| row.sure);
        rows.chain([self.acknowledge.sure, self.extension.sure]).all(|sure| sure == Sure::Act)
    }
}

/// The last day of a period that begins after `from`.
fn end(from: Date, days: u16, unit: Unit, calendar: &WorkingDays) -> Date {
    match unit {
        Unit::WorkingDay => calendar.after(from, days),
        Unit::Day => later(from, days),
    }
}

/// So many calendar days later.
pub(crate) fn later(from: Date, days: u16) -> Date {
    from.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
}
