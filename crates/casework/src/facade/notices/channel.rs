//! How the ways of telling people fare: one that does not answer rests for a while, longer each time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dinh_model::Timestamp;

/// How long a way rests after it did not answer for the first time, in seconds; twice as long each further time.
const REST: i64 = 10;
/// Longest rest, in seconds.
const LONGEST_REST: i64 = 300;

/// How a way of telling people fares, since the program was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// What it is called.
    pub name: String,
    /// When something was sent by it last.
    pub sent: Option<Timestamp>,
    /// When it did not answer last, and what was wrong; none once something was sent again.
    pub fault: Option<(Timestamp, String)>,
    /// Until when it rests.
    pub rests: Option<Timestamp>,
    /// How often it did not answer, one time after another.
    faults: u32,
}

/// All of them, in the order of the configuration.
#[derive(Debug, Default)]
pub(in crate::facade) struct Channels(Mutex<Vec<Channel>>);

impl Channels {
    /// Makes the ways known that are configured.
    pub(super) fn know<'n>(&self, names: impl Iterator<Item = &'n str>) {
        let mut all = self.all();
        for name in names {
            if !all.iter().any(|channel| channel.name == name) {
                all.push(Channel { name: name.to_owned(), ..Channel::default() });
            }
        }
    }

    /// Until when a way rests, if it does now.
    pub(super) fn rests(&self, name: &str, now: Timestamp) -> Option<Timestamp> {
        let all = self.all();
        let channel = all.iter().find(|channel| channel.name == name)?;
        channel.rests.filter(|until| *until > now)
    }

    /// True if each of them rests, so that nothing can be sent.
    pub(super) fn all_rest(&self, now: Timestamp) -> bool {
        self.all().iter().all(|channel| channel.rests.is_some_and(|until| until > now))
    }

    /// Something was sent by it.
    pub(super) fn went(&self, name: &str, now: Timestamp) {
        self.change(name, |channel| {
            *channel = Channel { name: channel.name.clone(), sent: Some(now), ..Channel::default() };
        });
    }

    /// It did not answer.
    pub(super) fn is_down(&self, name: &str, now: Timestamp, why: &str) {
        self.change(name, |channel| {
            let seconds = REST.saturating_mul(1 << channel.faults.min(10)).min(LONGEST_REST);
            channel.faults = channel.faults.saturating_add(1);
            channel.fault = Some((now, why.to_owned()));
            channel.rests = Some(Timestamp::from_micros(now.as_micros() + seconds * 1_000_000));
        });
    }

    /// How each of them fares.
    pub(super) fn list(&self) -> Vec<Channel> {
        self.all().clone()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Channel)) {
        let mut all = self.all();
        if let Some(channel) = all.iter_mut().find(|channel| channel.name == name) {
            change(channel);
        }
    }

    fn all(&self) -> MutexGuard<'_, Vec<Channel>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was sent by each way in a month, by its name.
pub(super) type Counts = BTreeMap<String, i64>;
