//! What is done to a clock.

use jiff::Timestamp;

use super::{Clock, ClockFault, Extension, MOST, Pause, Restart, check_reason};
use crate::counting::Rules;
use crate::edition::Sound as _;
use crate::period::Period;

impl Clock {
    /// A clock that runs from a moment on.
    ///
    /// # Errors
    /// Rules that contradict themselves.
    pub fn start(started: Timestamp, period: Period, rules: Rules) -> Result<Self, ClockFault> {
        rules.check().map_err(ClockFault::Rules)?;
        Ok(Self { started, period, rules, pauses: vec![], extensions: vec![], restarts: vec![] })
    }

    /// When it began, or last began anew.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// What it runs on.
    pub fn period(&self) -> Period {
        self.period
    }

    /// How it is counted.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// When it stood still, in order; those before a restart among them.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// What it was given besides, in order.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// When it began anew, in order.
    pub fn restarts(&self) -> &[Restart] {
        &self.restarts
    }

    /// The clock as it first began: what was promised then.
    #[must_use]
    pub fn as_begun(&self) -> Self {
        let started = self.restarts.first().map_or(self.started, |first| first.started);
        Self { started, pauses: vec![], extensions: vec![], restarts: vec![], ..self.clone() }
    }

    /// The clock without the last time that was given to it, as it was promised before.
    #[must_use]
    pub fn before_extension(&self) -> Self {
        let mut before = self.clone();
        before.extensions.pop();
        before
    }

    /// The pause it is in.
    pub fn paused(&self) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.to.is_none())
    }

    /// Stops it.
    ///
    /// # Errors
    /// If it stands still already; a time before the start or before its last change; no reason; the hundredth time.
    pub fn pause(&mut self, at: Timestamp, reason: &str) -> Result<(), ClockFault> {
        if let Some(pause) = self.paused() {
            return Err(ClockFault::Paused(pause.from));
        }
        self.check(at, reason, self.pauses.len())?;
        self.pauses.push(Pause { from: at, to: None, reason: reason.to_owned() });
        Ok(())
    }

    /// Lets it run on.
    ///
    /// # Errors
    /// If it runs; a time before its last change.
    pub fn resume(&mut self, at: Timestamp) -> Result<(), ClockFault> {
        if self.paused().is_none() {
            return Err(ClockFault::Running);
        }
        self.check_time(at)?;
        self.end_pause(at);
        Ok(())
    }

    /// Begins anew with the whole period, also if it stands still.
    ///
    /// # Errors
    /// A time before its last change; no reason; the hundredth time.
    pub fn restart(&mut self, at: Timestamp, reason: &str) -> Result<(), ClockFault> {
        self.check(at, reason, self.restarts.len())?;
        self.end_pause(at);
        self.restarts.push(Restart { started: self.started, at, reason: reason.to_owned() });
        self.started = at;
        Ok(())
    }

    /// Gives it more time, from the due as it stands.
    ///
    /// # Errors
    /// A time before its last change; no reason; the hundredth time.
    pub fn extend(&mut self, at: Timestamp, period: Period, reason: &str) -> Result<(), ClockFault> {
        self.check(at, reason, self.extensions.len())?;
        self.extensions.push(Extension { period, at, reason: reason.to_owned() });
        Ok(())
    }

    fn end_pause(&mut self, at: Timestamp) {
        if let Some(pause) = self.pauses.last_mut() {
            pause.to.get_or_insert(at);
        }
    }

    fn check(&self, at: Timestamp, reason: &str, so_far: usize) -> Result<(), ClockFault> {
        self.check_time(at)?;
        check_reason(reason)?;
        if so_far >= MOST { Err(ClockFault::Often) } else { Ok(()) }
    }

    fn check_time(&self, at: Timestamp) -> Result<(), ClockFault> {
        if at < self.started {
            return Err(ClockFault::BeforeStart { at, started: self.started });
        }
        let pause = self.pauses.last().map(|pause| pause.to.unwrap_or(pause.from));
        let last = pause.max(self.extensions.last().map(|extension| extension.at));
        match last {
            Some(last) if at < last => Err(ClockFault::Backwards { at, last }),
            _ => Ok(()),
        }
    }
}
