//! The task that follows the change feed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dinh_access::Sight;
use dinh_context::graph::Recorded;
use dinh_feeds::FeedStatus;
use dinh_model::{EntityId, Tenant};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_util::sync::CancellationToken;

use super::hub::{Shared, told_of};
use super::message::{HEALTH, HEARTBEAT, changes, position};
use super::rooms::Moment;
use crate::layers::Layer;

/// Shortest time between two moments: what happens within one is told together.
const TICK: Duration = Duration::from_millis(80);
/// Time between signs of life.
const BEAT: Duration = Duration::from_secs(15);
/// Time between looks at the health of the sources.
const LOOK: Duration = Duration::from_secs(5);
/// Changes read at once.
const PAGE: usize = 2_000;

pub(super) struct Follower {
    shared: Arc<Shared>,
    health: HashMap<Tenant, Vec<(String, FeedStatus, u64)>>,
}

impl Follower {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, health: HashMap::new() }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut head = self.shared.feed.watch();
        let mut beat = interval_at(Instant::now() + BEAT, BEAT);
        let mut look = interval_at(Instant::now() + LOOK, LOOK);
        for timer in [&mut beat, &mut look] {
            timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        let mut next = Instant::now();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beat.tick() => self.beat(),
                _ = look.tick() => self.look(),
                changed = head.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    // Wait for company, but not for long.
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = sleep_until(next) => {}
                    }
                    head.mark_unchanged();
                    next = Instant::now() + TICK;
                    self.catch_up().await;
                }
            }
        }
    }

    /// Tells everything up to the head of the feed.
    async fn catch_up(&self) {
        loop {
            let told = self.shared.told.load(Ordering::Acquire);
            let recorded = match self.shared.feed.changes(told, PAGE).await {
                Ok(recorded) => recorded,
                Err(error) => {
                    tracing::warn!(%error, "the change feed could not be read; live events wait");
                    return;
                }
            };
            let Some(last) = recorded.last().map(|r| r.change.seq) else { return };
            self.tell(&recorded, last).await;
            self.shared.told.store(last, Ordering::Release);
            if recorded.len() < PAGE {
                return;
            }
        }
    }

    async fn tell(&self, recorded: &[Arc<Recorded>], last: u64) {
        let mut by_tenant: HashMap<&Tenant, HashMap<&EntityId, &Recorded>> = HashMap::new();
        for one in recorded {
            by_tenant.entry(&one.change.tenant).or_default().insert(&one.change.entity, one);
        }
        for (tenant, newest) in by_tenant {
            let mut touched: Vec<(&Layer, Vec<&Recorded>)> = Vec::new();
            for layer in self.shared.layers.of(tenant) {
                let changed: Vec<&Recorded> =
                    newest.values().copied().filter(|r| layer.may_hold(&r.change.types)).collect();
                let Some(seq) = changed.iter().map(|r| r.change.seq).max() else { continue };
                self.shared.touch(tenant, layer, seq);
                touched.push((layer, changed));
            }
            for sight in self.shared.rooms.sights(tenant) {
                self.tell_audience(tenant, &sight, &touched, last).await;
            }
        }
    }

    /// Tells those who see the same what they see of a moment.
    async fn tell_audience(
        &self,
        tenant: &Tenant,
        sight: &Sight,
        touched: &[(&Layer, Vec<&Recorded>)],
        last: u64,
    ) {
        let audience = sight.audience();
        let mut moment = Moment { by_layer: Vec::new(), position: position(last) };
        for (layer, changed) in touched {
            if !self.shared.rooms.wants(tenant, &audience, &layer.id) {
                continue;
            }
            let mut seen = Vec::with_capacity(changed.len());
            for one in changed {
                seen.extend(self.shared.shown_after(layer, one, sight).await);
            }
            if !seen.is_empty() {
                let now = self.shared.context.clock().now();
                moment.by_layer.push((layer.id.clone(), changes(last, &told_of(layer, &seen, now))));
            }
        }
        self.shared.rooms.tell_moment(tenant, &audience, &moment);
    }

    fn beat(&self) {
        for tenant in self.shared.rooms.tenants() {
            self.shared.rooms.tell(&tenant, &HEARTBEAT);
        }
    }

    /// Tells provinces whose sources have fallen silent, failed or come back.
    fn look(&mut self) {
        for tenant in self.shared.rooms.tenants() {
            let now: Vec<_> = self
                .shared
                .feeds
                .health(&tenant)
                .into_iter()
                .map(|h| (format!("{}/{}", h.pack, h.feed), h.status, h.dead_letters))
                .collect();
            let before = self.health.insert(tenant.clone(), now.clone());
            if before.is_some_and(|before| before != now) {
                self.shared.rooms.tell(&tenant, &HEALTH);
            }
        }
    }
}
