//! How a feed is doing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dinh_model::{Tenant, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Words;
use crate::definition::{FeedDefinition, SourceDefinition};
use crate::sink::FeedKey;

/// How a feed is doing, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedStatus {
    /// As it should.
    Ok,
    /// Nothing was accepted for longer than `silent_after`.
    Silent,
    /// The source cannot be reached or read.
    Error,
    /// It does not run.
    Stopped,
}

impl FeedStatus {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Silent => "silent",
            Self::Error => "error",
            Self::Stopped => "stopped",
        }
    }
}

/// The last thing that went wrong with a feed as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastError {
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What.
    pub reason: Words,
}

/// How a feed is doing, in numbers. Counts are since the program started.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedHealth {
    /// Whose graph it writes to.
    pub tenant: Tenant,
    /// Its pack.
    pub pack: String,
    /// Its name.
    pub feed: String,
    /// What people call it.
    pub title: Words,
    /// Who answers for the data.
    pub owner: Words,
    /// Terms of use.
    pub licence: String,
    /// Kind of source.
    pub kind: &'static str,
    /// What people are told about a recording.
    pub as_of_note: Option<String>,
    /// In a word.
    pub status: FeedStatus,
    /// Since when.
    #[serde(serialize_with = "rfc3339")]
    pub status_since: Timestamp,
    /// The source has said all it has to say: a file or a recording that does not repeat has come to its end.
    pub finished: bool,
    /// When anything last came.
    #[serde(serialize_with = "maybe_rfc3339")]
    pub last_message_at: Option<Timestamp>,
    /// When a record was last accepted.
    #[serde(serialize_with = "maybe_rfc3339")]
    pub last_accepted_at: Option<Timestamp>,
    /// Records accepted in the last minute.
    pub rate_per_minute: u64,
    /// Seconds from the newest observation to its arrival.
    pub lag_seconds: Option<f64>,
    /// Records that came.
    pub received: u64,
    /// Records written to the graph.
    pub accepted: u64,
    /// Records in the dead letters.
    pub rejected: u64,
    /// Records that no map was interested in.
    pub skipped: u64,
    /// Values marked by quality checks.
    pub flagged: u64,
    /// Values left out by quality checks.
    pub dropped: u64,
    /// Places mended by quality checks.
    pub mended: u64,
    /// Observations that should have come and did not.
    pub missing: u64,
    /// Series overdue now.
    pub overdue: u64,
    /// Observations older than what was known already.
    pub late: u64,
    /// Dead letters kept.
    pub dead_letters: u64,
    /// Dead letters thrown away because there were too many.
    pub dead_letters_lost: u64,
    /// Times that the source failed.
    pub errors: u64,
    /// The last failure.
    pub last_error: Option<LastError>,
    /// After how many seconds it is called silent.
    pub silent_after_seconds: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn rfc3339<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn maybe_rfc3339<S: serde::Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

/// Counts of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) received: u64,
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) skipped: u64,
    pub(super) flagged: u64,
    pub(super) dropped: u64,
    pub(super) mended: u64,
    pub(super) missing: u64,
    pub(super) late: u64,
    /// Newest observation accepted.
    pub(super) newest: Option<Timestamp>,
}

/// Slots of five seconds that the rate is counted in.
const SLOTS: usize = 12;
/// Length of a slot in microseconds.
const SLOT_MICROS: i64 = 5_000_000;

/// The health of one feed, shared by its tasks.
#[derive(Debug)]
pub(crate) struct Health {
    state: Mutex<State>,
    silent_after_micros: Option<i64>,
}

#[derive(Debug)]
struct State {
    view: FeedHealth,
    /// When the source last gave, or last rightly gave nothing; at first when the feed started.
    heard: Timestamp,
    /// Whether the age of observations says anything: that of a table that ships with a pack does not.
    lags: bool,
    failing: bool,
    stopped: bool,
    slots: [u64; SLOTS],
    slot: i64,
}

