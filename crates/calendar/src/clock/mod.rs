//! The clock of a case or of one of its states: when it began, what it may take, when it stood still.
//!
//! **Pauses.** A pause moves the due by the time that passed in it: by working time where the period is told in working
//! days or hours, by the time of the calendar otherwise (and on to the next working moment). What was left when the
//! clock stopped is so left when it runs again. A pause that begins when the due has passed moves nothing: what is late
//! stays late.
//!
//! **Extensions** are counted from the due as it stood, not from the day on which they are given.
//!
//! **Restarts.** Where the rule is that the period begins anew once papers are complete, what was before no longer
//! counts; it stays on record.

mod act;
mod reckon;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::counting::Rules;
use crate::edition::Sound as _;
use crate::period::Period;

/// Most pauses, extensions, and restarts of one clock, each.
const MOST: usize = 100;
/// Longest reason, in characters.
const LONGEST: usize = 2_000;

/// A clock. Kept in a case as JSON; one that contradicts itself cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Clock {
    started: Timestamp,
    period: Period,
    rules: Rules,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pauses: Vec<Pause>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    restarts: Vec<Restart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    started: Timestamp,
    period: Period,
    rules: Rules,
    #[serde(default)]
    pauses: Vec<Pause>,
    #[serde(default)]
    extensions: Vec<Extension>,
    #[serde(default)]
    restarts: Vec<Restart>,
}

/// A time in which a clock stood still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Since when.
    pub from: Timestamp,
    /// Until when; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Why.
    pub reason: String,
}

/// More time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// How much, from the due as it stood.
    pub period: Period,
    /// When it was given.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// The clock began anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restart {
    /// When it had begun before.
    pub started: Timestamp,
    /// When it began anew.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What a clock does not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// It is paused when it stands still.
    #[error("pause: the clock stands still since {0}")]
    Paused(Timestamp),
    /// It is resumed while it runs.
    #[error("resume: the clock is running")]
    Running,
    /// Before it began.
    #[error("at: {at} lies before the start of the clock, {started}")]
    BeforeStart {
        /// When it would be.
        at: Timestamp,
        /// The start.
        started: Timestamp,
    },
    /// Before something else that was done.
    #[error("at: {at} lies before {last}, when the clock was last changed")]
    Backwards {
        /// When it would be.
        at: Timestamp,
        /// When it was changed.
        last: Timestamp,
    },
    /// No reason, or too long a one.
    #[error("reason: from 1 to {LONGEST} characters")]
    Reason,
    /// Done too often.
    #[error("a clock has at most {MOST} pauses, {MOST} extensions and {MOST} restarts")]
    Often,
    /// The rules contradict themselves.
    #[error("rules: {0}")]
    Rules(String),
    /// What was kept of a clock contradicts itself.
    #[error("{0}: not in order of time")]
    Order(&'static str),
}

/// A time that passed or is left, below zero if it is overdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// How long.
    pub time: SignedDuration,
    /// True if it is working time, false if it is time of the calendar.
    pub working: bool,
}

fn check_reason(reason: &str) -> Result<(), ClockFault> {
    let fits = !reason.trim().is_empty() && reason.chars().count() <= LONGEST;
    if fits { Ok(()) } else { Err(ClockFault::Reason) }
}

impl TryFrom<Written> for Clock {
    type Error = ClockFault;

    fn try_from(written: Written) -> Result<Self, ClockFault> {
        let Written { started, period, rules, pauses, extensions, restarts } = written;
        rules.check().map_err(ClockFault::Rules)?;
        if pauses.len().max(extensions.len()).max(restarts.len()) > MOST {
            return Err(ClockFault::Often);
        }
        let reasons = pauses.iter().map(|pause| &pause.reason);
        let reasons = reasons.chain(extensions.iter().map(|extension| &extension.reason));
        reasons
            .chain(restarts.iter().map(|restart| &restart.reason))
            .try_for_each(|reason| check_reason(reason))?;
        let first = restarts.first().map_or(started, |restart| restart.started);
        let ends = pauses.iter().rev().skip(1).all(|pause| pause.to.is_some());
        let times = pauses.iter().flat_map(|pause| [Some(pause.from), pause.to]).flatten();
        if !ends || !times.is_sorted() || pauses.first().is_some_and(|pause| pause.from < first) {
            return Err(ClockFault::Order("pauses"));
        }
        if pauses.last().is_some_and(|pause| pause.to.is_none() && pause.from < started) {
            return Err(ClockFault::Order("pauses"));
        }
        if !extensions.is_sorted_by_key(|extension| extension.at)
            || extensions.first().is_some_and(|extension| extension.at < first)
        {
            return Err(ClockFault::Order("extensions"));
        }
        let starts = restarts.iter().skip(1).map(|restart| restart.started).chain([started]);
        if restarts
            .iter()
            .zip(starts)
            .any(|(restart, next)| restart.at < restart.started || restart.at != next)
        {
            return Err(ClockFault::Order("restarts"));
        }
        Ok(Self { started, period, rules, pauses, extensions, restarts })
    }
}
