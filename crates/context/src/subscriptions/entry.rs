//! One subscription at work: its queue, its position in the feed, its counters.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dinh_access::Sight;
use dinh_model::{Tenant, Term, Timestamp};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::subscription::{Deliveries, Status, Subscription};
use dinh_store::Recorded;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{Shared, image, sender};
use crate::owner::Owner;

/// Changes that may wait in one subscription's queue; beyond that it reads on from the feed by itself.
const QUEUE: usize = 256;

/// Where a subscription is, and whose.
#[derive(Clone)]
pub(super) struct Whose {
    pub(super) tenant: Tenant,
    pub(super) owner: Owner,
    /// The snapshot that it is of, if it is of one.
    pub(super) snapshot: Option<Arc<str>>,
}

/// One subscription.
pub(super) struct Entry {
    pub(super) tenant: Tenant,
    /// Whose it is: it tells of nothing that its owner may not see.
    pub(super) owner: Owner,
    /// The snapshot that it is of, if it is of one.
    pub(super) snapshot: Option<Arc<str>>,
    pub(super) id: String,
    pub(super) subscription: Subscription,
    /// The context that its notifications are written in.
    pub(super) ld_context: Arc<LdContext>,
    /// Changes up to here came before it.
    pub(super) since: u64,
    /// Its condition looks at entities behind links.
    pub(super) looks_behind: bool,
    /// Ends the pause after a failure.
    pub(super) bell: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of one another")]
pub(super) struct State {
    pub(super) queue: VecDeque<Arc<Recorded>>,
    /// Up to where everything has been delivered or did not match; meaningful while there is something to send.
    pub(super) position: u64,
    /// The queue was let go: changes after `position` must be read from the feed.
    pub(super) behind: bool,
    /// A task of its own is sending.
    pub(super) busy: bool,
    /// Replaced or removed: the task must end.
    pub(super) gone: bool,
    pub(super) dirty: bool,
    pub(super) counters: Counters,
    /// Where the task goes back to before it sends anything else.
    pub(super) turn: Option<u64>,
    /// What was asked for again goes up to this change.
    pub(super) again_up_to: Option<u64>,
    /// A notification by time is to be sent now, whenever the last one was.
    pub(super) owed: bool,
    /// When it is tried again what could not be delivered.
    pub(super) next_try: Option<Timestamp>,
}

impl State {
    /// True if there is nothing to send, and nobody sends.
    pub(super) fn is_idle(&self) -> bool {
        !self.busy && !self.behind && self.queue.is_empty() && self.turn.is_none()
    }
}

/// What has become of a subscription's notifications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counters {
    /// As the standard counts.
    pub deliveries: Deliveries,
    /// Why the last attempt failed; none after a success.
    pub last_error: Option<String>,
    /// Failures since the last success.
    pub failures_in_a_row: u32,
}

/// What is saved of a subscription at work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Saved {
    /// Where it stands; none if it stands with all others.
    pub(super) position: Option<u64>,
    pub(super) counters: Counters,
    /// A notification by time that somebody has asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) owed: bool,
}

/// A subscription as others see it.
#[derive(Clone)]
pub struct View {
    /// What was asked for.
    pub subscription: Subscription,
    /// What has become of its notifications.
    pub counters: Counters,
}

/// What a sender takes up next.
pub(super) enum Next {
    /// This change.
    Change(Arc<Recorded>),
    /// Read the feed after this number.
    Read(u64),
    /// Nothing: the task ends.
    Rest,
}

impl Entry {
    pub(super) fn new(
        Whose { tenant, owner, snapshot }: Whose,
        subscription: Subscription,
        ld_context: Arc<LdContext>,
        since: u64,
        saved: Saved,
    ) -> Self {
        let state = State {
            position: saved.position.unwrap_or(since),
            behind: saved.position.is_some(),
            counters: saved.counters,
            owed: saved.owed,
            ..State::default()
        };
        let id = subscription.id.as_str().to_owned();
        let looks_behind = subscription.looks_behind();
        Self {
            tenant,
            owner,
            snapshot,
            id,
            subscription,
            ld_context,
            since,
            looks_behind,
            bell: Notify::new(),
            state: Mutex::new(state),
        }
    }

    /// Where it is, and whose.
    pub(super) fn whose(&self) -> Whose {
        Whose { tenant: self.tenant.clone(), owner: self.owner.clone(), snapshot: self.snapshot.clone() }
    }

    /// The types under which the book lists it; `None` stands for any type.
    pub(super) fn watched_types(&self) -> Vec<Option<Term>> {
        let mut types = Vec::new();
        for selector in &self.subscription.entities {
            match &selector.types {
                Some(expression) => types.extend(expression.terms().into_iter().cloned().map(Some)),
                None => return vec![None],
            }
        }
        types.sort_unstable();
        types.dedup();
        if types.is_empty() { vec![None] } else { types }
    }

