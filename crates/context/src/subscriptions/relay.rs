//! What other sources tell of a subscription that was passed on to them, on its way to the subscriber (CIM 009 clause 5.8.6).
//!
//! It is kept until the subscriber has it, so that it is not forgotten either. What is personal is not kept in a record, which is
//! not sealed: whoever tells of it waits until the subscriber has it, and tells it again otherwise.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dinh_access::{Privacy, Purpose};
use dinh_model::{Change, Entity, Tenant};
use dinh_store::{Commit, Op};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::entry::Entry;
use super::{Shared, Subscriptions, image, notice, sender, system};
use crate::Error;

/// Kind of record.
const KIND: &str = "relayed-notice";
/// Records read at once.
const PAGE: usize = 1_000;
/// Most notices that wait for one subscriber.
const MOST: usize = 256;
/// How long whoever tells of something personal waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// First pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// An entity that another source tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relayed {
    /// The entity, as far as it is told of.
    pub entity: Arc<Entity>,
    /// What became of it, if it went or lost something.
    pub change: Option<Change>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    subscription: String,
    items: Vec<Relayed>,
}

struct Notice {
    /// Key of its record, if it is kept.
    key: Option<String>,
    items: Vec<Relayed>,
    /// Somebody waits until it was taken.
    taken: Mutex<Option<oneshot::Sender<()>>>,
}

/// What waits, by subscription.
#[derive(Default)]
pub(super) struct Relays(Mutex<HashMap<(Tenant, String), Lane>>);

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Arc<Notice>>,
    /// A task of its own is sending.
    busy: bool,
}

impl Relays {
    fn with<T>(&self, tenant: &Tenant, id: &str, act: impl FnOnce(&mut Lane) -> T) -> T {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (tenant.clone(), id.to_owned());
        let lane = lanes.entry(place.clone()).or_default();
        let told = act(lane);
        if lane.waiting.is_empty() && !lane.busy {
            lanes.remove(&place);
        }
        told
    }

    /// What is to be told next. Whoever gets none rests.
    fn next(&self, tenant: &Tenant, id: &str) -> Option<Arc<Notice>> {
        self.with(tenant, id, |lane| {
            let next = lane.waiting.front().cloned();
            lane.busy = next.is_some();
            next
        })
    }
}

impl Subscriptions {
    /// Takes what another source tells of a subscription; false if it cannot be taken now.
    ///
    /// # Errors
    /// There is no such subscription, or it cannot be kept.
    pub async fn relay(&self, tenant: &Tenant, id: &str, items: Vec<Relayed>) -> Result<bool, Error> {
        let shared = &self.0;
        if shared.book.get(tenant, id).is_none() {
            return Err(Error::NoSubscription(id.to_owned()));
        }
        if items.is_empty() {
            return Ok(true);
        }
        if shared.relays.with(tenant, id, |lane| lane.waiting.len() >= MOST) {
            return Ok(false);
        }
        let (mut key, mut wait) = (None, None);
        let (sender, receiver) = oneshot::channel();
        if items.iter().any(|item| shared.is_personal(item)) {
            wait = Some(receiver);
        } else {
            // Keys are read back in their order: time first.
            let name = format!("{:020}/{}", shared.clock.now().as_micros(), shared.ids.uuid());
            let kept = Kept { tenant: tenant.clone(), subscription: id.to_owned(), items: items.clone() };
            let body = serde_json::to_value(&kept).map_err(|e| Error::Subscription(format!("{id}: {e}")))?;
            let op = Op::PutRecord { kind: KIND.to_owned(), key: name.clone(), body };
            shared.write(Commit::of(vec![op])).await?;
            key = Some(name);
        }
        let taken = Mutex::new(wait.is_some().then_some(sender));
        shared.relays.with(tenant, id, |lane| lane.waiting.push_back(Arc::new(Notice { key, items, taken })));
        shared.wake_relay(tenant, id);
        match wait {
            None => Ok(true),
            Some(receiver) => {
                Ok(tokio::time::timeout(PATIENCE, receiver).await.is_ok_and(|taken| taken.is_ok()))
            }
        }
    }
}

