//! The hub: one task follows the change feed, turns each change into items of layers once, and hands the same bytes to
//! everybody who watches.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use dinh_access::Sight;
use dinh_context::graph::Recorded;
use dinh_context::{Context, Error, FeedReader};
use dinh_feeds::Feeds;
use dinh_model::{ChangeKind, Entity, EntityId, Tenant};
use tokio::sync::mpsc::Receiver;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::follow::Follower;
use super::message::{Told, changes};
use super::rooms::Rooms;
use super::seats::{Seat, Seats};
use crate::layers::{Item, Layer, Layers};
use crate::router::Spender;

/// Most changes told again to a browser that comes back; one who has missed more fetches everything.
const MAX_REPLAYED: u64 = 2_000;

/// Tells browsers what changes. Cheap to clone; the task ends with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct Hub(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    places: Arc<Semaphore>,
    seats: Seats,
    most: usize,
    _stop: DropGuard,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("most", &self.most).finish_non_exhaustive()
    }
}

/// What the task and the handlers share.
pub(super) struct Shared {
    pub(super) context: Context,
    pub(super) feeds: Feeds,
    pub(super) feed: FeedReader,
    pub(super) layers: Arc<Layers>,
    pub(super) rooms: Rooms,
    /// The last change that was told.
    pub(super) told: AtomicU64,
    /// The last change that touched a layer.
    versions: RwLock<HashMap<(Tenant, Arc<str>), u64>>,
    /// The version of layers that nothing has touched since the start.
    first: u64,
}

/// Somebody who watches.
#[derive(Debug)]
pub(crate) struct Watcher {
    /// What was missed since the last visit.
    pub(crate) missed: Vec<Bytes>,
    /// What comes.
    pub(crate) messages: Receiver<Bytes>,
    /// The place that is kept as long as somebody watches.
    _place: OwnedSemaphorePermit,
    /// And that among those of its caller.
    _seat: Option<Seat>,
}

/// Why somebody may not watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// All places are taken.
    House,
    /// All places of this caller are taken: so many.
    Caller(u32),
}

impl Hub {
    /// Begins to follow the feed from where it stands now.
    pub(crate) fn start(
        context: Context,
        feeds: Feeds,
        layers: Arc<Layers>,
        most: usize,
    ) -> Result<Self, Error> {
        let head = context.head();
        let shared = Arc::new(Shared {
            feed: context.feed("live")?,
            context,
            feeds,
            layers,
            rooms: Rooms::default(),
            told: AtomicU64::new(head),
            versions: RwLock::default(),
            first: head,
        });
        let stop = CancellationToken::new();
        tokio::spawn(Follower::new(Arc::clone(&shared)).run(stop.clone()));
        let most = most.min(Semaphore::MAX_PERMITS);
        Ok(Self(Arc::new(Inner {
            shared,
            places: Arc::new(Semaphore::new(most)),
            seats: Seats::default(),
            most,
            _stop: stop.drop_guard(),
        })))
    }

    /// Ends all live events, for good: whoever watches is sent home and comes back to the next process.
    pub(crate) fn close(&self) {
        self.0.shared.rooms.close();
    }

    /// How many may watch at once.
    pub(crate) fn most(&self) -> usize {
        self.0.most
    }

    /// How many watch now.
    pub(crate) fn watching(&self) -> usize {
        self.0.most - self.0.places.available_permits()
    }

    /// The number of the last change that touched a layer: what is drawn of it is true as long as this stands.
    pub(crate) fn version(&self, tenant: &Tenant, layer: &Layer) -> u64 {
        let versions = self.0.shared.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions.get(&(tenant.clone(), Arc::clone(&layer.key))).copied().unwrap_or(self.0.shared.first)
    }

    /// Begins to watch some layers. `last` is the position that the browser saw last; `caller` may watch so many times
    /// at once, or as often as there is place.
    pub(crate) async fn watch(
        &self,
        (tenant, sight): (&Tenant, &Arc<Sight>),
        layers: &[&Layer],
        last: Option<u64>,
        caller: Option<(Spender, u32)>,
    ) -> Result<Watcher, Full> {
        let seat = match caller {
            Some((caller, most)) => Some(self.0.seats.take(caller, most).ok_or(Full::Caller(most))?),
            None => None,
        };
        let place = Arc::clone(&self.0.places).try_acquire_owned().map_err(|_taken| Full::House)?;
        let shared = &self.0.shared;
        let names = layers.iter().map(|layer| layer.id.clone()).collect();
        // First listen, then ask what was missed: a change told twice does no harm, one not told would.
        let messages = shared.rooms.enter(tenant, sight, names);
        let missed = match last {
            Some(last) => shared.since((tenant, sight), layers, last).await,
            None => Vec::new(),
        };
        Ok(Watcher { missed, messages, _place: place, _seat: seat })
    }
}

