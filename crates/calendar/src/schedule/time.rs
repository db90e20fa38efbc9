//! Working time between moments, and moments after so much of it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::Schedule;
use crate::table::next;
use crate::working::{LOOKS, official_day};

/// Time in which offices work. Exact; told in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worked(pub SignedDuration);

impl Worked {
    /// So many minutes.
    pub fn of_minutes(minutes: u32) -> Self {
        Self(SignedDuration::from_mins(i64::from(minutes)))
    }

    /// Whole minutes; below zero if the later moment was given first.
    pub fn minutes(self) -> i64 {
        self.0.as_mins()
    }
}

impl Schedule {
    /// True in working hours, the moments of opening and of closing among them.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.stretches(official_day(at)).any(|(from, to)| from <= at && at <= to)
    }

    /// The first working moment at or after one, the moment of closing being one; none within about 27 years.
    pub fn opens(&self, at: Timestamp) -> Option<Timestamp> {
        let mut day = official_day(at);
        for _ in 0..LOOKS {
            if let Some((from, _)) = self.stretches(day).find(|(_, to)| at <= *to) {
                return Some(from.max(at));
            }
            day = next(day);
        }
        None
    }

    /// The last working moment at or before one; none within about 27 years.
    pub(super) fn last_open(&self, at: Timestamp) -> Option<Timestamp> {
        let mut day = official_day(at);
        for _ in 0..LOOKS {
            if let Some((_, to)) = self.stretches(day).rev().find(|(from, _)| *from <= at) {
                return Some(to.min(at));
            }
            day = day.checked_sub(1.day()).ok()?;
        }
        None
    }

    /// The last working moment of a day that is not after one; its opening if there is none.
    pub(super) fn within(&self, day: Date, at: Timestamp) -> Option<Timestamp> {
        let last = self.stretches(day).rev().find(|(from, _)| *from <= at).map(|(_, to)| to.min(at));
        last.or_else(|| self.opening(day))
    }

    /// Working time from one moment to another; below zero if the later is given first. Looks at about 27 years.
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> Worked {
        if to < from {
            return Worked(-self.worked(to, from).0);
        }
        let (mut day, last) = (official_day(from), official_day(to));
        let mut sum = SignedDuration::ZERO;
        for _ in 0..LOOKS {
            for (opens, closes) in self.stretches(day) {
                sum += closes.min(to).duration_since(opens.max(from)).max(SignedDuration::ZERO);
            }
            if day >= last {
                break;
            }
            day = next(day);
        }
        Worked(sum)
    }

    /// The first moment by which so much has been worked since one; for nothing, the first working moment. None within
    /// about 27 years.
    pub fn add_worked(&self, from: Timestamp, time: Worked) -> Option<Timestamp> {
        let mut left = time.0;
        if left <= SignedDuration::ZERO {
            return self.opens(from);
        }
        let mut day = official_day(from);
        for _ in 0..LOOKS {
            for (opens, closes) in self.stretches(day) {
                let begins = opens.max(from);
                let length = closes.duration_since(begins);
                if left <= length {
                    return begins.checked_add(left).ok();
                }
                left -= length.max(SignedDuration::ZERO);
            }
            day = next(day);
        }
        None
    }

    /// The working time of a whole day.
    pub(super) fn length(&self, day: Date) -> SignedDuration {
        self.stretches(day).map(|(from, to)| to.duration_since(from)).sum()
    }
}
