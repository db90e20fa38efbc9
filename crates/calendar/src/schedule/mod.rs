//! Working time: the days on which an office works and the hours in which it is open.

mod due;
mod moment;
mod time;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

pub use self::due::NoDue;
pub use self::moment::{Moment, Moved};
pub use self::time::Worked;
use crate::edition::Editions;
use crate::hours::{Hours, Week};
use crate::law::holds;
use crate::working::{OFFICIAL, Reading, WorkingDays};

/// When an office works. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Schedule {
    days: Arc<WorkingDays>,
    weeks: Arc<[Dated]>,
    reading: Reading,
}

#[derive(Debug)]
struct Dated {
    from: Date,
    to: Option<Date>,
    week: Week,
}

/// There are no office hours of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("hours: no edition is named {0}")]
pub struct NoSuchHours(pub String);

impl Schedule {
    /// That of the offices that keep to the hours of a name.
    ///
    /// # Errors
    /// A name that no edition has.
    pub fn new(days: Arc<WorkingDays>, hours: &Editions<Week>, name: &str) -> Result<Self, NoSuchHours> {
        let dated = hours.named(name).map(|edition| Dated {
            from: edition.valid_from,
            to: edition.valid_to,
            week: edition.holds.clone(),
        });
        let weeks: Arc<[Dated]> = dated.collect();
        if weeks.is_empty() {
            return Err(NoSuchHours(name.to_owned()));
        }
        Ok(Self { days, weeks, reading: Reading::Sure })
    }

    /// The same by another reading of the years that are not announced.
    #[must_use]
    pub fn read_as(&self, reading: Reading) -> Self {
        Self { reading, ..self.clone() }
    }

    /// The days on which offices work.
    pub fn days(&self) -> &WorkingDays {
        &self.days
    }

    /// The hours of a day, in order: none on holidays; on a Saturday that is worked for another day, that day's; on
    /// another Saturday or Sunday what the week says of it.
    pub fn hours(&self, day: Date) -> &[Hours] {
        let Some(dated) = self.weeks.iter().find(|dated| holds(day, dated.from, dated.to)) else {
            return &[];
        };
        if let Some(off) = self.days.swapped_for(day) {
            return dated.week.on(off.weekday());
        }
        if self.days.is_holiday(day, self.reading) { &[] } else { dated.week.on(day.weekday()) }
    }

    /// True if that day counts in periods told in working days: a Saturday on which a counter happens to be open does not.
    pub fn counts(&self, day: Date) -> bool {
        self.days.works_as(day, self.reading) && !self.hours(day).is_empty()
    }

    /// The last working day of a period that begins after `from`.
    fn after(&self, from: Date, days: u16) -> Date {
        self.days.after_as(from, days, self.reading)
    }

    /// The stretches of a day as instants.
    fn stretches(&self, day: Date) -> impl DoubleEndedIterator<Item = (Timestamp, Timestamp)> {
        let hours = self.hours(day).iter();
        hours.filter_map(move |hours| Some((instant(day, hours.from)?, instant(day, hours.to)?)))
    }

    /// When the office opens on a day; none if it does not.
    pub fn opening(&self, day: Date) -> Option<Timestamp> {
        self.stretches(day).next().map(|(from, _)| from)
    }

    /// When the office closes on a day; none if it does not open.
    pub fn closes(&self, day: Date) -> Option<Timestamp> {
        self.stretches(day).next_back().map(|(_, to)| to)
    }
}

/// A time of a day in official time.
fn instant(day: Date, time: Time) -> Option<Timestamp> {
    OFFICIAL.to_timestamp(day.to_datetime(time)).ok()
}
