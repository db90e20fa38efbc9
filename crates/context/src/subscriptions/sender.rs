//! The task that sends one subscription's notifications, in order, until there are none.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dinh_model::{Entity, Timestamp};
use dinh_ngsild::linked::Linked;
use dinh_store::Recorded;
use tokio_util::sync::CancellationToken;

use super::delivery::Message;
use super::entry::{Entry, Next};
use super::notice::{self, Event};
use super::{Shared, behind, image};
use crate::Error;

/// Changes read at once by a subscription that catches up.
const BATCH: usize = 256;
/// First pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// Why sending ends before everything is sent.
struct Ended;

/// Sends what waits, then rests.
pub(super) async fn run(shared: Arc<Shared>, entry: Arc<Entry>, stop: CancellationToken) {
    let sender = Sender { shared: &shared, entry: &entry, stop: &stop };
    loop {
        let outcome = match entry.next(shared.handing.load(Ordering::SeqCst)) {
            Next::Rest => return,
            Next::Change(recorded) => sender.change(&recorded).await,
            Next::Read(after) => sender.read_on(after).await,
        };
        if outcome.is_err() {
            return;
        }
    }
}

struct Sender<'a> {
    shared: &'a Arc<Shared>,
    entry: &'a Entry,
    stop: &'a CancellationToken,
}