impl Shared {
    fn is_personal(&self, item: &Relayed) -> bool {
        let entity = &item.entity;
        let mut names = entity.attributes.keys();
        names.any(|name| self.policy.catalogue().privacy(&entity.types, name) >= Privacy::Personal)
    }

    fn wake_relay(self: &Arc<Self>, tenant: &Tenant, id: &str) {
        let Some(stop) = self.stop.get() else { return };
        let begin = self
            .relays
            .with(tenant, id, |lane| !lane.waiting.is_empty() && !std::mem::replace(&mut lane.busy, true));
        if begin {
            let place = (tenant.clone(), id.to_owned());
            self.tasks.spawn(send_all(Arc::clone(self), place, stop.clone()));
        }
    }
}

/// Sends what waits for a subscriber, in order, until nothing does.
async fn send_all(shared: Arc<Shared>, (tenant, id): (Tenant, String), stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while let Some(next) = shared.relays.next(&tenant, &id) {
        let entry = shared.book.get(&tenant, &id);
        let personal = next.key.is_none();
        let given_up = personal
            && next
                .taken
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .as_ref()
                .is_some_and(oneshot::Sender::is_closed);
        let told = match &entry {
            Some(entry) if !given_up => send(&shared, entry, &next).await,
            // Nobody wants it any more, or it will be told again.
            _ => true,
        };
        if told {
            pause = FIRST_PAUSE;
            if let Some(taken) = next.taken.lock().unwrap_or_else(PoisonError::into_inner).take() {
                // Whoever waited may have gone.
                let _gone = taken.send(());
            }
            shared.relays.with(&tenant, &id, |lane| lane.waiting.pop_front());
            forget(&shared, &next).await;
            continue;
        }
        let cooldown = entry.as_deref().map(notice::cooldown).unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(pause.max(cooldown)) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = stop.cancelled() => return,
        }
    }
}

/// True if the subscriber has it, or may not have it.
async fn send(shared: &Arc<Shared>, entry: &Entry, next: &Notice) -> bool {
    let now = shared.clock.now();
    if entry.is_gone() || !entry.is_active(now) {
        return true;
    }
    let Ok(grant) = shared.reading_of(entry).await else { return true };
    let seen = next.items.iter().filter_map(|item| match &item.change {
        None => Some(Relayed { entity: grant.sight().view(&item.entity)?, change: None }),
        Some(change) => {
            let seen = image::seen(grant.sight(), change, &item.entity)?;
            Some(Relayed { entity: seen.entity, change: Some(seen.change.into_owned()) })
        }
    });
    let seen: Vec<Relayed> = seen.collect();
    if seen.is_empty() {
        return true;
    }
    let message = notice::relayed(entry, &seen, &shared.fresh_id(), now);
    sender::attempt(shared, entry, &message, now).await
}

async fn forget(shared: &Shared, told: &Notice) {
    let Some(key) = &told.key else { return };
    let op = Op::DeleteRecord { kind: KIND.to_owned(), key: key.clone() };
    if let Err(error) = shared.write(Commit::of(vec![op])).await {
        tracing::warn!(%error, "that a relayed notification was taken could not be kept; it may come again");
    }
}

/// Reads back what is still to be told.
pub(super) async fn read_all(shared: &Shared) -> Result<(), Error> {
    let grant = shared.policy.read(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
    let mut after = String::new();
    loop {
        let records = shared.store.records(&grant, KIND, &after, PAGE).await?;
        let Some(last) = records.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for record in records {
            let Ok(kept) = serde_json::from_value::<Kept>(record.body) else {
                tracing::error!(key = record.key, "a kept notification cannot be used");
                continue;
            };
            let told = Notice { key: Some(record.key), items: kept.items, taken: Mutex::default() };
            let told = Arc::new(told);
            shared.relays.with(&kept.tenant, &kept.subscription, |lane| lane.waiting.push_back(told));
        }
    }
}

/// Goes on with what waits.
pub(super) fn resume_all(shared: &Arc<Shared>) {
    let places: Vec<_> =
        shared.relays.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
    for (tenant, id) in places {
        shared.wake_relay(&tenant, &id);
    }
}