    /// False if the change cannot concern somebody with this sight; true also when only the entity as it stands could
    /// tell.
    pub(super) fn may_concern(&self, recorded: &Recorded, sight: &Sight) -> bool {
        if recorded.change.seq <= self.since {
            return false;
        }
        match image::at_hand(recorded) {
            Some(entity) => {
                image::seen(sight, &recorded.change, &entity).is_some_and(|seen| self.may_match(&seen))
            }
            None => self.subscription.selects(recorded.change.entity.as_str(), &recorded.change.types),
        }
    }

    /// True if it matches, as far as can be told without a look behind links: the sender looks there.
    fn may_match(&self, seen: &image::SeenChange<'_>) -> bool {
        if self.looks_behind {
            return self.subscription.calls(&seen.change, &seen.entity);
        }
        self.subscription.matches(&seen.change, &seen.entity)
    }

    /// True if it works at `now`.
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        self.subscription.status(now) == Status::Active
    }

    /// Takes a change into the queue; true if a task should be started for it.
    pub(super) fn offer(&self, recorded: &Arc<Recorded>, now: Timestamp) -> bool {
        if !self.is_active(now) {
            return false;
        }
        let mut state = self.lock();
        if state.gone {
            return false;
        }
        if !state.behind {
            if !state.busy && state.queue.is_empty() {
                state.position = recorded.change.seq.saturating_sub(1);
            }
            if state.queue.len() < QUEUE {
                state.queue.push_back(Arc::clone(recorded));
            } else {
                state.queue.clear();
                state.behind = true;
            }
            state.dirty = true;
        }
        !std::mem::replace(&mut state.busy, true)
    }

    /// What to do next, for the one task that sends. `handing` is how far the follower has begun to hand out.
    pub(super) fn next(&self, handing: u64) -> Next {
        let mut state = self.lock();
        if state.gone {
            return Next::Rest;
        }
        if let Some(turn) = state.turn.take() {
            state.queue.clear();
            state.position = turn;
            state.behind = true;
        }
        if state.behind {
            if state.position < handing {
                return Next::Read(state.position);
            }
            state.behind = false;
        }
        if let Some(recorded) = state.queue.front() {
            return Next::Change(Arc::clone(recorded));
        }
        state.busy = false;
        state.dirty = true;
        Next::Rest
    }

    /// The change with this number, and all before it, are delivered or did not match.
    pub(super) fn passed(&self, seq: u64) {
        let mut state = self.lock();
        state.position = state.position.max(seq);
        while state.queue.front().is_some_and(|r| r.change.seq <= seq) {
            state.queue.pop_front();
        }
        state.dirty = true;
    }

    /// The changes that wait behind the first, for subscriptions that bundle.
    pub(super) fn waiting(&self) -> Vec<Arc<Recorded>> {
        self.lock().queue.iter().cloned().collect()
    }

    /// Updates the counters.
    pub(super) fn count(&self, update: impl FnOnce(&mut Counters)) {
        let mut state = self.lock();
        update(&mut state.counters);
        state.dirty = true;
    }

    /// The counters as they stand.
    pub(super) fn counters(&self) -> Counters {
        self.lock().counters.clone()
    }

    /// Ends its task: it is replaced or removed.
    pub(super) fn retire(&self) {
        let mut state = self.lock();
        state.gone = true;
        state.queue.clear();
    }

    /// True once it is replaced or removed.
    pub(super) fn is_gone(&self) -> bool {
        self.lock().gone
    }

    /// What to save, and whether that differs from what is saved.
    pub(super) fn snapshot(&self) -> (Saved, bool) {
        let state = self.lock();
        let saved = Saved {
            position: (!state.is_idle()).then(|| state.turn.unwrap_or(state.position)),
            counters: state.counters.clone(),
            owed: state.owed,
        };
        (saved, state.dirty && !state.gone)
    }

    /// `saved` has been written.
    pub(super) fn mark_saved(&self, saved: &Saved) {
        let (now, _) = self.snapshot();
        if now == *saved {
            self.lock().dirty = false;
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if there is something to send and no task sends it: the caller starts one.
    pub(super) fn start(&self) -> bool {
        let mut state = self.lock();
        (state.behind || !state.queue.is_empty() || state.turn.is_some())
            && !std::mem::replace(&mut state.busy, true)
    }
}

/// Starts the task that sends. The caller has been told that none is running.
pub(super) fn wake(shared: &Arc<Shared>, entry: &Arc<Entry>) {
    if let Some(stop) = shared.stop.get() {
        shared.tasks.spawn(sender::run(Arc::clone(shared), Arc::clone(entry), stop.clone()));
    }
}

/// Starts the tasks of all subscriptions that have something to catch up with.
pub(super) fn resume_all(shared: &Arc<Shared>) {
    shared.handing.fetch_max(shared.handed.load(Ordering::SeqCst), Ordering::SeqCst);
    for entry in shared.book.all() {
        shared.wake_if_behind(&entry);
    }
}
