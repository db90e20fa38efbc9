//! What is due next, and how long it has left.

use dinh_calendar::WorkingDays;
use jiff::civil::Date;

use super::{DataRequest, State};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueStep {
    /// Telling the requester that it has arrived.
    Acknowledge,
    /// Answering.
    Answer,
}

/// What is due next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub step: DueStep,
    /// The last day on which it may be done.
    pub by: Date,
    /// Working days left until the end of that day; below zero, those gone by since.
    pub working_days: i32,
    /// True if the last day is over.
    pub overdue: bool,
}

impl DataRequest {
    /// What is due next; none if nothing is owed any more.
    pub fn due(&self, today: Date, calendar: &WorkingDays) -> Option<Due> {
        let (step, by) = match self.state {
            State::Received => (DueStep::Acknowledge, self.acknowledge_by.min(self.answer_by)),
            State::Acknowledged | State::Extended => (DueStep::Answer, self.answer_by),
            State::Done | State::Refused | State::Withdrawn => return None,
        };
        Some(Due { step, by, working_days: calendar.left(today, by), overdue: by < today })
    }
}
