//! What a clock says.

use jiff::{SignedDuration, Timestamp};

use super::{Clock, Pause, Stretch};
use crate::counting::Rules;
use crate::period::Period;
use crate::schedule::{Moment, NoDue, Schedule, Worked};
use crate::working::Reading;

/// What moves a due, at a moment.
enum Event<'a> {
    Pause(&'a Pause),
    Extension(Period),
}

/// What comes of a clock by one reading.
struct Reckoned {
    due: Timestamp,
    /// The time in which it stood still, as far as that counts.
    stood: SignedDuration,
}

impl Clock {
    /// When it is due; none while it stands still.
    ///
    /// # Errors
    /// As [`Schedule::due`].
    pub fn due(&self, schedule: &Schedule) -> Result<Option<Moment>, NoDue> {
        if self.paused().is_some() {
            return Ok(None);
        }
        self.moment(schedule, Timestamp::MAX).map(Some)
    }

    /// When it would be due if it ran on now; if it runs, when it is due, by what was done until now.
    ///
    /// # Errors
    /// As [`Schedule::due`].
    pub fn provisional_due(&self, schedule: &Schedule, now: Timestamp) -> Result<Moment, NoDue> {
        self.moment(schedule, now)
    }

    /// The time left, below zero if it is late: from now to the (provisional) due.
    ///
    /// # Errors
    /// As [`Schedule::due`].
    pub fn left(&self, schedule: &Schedule, now: Timestamp) -> Result<Stretch, NoDue> {
        let due = self.reckon(schedule, now)?.due;
        Ok(self.stretch(self.between(schedule, now, due)))
    }

    /// The time used: since it began, without the pauses that moved the due.
    ///
    /// # Errors
    /// As [`Schedule::due`].
    pub fn used(&self, schedule: &Schedule, now: Timestamp) -> Result<Stretch, NoDue> {
        let stood = self.reckon(schedule, now)?.stood;
        Ok(self.stretch(self.between(schedule, self.started, now) - stood))
    }

    /// True if the due has passed.
    ///
    /// # Errors
    /// As [`Schedule::due`].
    pub fn is_late(&self, schedule: &Schedule, now: Timestamp) -> Result<bool, NoDue> {
        Ok(self.reckon(schedule, now)?.due < now)
    }

    fn stretch(&self, time: SignedDuration) -> Stretch {
        Stretch { time, working: self.period.unit.is_working() }
    }

    fn moment(&self, schedule: &Schedule, now: Timestamp) -> Result<Moment, NoDue> {
        let at = self.reckon(&schedule.read_as(Reading::Sure), now)?.due;
        let expected = self.reckon(&schedule.read_as(Reading::Expected), now)?.due;
        Ok(Moment { at, expected, settled: schedule.is_settled(self.started, at.max(expected)) })
    }

    /// Time as the period counts it.
    fn between(&self, schedule: &Schedule, from: Timestamp, to: Timestamp) -> SignedDuration {
        if self.period.unit.is_working() { schedule.worked(from, to).0 } else { to.duration_since(from) }
    }

    /// What was done since it began and until now, in order of time.
    fn events(&self, now: Timestamp) -> Vec<Event<'_>> {
        let pauses = self.pauses.iter().map(|pause| (pause.from, Event::Pause(pause)));
        let more = self.extensions.iter().map(|more| (more.at, Event::Extension(more.period)));
        let counts = |at: &Timestamp| (self.started..=now).contains(at);
        let mut events: Vec<_> = pauses.chain(more).filter(|(at, _)| counts(at)).collect();
        events.sort_by_key(|(at, _)| *at);
        events.into_iter().map(|(_, event)| event).collect()
    }

    fn reckon(&self, schedule: &Schedule, now: Timestamp) -> Result<Reckoned, NoDue> {
        let mut due = schedule.end(self.started, self.period, &self.rules)?;
        let mut stood = SignedDuration::ZERO;
        for event in self.events(now) {
            match event {
                Event::Pause(pause) if pause.from <= due => {
                    let to = pause.to.map_or(now, |to| to.min(now));
                    let time = self.between(schedule, pause.from, to);
                    stood += time;
                    due = self.shifted(schedule, due, time)?;
                }
                Event::Pause(_) => {}
                Event::Extension(period) => {
                    let rules = Rules { cut_off: None, count_first_day: false, ..self.rules };
                    due = schedule.end(due, period, &rules)?;
                }
            }
        }
        Ok(Reckoned { due, stood })
    }

    fn shifted(&self, schedule: &Schedule, due: Timestamp, time: SignedDuration) -> Result<Timestamp, NoDue> {
        let shifted = if time == SignedDuration::ZERO {
            Some(due)
        } else if self.period.unit.is_working() {
            schedule.add_worked(due, Worked(time))
        } else {
            due.checked_add(time).ok().and_then(|due| schedule.opens(due))
        };
        shifted.ok_or(NoDue::TooFar(self.period))
    }
}
