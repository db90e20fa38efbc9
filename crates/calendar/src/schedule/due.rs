//! When something is due.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::moment::Moment;
use super::{Schedule, Worked, instant};
use crate::counting::{DueAt, Rules};
use crate::edition::Sound as _;
use crate::period::{Amount, Period, Unit};
use crate::working::{OFFICIAL, Reading, official_day};

/// Half an hour, of which hours are counted.
const HALF_HOUR: SignedDuration = SignedDuration::from_mins(30);

/// Why nothing can be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDue {
    /// No edition of the office hours holds on a day.
    #[error("hours: no edition holds on {0}, or it has no hours then")]
    NoHours(Date),
    /// Beyond what is looked at.
    #[error("the period {0} ends beyond the calendar")]
    TooFar(Period),
    /// Rules that contradict themselves.
    #[error("rules: {0}")]
    Rules(String),
}

impl Schedule {
    /// When something is due that is received at a moment. The later it is received and the longer the period, the later
    /// it is due, or at the same moment.
    ///
    /// Half a day is half of the working hours of the day after the whole ones, or of the next working day where that is
    /// off; half a month is fifteen days (Civil Code 91/2015/QH13, article 146). Hours of the calendar run through nights
    /// and days off, and what ends in them is told for the last working moment before, or the first if none lies between.
    ///
    /// # Errors
    /// Days without office hours, ends beyond the calendar, and rules that contradict themselves.
    pub fn due(&self, received: Timestamp, period: &Period, rules: &Rules) -> Result<Moment, NoDue> {
        rules.check().map_err(NoDue::Rules)?;
        let end = |reading| self.read_as(reading).end(received, *period, rules);
        let (at, expected) = (end(Reading::Sure)?, end(Reading::Expected)?);
        Ok(Moment { at, expected, settled: self.is_settled(received, at.max(expected)) })
    }

    /// True if the days off of all years between two moments are announced.
    pub(crate) fn is_settled(&self, from: Timestamp, to: Timestamp) -> bool {
        (official_day(from).year()..=official_day(to).year()).all(|year| self.days.is_announced(year))
    }

    /// The end of a period by this reading.
    pub(crate) fn end(&self, received: Timestamp, period: Period, rules: &Rules) -> Result<Timestamp, NoDue> {
        let Period { amount, unit } = period;
        let far = || NoDue::TooFar(period);
        let halves = i32::from(amount.wholes()) * 2 + i32::from(amount.has_half());
        let end = match (unit, rules.due_at) {
            (Unit::WorkingHour, _) => {
                self.add_worked(received, Worked(HALF_HOUR * halves)).ok_or_else(far)?
            }
            (Unit::Hour, _) => {
                let end = received.checked_add(HALF_HOUR * halves).map_err(|_error| far())?;
                self.last_open(end).ok_or_else(far)?
            }
            (Unit::WorkingDay, DueAt::Closing) => self.working_days(received, amount, rules)?,
            (Unit::WorkingDay, DueAt::SameMinute) => self.worked_days(received, amount).ok_or_else(far)?,
            (Unit::Day | Unit::Month, DueAt::Closing) => self.days_to_closing(received, period, rules)?,
            (Unit::Day | Unit::Month, DueAt::SameMinute) => {
                self.days_to_minute(received, period, rules).ok_or_else(far)?
            }
        };
        Ok(end.max(self.opens(received).ok_or_else(far)?))
    }

    fn close(&self, day: Date) -> Result<Timestamp, NoDue> {
        self.closes(day).ok_or(NoDue::NoHours(day))
    }

    /// The middle of the working hours of a day.
    fn midday(&self, day: Date) -> Result<Timestamp, NoDue> {
        let opening = self.opening(day).ok_or(NoDue::NoHours(day))?;
        self.add_worked(opening, Worked(self.length(day) / 2)).ok_or(NoDue::NoHours(day))
    }

    /// True if the day on which something is received is the first of the period.
    fn counts_first(&self, received: Timestamp, rules: &Rules) -> bool {
        let local = OFFICIAL.to_datetime(received);
        rules.count_first_day
            && self.counts(local.date())
            && self.closes(local.date()).is_some_and(|closes| received <= closes)
            && rules.cut_off.is_none_or(|cut_off| local.time() <= cut_off)
    }

    /// Half a working day on the day of receipt itself, which ends with that day.
    fn half_today(&self, received: Timestamp, day: Date) -> Result<Timestamp, NoDue> {
        let closes = self.close(day)?;
        let half = self.add_worked(received, Worked(self.length(day) / 2));
        Ok(half.map_or(closes, |half| half.min(closes)))
    }

