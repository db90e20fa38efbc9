//! Sending again: at once what waits after failures, or all that was told since some moment, for a receiver that has
//! lost it.
//!
//! Nothing is copied into a queue: the subscription goes back to an earlier position in the feed and reads on from there,
//! in order, as it does after a crash. The earlier position is durable before whoever asked is answered.

use std::sync::Arc;

use dinh_access::Action;
use dinh_model::Timestamp;
use dinh_store::{Act, Note};
use serde_json::json;

use super::entry::{Entry, State};
use super::keeper::is_of;
use super::{Shared, Subscriptions, saver};
use crate::{Error, Session};

/// Most changes of the feed that somebody goes back over.
pub const MOST_AGAIN: u64 = 200_000;
/// How much earlier than asked is begun, in microseconds: what is committed together has its times a little out of order.
const MARGIN: i64 = 1_000_000;

/// What is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Nothing waits: everything was taken.
    Nothing,
    /// What waits is tried at once.
    Waiting,
    /// What a subscription by time tells is told now.
    Now,
    /// Everything since the first of so many changes of the feed, whatever of them matches.
    Changes(u64),
}

impl Subscriptions {
    /// Sends again: without `from` what waits, at once; with it everything since then, as far as the feed goes back. The
    /// audit notes it. Owners may, and administrators.
    ///
    /// # Errors
    /// There is no such subscription; it tells of nothing now; it is being sent again already; that is too far back.
    pub async fn send_again(
        &self,
        session: &Session,
        id: &str,
        from: Option<Timestamp>,
    ) -> Result<Again, Error> {
        let entry = self.sendable(session, id)?;
        let now = self.0.clock.now();
        if !entry.is_active(now) {
            let status = entry.subscription.status(now).as_str();
            return Err(Error::SubscriptionRests(format!("its status is {status}")));
        }
        if let Err(halt) = self.0.reading_of(&entry).await {
            return Err(Error::SubscriptionRests(halt.to_string()));
        }
        let by_time = entry.subscription.interval_micros().is_some();
        let turn = match from {
            Some(_) if by_time => {
                let why = "it tells by time what is there then; it has nothing to go back to".to_owned();
                return Err(Error::SubscriptionRests(why));
            }
            Some(from) => Some(self.0.place_of(from, &entry).await?),
            None => None,
        };
        let head = self.0.store.head(&self.0.feed);
        // On record before it is done, as everything that is done to what belongs to others.
        let deed = json!({"subscription": "send-again", "id": id, "from": from.map(|from| from.to_string())});
        let about = entry.subscription.id.clone();
        session.note(Note { entities: vec![about], details: deed, ..Note::of(Act::Configuration) }).await?;
        let sent = match turn {
            Some(turn) if turn >= head => Again::Nothing,
            Some(turn) => {
                if !entry.turn_back(turn, head) {
                    return Err(Error::SentAgainAlready(id.to_owned()));
                }
                Again::Changes(head - turn)
            }
            None if by_time => {
                entry.owe();
                Again::Now
            }
            None if entry.try_now() => Again::Waiting,
            None => return Ok(Again::Nothing),
        };
        saver::save_now(&self.0).await?;
        self.0.wake_if_behind(&entry);
        Ok(sent)
    }

    /// A subscription that the session may have sent again: its own, or any for administrators.
    fn sendable(&self, session: &Session, id: &str) -> Result<Arc<Entry>, Error> {
        let administers = session.may(Action::Administer).is_ok();
        if !administers {
            session.may_write()?;
        }
        let found = self.0.book.get(session.tenant(), id);
        let found = found.filter(|entry| administers || is_of(entry, session));
        found.ok_or_else(|| Error::NoSubscription(id.to_owned()))
    }
}

impl Shared {
    /// The place in the feed before the first change that was made at `from` or later, found by halving. What the feed does
    /// not hold any more cannot be told again.
    async fn place_of(&self, from: Timestamp, entry: &Entry) -> Result<u64, Error> {
        let from = from.plus_micros(-MARGIN);
        let head = self.store.head(&self.feed);
        let bound = head.saturating_sub(MOST_AGAIN);
        let begin = self.begin(bound.max(entry.since)).await?;
        let (mut before, mut after) = (begin, head);
        // All changes up to `before` are older; those after `after` are not.
        while before < after {
            let middle = before + (after - before) / 2;
            match self.store.changes(&self.feed, middle, 1).await?.first() {
                Some(recorded) if recorded.change.at < from => before = middle + 1,
                _ => after = middle,
            }
        }
        if before == bound && bound > entry.since {
            return Err(Error::TooFarBack(MOST_AGAIN));
        }
        Ok(before)
    }

    /// `seq`, or where the feed begins if that is later.
    async fn begin(&self, seq: u64) -> Result<u64, Error> {
        match self.store.changes(&self.feed, seq, 1).await {
            Ok(_) => Ok(seq),
            Err(dinh_store::Error::Trimmed { first }) => Ok(first.saturating_sub(1)),
            Err(error) => Err(error.into()),
        }
    }
}

impl Entry {
    /// Goes back to the change after `seq`, to send everything up to `head` again; false if that is being done already.
    fn turn_back(&self, seq: u64, head: u64) -> bool {
        let mut state = self.lock();
        if state.gone || state.again_left().is_some() {
            return false;
        }
        let stands = if state.is_idle() { head } else { state.position };
        state.turn = Some(seq.min(stands));
        state.again_up_to = Some(head);
        state.dirty = true;
        self.bell.notify_one();
        true
    }

    /// True while its task has to go back first.
    pub(super) fn turns_back(&self) -> bool {
        self.lock().turn.is_some()
    }

    /// Has what waits tried at once; false if nothing waits.
    fn try_now(&self) -> bool {
        let state = self.lock();
        let waits = state.behind || state.turn.is_some() || !state.queue.is_empty();
        if waits && state.next_try.is_some() {
            self.bell.notify_one();
        }
        waits
    }

    /// When the next attempt is made; none while one is being made.
    pub(super) fn tries_next(&self, at: Option<Timestamp>) {
        self.lock().next_try = at;
    }

    /// Has what it tells by time told now.
    fn owe(&self) {
        let mut state = self.lock();
        state.owed = true;
        state.dirty = true;
    }

    /// True if what it tells by time is to be told now.
    pub(super) fn is_owed(&self) -> bool {
        self.lock().owed
    }

    /// What it tells by time has been told, or there was nothing to tell.
    pub(super) fn paid(&self) {
        let mut state = self.lock();
        if std::mem::take(&mut state.owed) {
            state.dirty = true;
        }
    }
}

impl State {
    /// How many changes of the feed are still to be looked through of what was asked for again; none if nothing was, or all
    /// of it is done.
    pub(super) fn again_left(&self) -> Option<u64> {
        let left = self.again_up_to?.saturating_sub(self.turn.unwrap_or(self.position));
        (left > 0 && !self.is_idle()).then_some(left)
    }
}