impl Health {
    pub(crate) fn new(key: &FeedKey, definition: &FeedDefinition, now: Timestamp) -> Self {
        let note = match &definition.source {
            SourceDefinition::Replay(replay) => replay.as_of_note.clone(),
            _ => None,
        };
        let view = FeedHealth {
            tenant: key.tenant.clone(),
            pack: key.name.pack.clone(),
            feed: key.name.feed.clone(),
            title: definition.title.clone(),
            owner: definition.owner.clone(),
            licence: definition.licence.clone(),
            kind: definition.source.kind(),
            as_of_note: note,
            status: FeedStatus::Ok,
            status_since: now,
            finished: false,
            last_message_at: None,
            last_accepted_at: None,
            rate_per_minute: 0,
            lag_seconds: None,
            received: 0,
            accepted: 0,
            rejected: 0,
            skipped: 0,
            flagged: 0,
            dropped: 0,
            mended: 0,
            missing: 0,
            overdue: 0,
            late: 0,
            dead_letters: 0,
            dead_letters_lost: 0,
            errors: 0,
            last_error: None,
            silent_after_seconds: definition.silent_after.map(|span| span.duration().as_secs()),
        };
        let slots = [0; SLOTS];
        let lags = !matches!(definition.source, SourceDefinition::File(_));
        let state = State { view, heard: now, lags, failing: false, stopped: false, slots, slot: 0 };
        Self {
            state: Mutex::new(state),
            silent_after_micros: definition.silent_after.map(crate::definition::Span::micros),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The source was reached, whether or not it had anything to say.
    pub(crate) fn reached(&self) {
        self.state().failing = false;
    }

    /// The source works and has nothing to say, as it should be: that is no silence.
    pub(crate) fn idle(&self, now: Timestamp) {
        let mut state = self.state();
        state.failing = false;
        state.heard = now;
    }

    /// The source could not be reached or read.
    pub(crate) fn failed(&self, reason: Words, now: Timestamp) {
        let mut state = self.state();
        state.failing = true;
        state.view.errors += 1;
        state.view.last_error = Some(LastError { at: now, reason });
    }

    /// Something went wrong that does not stop the source.
    pub(crate) fn remarked(&self, reason: Words, now: Timestamp) {
        let mut state = self.state();
        state.view.errors += 1;
        state.view.last_error = Some(LastError { at: now, reason });
    }

    /// The source has nothing more to say.
    pub(super) fn finished(&self) {
        self.state().view.finished = true;
    }

    /// The feed does not run any more.
    pub(super) fn stopped(&self) {
        self.state().stopped = true;
    }

    pub(super) fn count(&self, tally: &Tally, now: Timestamp) {
        let mut state = self.state();
        state.turn(now);
        let slot = usize::try_from(state.slot.rem_euclid(12)).unwrap_or(0);
        state.slots[slot] += tally.accepted;
        let view = &mut state.view;
        view.received += tally.received;
        view.accepted += tally.accepted;
        view.rejected += tally.rejected;
        view.skipped += tally.skipped;
        view.flagged += tally.flagged;
        view.dropped += tally.dropped;
        view.mended += tally.mended;
        view.missing += tally.missing;
        view.late += tally.late;
        if tally.received > 0 {
            view.last_message_at = Some(now);
        }
        if tally.accepted > 0 {
            view.last_accepted_at = Some(now);
            state.heard = now;
            state.failing = false;
        }
        if let Some(newest) = tally.newest.filter(|_| state.lags) {
            state.view.lag_seconds = Some(seconds(now.micros_since(newest)));
        }
    }

    pub(super) fn letters(&self, kept: usize, lost: u64) {
        let mut state = self.state();
        state.view.dead_letters = u64::try_from(kept).unwrap_or(u64::MAX);
        state.view.dead_letters_lost = lost;
    }

    pub(super) fn lag_seconds(&self) -> Option<f64> {
        self.state().view.lag_seconds
    }

    pub(super) fn overdue(&self, series: u64) {
        self.state().view.overdue = series;
    }

    /// The health at `now`; a change of the status is dated `now`.
    pub(crate) fn view(&self, now: Timestamp) -> FeedHealth {
        let mut state = self.state();
        state.turn(now);
        let status = state.status(self.silent_after_micros, now);
        if status != state.view.status {
            state.view.status = status;
            state.view.status_since = now;
        }
        state.view.rate_per_minute = state.slots.iter().sum();
        state.view.clone()
    }
}

impl State {
    /// Empties the slots that have passed since the last count.
    fn turn(&mut self, now: Timestamp) {
        let slot = now.as_micros().div_euclid(SLOT_MICROS);
        let passed = usize::try_from(slot - self.slot).unwrap_or(0).min(SLOTS);
        for back in 0..passed {
            let back = i64::try_from(back).unwrap_or(0);
            let at = usize::try_from((slot - back).rem_euclid(12)).unwrap_or(0);
            self.slots[at] = 0;
        }
        self.slot = self.slot.max(slot);
    }

    fn status(&self, silent_after: Option<i64>, now: Timestamp) -> FeedStatus {
        if self.stopped {
            FeedStatus::Stopped
        } else if self.failing {
            FeedStatus::Error
        } else if silent_after.is_some_and(|limit| now.micros_since(self.heard) > limit) {
            FeedStatus::Silent
        } else {
            FeedStatus::Ok
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "lags are far below 2^53 microseconds")]
fn seconds(micros: i64) -> f64 {
    (micros as f64 / 1e5).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::FeedName;

    const MINUTE: i64 = 60_000_000;

    fn health() -> (Health, Timestamp) {
        let text = "title = { vi = \"a\", en = \"a\" }\nsilent_after = \"2m\"\n[source]\nkind = \"http-push\"\n\
                    [map]\ntype = \"T\"\nid = \"urn:t:{id}\"\n";
        let name = FeedName::new("p", "f");
        let definition = FeedDefinition::parse(name.clone(), "f.toml", text).unwrap();
        let now = Timestamp::from_micros(1_000 * MINUTE);
        (Health::new(&FeedKey::new(Tenant::default_tenant(), name), &definition, now), now)
    }

    fn accepted(count: u64) -> Tally {
        Tally { received: count, accepted: count, ..Tally::default() }
    }

    #[test]
    fn silence_and_errors_change_the_status() {
        let (health, start) = health();
        assert_eq!(health.view(start).status, FeedStatus::Ok);
        let later = start.plus_micros(3 * MINUTE);
        assert_eq!(health.view(later).status, FeedStatus::Silent);
        assert_eq!(health.view(later.plus_micros(MINUTE)).status_since, later);
        // A record that is rejected breaks no silence.
        health.count(&Tally { received: 1, rejected: 1, ..Tally::default() }, later);
        assert_eq!(health.view(later).status, FeedStatus::Silent);
        health.count(&accepted(1), later);
        assert_eq!(health.view(later).status, FeedStatus::Ok);
        health.failed(Words::new("hỏng", "broken"), later);
        assert_eq!(health.view(later).status, FeedStatus::Error);
        health.reached();
        assert_eq!(health.view(later).status, FeedStatus::Ok);
        let night = later.plus_micros(10 * MINUTE);
        health.idle(night);
        assert_eq!(health.view(night.plus_micros(MINUTE)).status, FeedStatus::Ok);
        assert_eq!(health.view(night.plus_micros(3 * MINUTE)).status, FeedStatus::Silent);
        health.stopped();
        assert_eq!(health.view(night).status, FeedStatus::Stopped);
    }

    #[test]
    fn the_rate_is_that_of_the_last_minute() {
        let (health, start) = health();
        for second in 0..60 {
            health.count(&accepted(2), start.plus_micros(second * 1_000_000));
        }
        assert_eq!(health.view(start.plus_micros(59_000_000)).rate_per_minute, 120);
        assert_eq!(health.view(start.plus_micros(MINUTE + 30_000_000)).rate_per_minute, 50);
        assert_eq!(health.view(start.plus_micros(10 * MINUTE)).rate_per_minute, 0);
    }

    #[test]
    fn lag_is_the_age_of_the_newest_observation() {
        let (health, start) = health();
        let tally = Tally { newest: Some(start.plus_micros(-90_000_000)), ..accepted(1) };
        health.count(&tally, start);
        assert_eq!(health.view(start).lag_seconds, Some(90.0));
    }
}