    fn working_days(&self, received: Timestamp, amount: Amount, rules: &Rules) -> Result<Timestamp, NoDue> {
        let (day, first) = (official_day(received), self.counts_first(received, rules));
        let nth = |n: u16| self.after(day, n - u16::from(first && n > 0));
        match (amount.wholes(), amount.has_half()) {
            (0, true) if first => self.half_today(received, day),
            (wholes, true) => self.midday(nth(wholes + 1)),
            (wholes, false) => self.close(nth(wholes)),
        }
    }

    /// A working day being a day's working hours: from the first moment of one to the same time of another.
    fn worked_days(&self, received: Timestamp, amount: Amount) -> Option<Timestamp> {
        let day = official_day(received);
        let in_time = self.counts(day) && self.closes(day).is_some_and(|closes| received <= closes);
        let begins = if in_time { self.opens(received) } else { self.opening(self.after(day, 1)) }?;
        let from = OFFICIAL.to_datetime(begins);
        let nth = |n: u16| {
            let day = self.after(from.date(), n);
            self.within(day, instant(day, from.time())?)
        };
        let whole = nth(amount.wholes())?;
        if !amount.has_half() {
            return Some(whole);
        }
        let half = self.length(self.after(from.date(), amount.wholes() + 1)) / 2;
        Some(self.add_worked(whole, Worked(half))?.min(nth(amount.wholes() + 1)?))
    }

    fn days_to_closing(
        &self,
        received: Timestamp,
        period: Period,
        rules: &Rules,
    ) -> Result<Timestamp, NoDue> {
        let (day, first) = (official_day(received), self.counts_first(received, rules));
        let wholes = period.amount.wholes();
        let last = |wholes: u16, more: i64| {
            let from = day.to_datetime(jiff::civil::Time::midnight());
            let end = later(from, period.unit, wholes)?.checked_add(more.days()).ok()?;
            // What begins with a day that counts ends just before the same day; at the end of a shorter month, there.
            Some(if first { end.checked_sub(1.nanosecond()).ok()? } else { end }.date())
        };
        let far = || NoDue::TooFar(period);
        let half_day = period.amount.has_half() && period.unit == Unit::Day;
        if half_day && wholes == 0 && first {
            return self.half_today(received, day);
        }
        let half_month = if period.amount.has_half() && period.unit == Unit::Month { 15 } else { 0 };
        let whole = last(wholes, half_month).ok_or_else(far)?;
        if !half_day {
            return self.moved(whole, rules);
        }
        let next = last(wholes + 1, 0).ok_or_else(far)?;
        let half = match (self.counts(next), rules.day_off_moves) {
            (true, _) => self.midday(next)?,
            (false, true) => self.midday(self.after(next, 1))?,
            (false, false) => self.moved(next, rules)?,
        };
        Ok(if wholes == 0 { half } else { half.max(self.moved(whole, rules)?) })
    }

    /// The end of a last day, or what comes of it if that is a day off.
    fn moved(&self, last: Date, rules: &Rules) -> Result<Timestamp, NoDue> {
        if self.counts(last) {
            return self.close(last);
        }
        if rules.day_off_moves {
            return self.close(self.after(last, 1));
        }
        let end = instant(last, jiff::civil::Time::MAX).and_then(|end| self.last_open(end));
        end.ok_or(NoDue::NoHours(last))
    }

    /// A day being 24 hours: to the same time of the last day.
    fn days_to_minute(&self, received: Timestamp, period: Period, rules: &Rules) -> Option<Timestamp> {
        let whole = later(OFFICIAL.to_datetime(received), period.unit, period.amount.wholes())?;
        let half = match (period.amount.has_half(), period.unit) {
            (false, _) => whole,
            (true, Unit::Month) => whole.checked_add(15.days()).ok()?,
            (true, _) => whole.checked_add(12.hours()).ok()?,
        };
        let end = OFFICIAL.to_timestamp(half).ok()?;
        if self.counts(half.date()) {
            return self.within(half.date(), end);
        }
        if rules.day_off_moves { self.opening(self.after(half.date(), 1)) } else { self.last_open(end) }
    }
}

/// So many days or months later; where a month has no such day, the end of its last (article 148, clauses 3 and 6), lest
/// what was received earlier, on a day that it has, were due later.
fn later(from: DateTime, unit: Unit, wholes: u16) -> Option<DateTime> {
    let wholes = i64::from(wholes);
    if unit != Unit::Month {
        return from.checked_add(wholes.days()).ok();
    }
    let to = from.checked_add(wholes.months()).ok()?;
    Some(if to.day() == from.day() { to } else { to.date().to_datetime(jiff::civil::Time::MAX) })
}