impl Sender<'_> {
    /// Sends for the first change of the queue, with those that wait behind it if the subscription bundles.
    async fn change(&self, first: &Arc<Recorded>) -> Result<(), Ended> {
        let mut bundle = vec![Arc::clone(first)];
        if self.throttle().await? {
            bundle = self.entry.waiting();
        }
        let last = bundle.last().map_or(first.change.seq, |r| r.change.seq);
        self.deliver(&bundle).await?;
        self.entry.passed(last);
        Ok(())
    }

    /// Reads the feed after `after` for a subscription that let its queue go.
    async fn read_on(&self, after: u64) -> Result<(), Ended> {
        let changes = match self.shared.store.changes(&self.shared.feed, after, BATCH).await {
            Ok(changes) => changes,
            Err(dinh_store::Error::Trimmed { first }) => {
                super::follower::skipped(&self.entry.id, after, first);
                self.entry.passed(first - 1);
                return Ok(());
            }
            Err(error) => {
                tracing::error!(%error, subscription = self.entry.id, "the change feed cannot be read");
                return self.pause(FIRST_PAUSE).await;
            }
        };
        let Some(last) = changes.last().map(|r| r.change.seq) else {
            self.entry.passed(self.shared.handing.load(Ordering::SeqCst));
            return Ok(());
        };
        for recorded in changes {
            if self.entry.turns_back() {
                return Ok(());
            }
            let concerns = recorded.change.tenant == self.entry.tenant
                && self
                    .shared
                    .reading_of(self.entry)
                    .await
                    .is_ok_and(|grant| self.entry.may_concern(&recorded, grant.sight()));
            if concerns {
                self.throttle().await?;
                self.deliver(std::slice::from_ref(&recorded)).await?;
            }
            self.entry.passed(recorded.change.seq);
        }
        self.entry.passed(last);
        Ok(())
    }

    /// Waits until the next notification is allowed; true if the subscription bundles what came meanwhile.
    async fn throttle(&self) -> Result<bool, Ended> {
        let Some(least) = self.entry.subscription.throttling_micros() else { return Ok(false) };
        if let Some(last) = self.entry.counters().deliveries.last_success {
            let wait = least - self.shared.clock.now().micros_since(last).max(0);
            if wait > 0 {
                self.pause(Duration::from_micros(wait.unsigned_abs())).await?;
            }
        }
        Ok(true)
    }

    /// What to tell of these changes: for each entity that still matches, its latest state among them, and what they link
    /// to if the subscription wants that.
    async fn events(&self, changes: &[Arc<Recorded>]) -> Result<(Option<Linked<'_>>, Vec<Event>), Ended> {
        let mut events: Vec<Event> = Vec::new();
        // Rights are those of now, not of then: whoever has lost them is told nothing more.
        let Ok(grant) = self.shared.reading_of(self.entry).await else { return Ok((None, events)) };
        for recorded in changes {
            let entity = match image::recall(self.shared, &self.entry.tenant, recorded).await {
                Ok(Some(entity)) => entity,
                Ok(None) => continue,
                Err(error) => return Err(self.unread(&error)),
            };
            let Some(seen) = image::seen(grant.sight(), &recorded.change, &entity) else { continue };
            match behind::matches(self.shared, &grant, self.entry, &seen).await {
                Ok(true) => {
                    events.retain(|event| event.change.entity != recorded.change.entity);
                    events.push(Event { change: seen.change.into_owned(), entity: seen.entity });
                }
                Ok(false) => {}
                Err(error) => return Err(self.unread(&error)),
            }
        }
        let entities: Vec<&Entity> = events.iter().map(|event| event.entity.as_ref()).collect();
        let linked = behind::linked(self.shared, &grant, self.entry, &entities).await;
        Ok((linked.map_err(|error| self.unread(&error))?, events))
    }

    fn unread(&self, error: &Error) -> Ended {
        tracing::error!(%error, subscription = self.entry.id, "an entity to notify of cannot be read");
        Ended
    }

    /// Tries until the endpoint takes the notification of these changes, the subscription or the rights of its owner end,
    /// all of it is to be sent again from an earlier one, or the program stops.
    async fn deliver(&self, changes: &[Arc<Recorded>]) -> Result<(), Ended> {
        let mut pause = FIRST_PAUSE;
        loop {
            let now = self.shared.clock.now();
            if self.entry.is_gone() {
                return Err(Ended);
            }
            if !self.entry.is_active(now) || self.entry.turns_back() {
                return Ok(());
            }
            // Made anew for each attempt: what was to be told before a right ended is not told after it.
            let (linked, events) = self.events(changes).await?;
            if events.is_empty() {
                return Ok(());
            }
            let message =
                notice::message(self.entry, (&events, linked.as_ref()), &self.shared.fresh_id(), now);
            if attempt(self.shared, self.entry, &message, now).await {
                return Ok(());
            }
            let rung = self.rest(pause.max(notice::cooldown(self.entry))).await?;
            pause = if rung { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        }
    }

    /// Waits before the next attempt; true if somebody has asked for it earlier.
    async fn rest(&self, time: Duration) -> Result<bool, Ended> {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        self.entry.tries_next(Some(self.shared.clock.now().plus_micros(micros)));
        let rung = tokio::select! {
            () = tokio::time::sleep(time) => Ok(false),
            () = self.entry.bell.notified() => Ok(true),
            () = self.stop.cancelled() => Err(Ended),
        };
        self.entry.tries_next(None);
        rung
    }

    async fn pause(&self, time: Duration) -> Result<(), Ended> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.stop.cancelled() => Err(Ended),
        }
    }
}

/// Sends one message and counts the outcome; true if it was taken.
pub(super) async fn attempt(shared: &Shared, entry: &Entry, message: &Message, now: Timestamp) -> bool {
    let Ok(_place) = shared.sending.acquire().await else { return false };
    let outcome = shared.courier.send(message).await;
    metrics::counter!("dinh_notifications_total", "outcome" => if outcome.is_ok() { "taken" } else { "failed" })
        .increment(1);
    entry.count(|counters| {
        counters.deliveries.note(now, outcome.is_ok());
        match &outcome {
            Ok(()) => {
                counters.last_error = None;
                counters.failures_in_a_row = 0;
            }
            Err(error) => {
                counters.last_error = Some(error.to_string());
                counters.failures_in_a_row += 1;
            }
        }
    });
    outcome.is_ok()
}
