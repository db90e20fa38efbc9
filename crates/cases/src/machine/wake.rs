//! What happens to a case by itself, and when.

use dinh_calendar::Schedule;
use jiff::Timestamp;

use super::clocks::{self, Time};
use crate::{Case, Kind, When};

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The program takes an action.
    Act(String),
    /// A role is told, by a message.
    Tell {
        /// Which escalation of the kind.
        escalation: String,
        /// Which role.
        role: String,
        /// Name of the message.
        message: String,
    },
}

/// When something happens by itself next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Woken {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Wake,
}

impl Kind {
    /// What happens to a case next if nobody does anything: the earliest of its timers and escalations. An escalation of
    /// which somebody was told does not come again. Timers count by the Civil Code, whatever the promise of the kind is
    /// counted by: what somebody is given is not cut short.
    pub fn next_wake(&self, case: &Case, now: Timestamp, schedule: &Schedule) -> Option<Woken> {
        let time = Time::by_law(case.since, schedule);
        let timers = self.timers.iter().filter(|timer| timer.state == case.state).filter_map(|timer| {
            let at = time.due(timer.after).ok()?;
            Some(Woken { at, what: Wake::Act(timer.action.clone()) })
        });
        let running = case.ended.is_none();
        let open = self.escalations.iter().filter(|one| running && !case.told.contains(&one.code));
        let escalations = open.filter_map(|one| {
            let clock = case.clock.as_ref();
            let at = match one.when {
                When::Used(hundredths) => clocks::used_up(clock?, hundredths, schedule, now)?,
                When::Late => case.due(schedule)?,
                When::StateLate => case.state_due(schedule)?,
            };
            let (escalation, role) = (one.code.clone(), one.role.clone());
            Some(Woken { at, what: Wake::Tell { escalation, role, message: one.message.clone() } })
        });
        timers.chain(escalations).min_by_key(|woken| woken.at)
    }

    /// True for an escalation about the time of a state.
    pub(super) fn is_told_by_state(&self, code: &str) -> bool {
        self.escalations.iter().any(|one| one.code == code && one.when == When::StateLate)
    }
}
