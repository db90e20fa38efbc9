//! What the clocks of a case do when it goes from one state to the next.

use dinh_calendar::{Clock, DueAt, Period, Rules, Schedule, Worked};
use jiff::Timestamp;

use super::Refused;
use crate::{Case, Clocking, Kind, Start, State};

/// Working time, and the present moment in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time<'a> {
    pub(super) at: Timestamp,
    pub(super) schedule: &'a Schedule,
    pub(super) rules: &'a Rules,
}

/// How the Civil Code counts.
static LAW: Rules =
    Rules { cut_off: None, count_first_day: false, due_at: DueAt::Closing, day_off_moves: true };

impl<'a> Time<'a> {
    /// From a moment on, counted as the Civil Code does.
    pub(super) fn by_law(at: Timestamp, schedule: &'a Schedule) -> Self {
        Self { at, schedule, rules: &LAW }
    }

    pub(super) fn due(&self, period: Period) -> Result<Timestamp, Refused> {
        let due = self.schedule.due(self.at, &period, self.rules);
        due.map(|due| due.at).map_err(|fault| Refused::Clock(fault.to_string()))
    }

    /// The same, seen from another moment.
    fn from(&self, at: Timestamp) -> Self {
        Self { at, ..*self }
    }

    fn clock(&self, period: Period) -> Result<Clock, Refused> {
        Clock::start(self.at, period, *self.rules).map_err(|fault| Refused::Clock(fault.to_string()))
    }
}

/// Time does not go backwards in a case: nobody acts before what has happened already.
pub(super) fn in_order(case: &Case, at: Timestamp) -> Result<(), Refused> {
    match case.steps.last() {
        Some(last) if at < last.at => Err(Refused::Backwards),
        _ => Ok(()),
    }
}

/// Brings a case into a state, clocks included. `start` says how a clock goes on that stood still.
pub(super) fn enter(
    kind: &Kind,
    case: &mut Case,
    state: &State,
    start: Option<Start>,
    time: &Time<'_>,
) -> Result<(), Refused> {
    let fault = |fault: dinh_calendar::ClockFault| Refused::Clock(fault.to_string());
    match (&mut case.clock, state.clock) {
        (None, Clocking::Runs) => {
            let period = *kind.timing_of(case.variant.as_deref()).runs_for();
            case.clock = Some(time.from(case.counts_from(time.at)).clock(period)?);
        }
        (Some(clock), Clocking::Runs) if clock.paused().is_some() => match start.unwrap_or_default() {
            Start::Resume => clock.resume(time.at).map_err(fault)?,
            Start::Anew => clock.restart(time.at, &state.code).map_err(fault)?,
        },
        (Some(clock), Clocking::Pauses) if clock.paused().is_none() => {
            clock.pause(time.at, &state.code).map_err(fault)?;
        }
        (Some(clock), Clocking::Over) if clock.paused().is_some() => clock.resume(time.at).map_err(fault)?,
        _ => {}
    }
    if case.state != state.code || case.state_clock.is_none() {
        case.state_clock = state.limit.map(|limit| time.clock(limit)).transpose()?;
    }
    case.state.clone_from(&state.code);
    case.since = time.at;
    if let Some(outcome) = state.ends {
        // How a case ended is said by the first end that it reaches; handing over a result changes nothing of it.
        case.ended.get_or_insert((time.at, outcome));
    }
    Ok(())
}

/// When a clock is due, as it may be told; none while it stands still.
fn due(clock: &Clock, schedule: &Schedule) -> Option<Timestamp> {
    Some(clock.due(schedule).ok()??.at)
}

/// When a share of the time of a clock is used up, if nothing is done until then; none while it stands still.
pub(super) fn used_up(
    clock: &Clock,
    hundredths: u8,
    schedule: &Schedule,
    now: Timestamp,
) -> Option<Timestamp> {
    if clock.paused().is_some() {
        return None;
    }
    let (used, left) = (clock.used(schedule, now).ok()?, clock.left(schedule, now).ok()?);
    let wait = (used.time + left.time) * i32::from(hundredths) / 100 - used.time;
    if !wait.is_positive() {
        return Some(now);
    }
    if used.working { schedule.add_worked(now, Worked(wait)) } else { now.checked_add(wait).ok() }
}

impl Case {
    /// When it is due; none before its clock has begun and while it stands still.
    pub fn due(&self, schedule: &Schedule) -> Option<Timestamp> {
        due(self.clock.as_ref()?, schedule)
    }

    /// When it was due as it was first promised, with its receipt.
    pub fn promised(&self, schedule: &Schedule) -> Option<Timestamp> {
        due(&self.clock.as_ref()?.as_begun(), schedule)
    }

    /// When it was due before it was put off the last time.
    pub fn due_before(&self, schedule: &Schedule) -> Option<Timestamp> {
        due(&self.clock.as_ref()?.before_extension(), schedule)
    }

    /// When the state in which it stands should be over.
    pub fn state_due(&self, schedule: &Schedule) -> Option<Timestamp> {
        due(self.state_clock.as_ref()?, schedule)
    }

    /// True if it ended after it was due, or is due and has not ended.
    pub fn is_late(&self, schedule: &Schedule, now: Timestamp) -> bool {
        let until = self.ended.map_or(now, |(at, _)| at);
        self.due(schedule).is_some_and(|due| until > due)
    }
}