impl Shared {
    /// Remembers that change `seq` touched a layer.
    pub(super) fn touch(&self, tenant: &Tenant, layer: &Layer, seq: u64) {
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        versions.insert((tenant.clone(), Arc::clone(&layer.key)), seq);
    }

    /// What a browser has missed since change `last`: the changes, or the advice to fetch everything.
    async fn since(&self, (tenant, sight): (&Tenant, &Sight), layers: &[&Layer], last: u64) -> Vec<Bytes> {
        let told = self.told.load(Ordering::Acquire);
        if last >= told {
            return Vec::new();
        }
        if told - last > MAX_REPLAYED {
            return vec![super::message::RESET];
        }
        let limit = usize::try_from(MAX_REPLAYED).unwrap_or(usize::MAX);
        let Ok(recorded) = self.feed.changes(last, limit).await else { return vec![super::message::RESET] };
        let mut newest: HashMap<&EntityId, &Recorded> = HashMap::new();
        for one in recorded.iter().filter(|r| r.change.tenant == *tenant) {
            newest.insert(&one.change.entity, one);
        }
        let now = self.context.clock().now();
        let mut missed = Vec::new();
        for layer in layers {
            let mut seen = Vec::new();
            for one in newest.values().filter(|r| layer.may_hold(&r.change.types)) {
                seen.extend(self.shown_after(layer, one, sight).await);
            }
            if !seen.is_empty() {
                missed.push(changes(told, &told_of(layer, &seen, now)));
            }
        }
        missed.push(super::message::position(told));
        missed
    }

    /// What a layer shows of an entity after a change: the item, or that it has left the layer. Nothing at all of an
    /// entity that is not seen now and was not before: its very name is hidden.
    pub(super) async fn shown_after(
        &self,
        layer: &Layer,
        recorded: &Recorded,
        sight: &Sight,
    ) -> Option<(EntityId, Option<Item>)> {
        let change = &recorded.change;
        let now = self.standing(recorded).await;
        if let Some(seen) = now.as_ref().and_then(|entity| sight.view(entity))
            && layer.holds(&seen)
        {
            return Some((change.entity.clone(), Some(Item::new(layer, &seen))));
        }
        let was_seen = sight.view(&before(recorded, now.as_deref())?).is_some();
        was_seen.then(|| (change.entity.clone(), None))
    }

    /// The entity after a change; none if it is gone.
    async fn standing(&self, recorded: &Recorded) -> Option<Arc<Entity>> {
        let change = &recorded.change;
        if change.kind == ChangeKind::Deleted {
            return None;
        }
        if let Some(entity) = &recorded.after {
            return Some(Arc::clone(entity));
        }
        // Old changes come without the entity: what it is now is told instead.
        let session = self.context.system("live", change.tenant.clone());
        session.find(&change.entity).await.ok().flatten().map(|found| found.entity)
    }
}

/// The entity as it stood before a change, from what stood after it and what the change says; none if there was none.
fn before(recorded: &Recorded, after: Option<&Entity>) -> Option<Arc<Entity>> {
    let change = &recorded.change;
    let first = match change.kind {
        ChangeKind::Created => return None,
        _ => change.types.first()?,
    };
    let mut entity =
        after.cloned().unwrap_or_else(|| Entity::new(change.entity.clone(), first.clone(), change.at));
    entity.types.clone_from(&change.types);
    for attribute in &change.attributes {
        if let Some(before) = &attribute.before {
            entity.set(attribute.name.clone(), before.clone());
        } else if let Some(instances) = entity.attributes.get_mut(&attribute.name) {
            instances.retain(|instance| instance.dataset_id != attribute.dataset_id);
        }
    }
    Some(Arc::new(entity))
}

/// What is told of some entities of a layer.
pub(super) fn told_of<'a>(
    layer: &'a Layer,
    seen: &'a [(EntityId, Option<Item>)],
    now: dinh_model::Timestamp,
) -> Vec<Told<'a>> {
    seen.iter()
        .map(|(id, item)| match item {
            Some(item) => Told::item(layer, item, now),
            None => Told::gone(layer, id),
        })
        .collect()
}
