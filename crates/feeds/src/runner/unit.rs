//! One feed at work: its source, its pump and its beat, watched over and started again when they fall.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::Clock;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::delivery::{Delivery, Outlet};
use super::derived::Deriver;
use super::entity;
use super::health::{FeedHealth, FeedStatus};
use super::pump::{Pump, PumpParts};
use crate::Words;
use crate::mapping::{Mapper, Vocabulary};
use crate::quality::{Checks, Outlines};
use crate::sink::{FeedKey, Work};
use crate::sources::{self, Site};

/// First and longest wait before a source that failed is tried again.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));
/// A source that ran for so long has recovered: the next failure waits the first time again.
const RECOVERED: Duration = Duration::from_mins(1);
/// How often the health is looked at.
const BEAT: Duration = Duration::from_secs(1);
/// Least time between two writes of the feed's entity, in microseconds.
const ENTITY_EVERY: i64 = 10_000_000;

/// Everything that one feed needs.
pub(super) struct Unit {
    pub(super) site: Arc<Site>,
    pub(super) mapper: Mapper,
    pub(super) deriver: Deriver,
    pub(super) vocabulary: Vocabulary,
    pub(super) outlines: Outlines,
    pub(super) outlet: Outlet,
    pub(super) deliveries: mpsc::Receiver<Delivery>,
}

impl Unit {
    /// Runs until the feed is stopped. Whatever falls inside is started again; nothing gets out.
    pub(super) async fn run(self) {
        let Self { site, mapper, deriver, vocabulary, outlines, outlet, deliveries } = self;
        let source = watch_source(Arc::clone(&site), outlet);
        let beat = beat(Arc::clone(&site), vocabulary.clone());
        let pump = watch_pump(&site, &mapper, &deriver, (&vocabulary, &outlines), deliveries);
        tokio::join!(source, beat, pump);
        site.health.stopped();
        last_words(&site, &vocabulary).await;
    }
}

/// Runs the pump, and again after it has fallen. At its end the channel is closed, so that nobody waits for an answer
/// that will not come.
async fn watch_pump(
    site: &Site,
    mapper: &Mapper,
    deriver: &Deriver,
    (vocabulary, outlines): (&Vocabulary, &Outlines),
    mut deliveries: mpsc::Receiver<Delivery>,
) {
    let mut wait = BACK_OFF.0;
    while !site.stop.is_cancelled() {
        let parts = PumpParts {
            key: site.key.clone(),
            mapper: mapper.clone(),
            checks: Checks::new(&site.definition.quality, vocabulary, outlines),
            deriver: deriver.fresh(),
            sink: Arc::clone(&site.sink),
            clock: Arc::clone(&site.clock),
            health: Arc::clone(&site.health),
            stop: site.stop.clone(),
        };
        match Pump::open(parts).await {
            Ok(pump) => {
                // The receiver comes back even from a pump that panicked: what waits in it is not lost.
                let (back, fallen) = run_pump(pump, deliveries).await;
                deliveries = back;
                match fallen {
                    Some(reason) => site.fail(&reason),
                    None => return,
                }
            }
            Err(reason) => site.fail(&graph_words(&reason.0)),
        }
        sleep_or_stop(&site.stop, &mut wait).await;
    }
}

/// Runs a pump in a task of its own, so that its fall is only its own.
async fn run_pump(
    pump: Pump,
    deliveries: mpsc::Receiver<Delivery>,
) -> (mpsc::Receiver<Delivery>, Option<Words>) {
    let shared = Arc::new(tokio::sync::Mutex::new(deliveries));
    let mut tasks = JoinSet::new();
    let lent = Arc::clone(&shared);
    tasks.spawn(async move {
        let mut deliveries = lent.lock().await;
        pump.run(&mut deliveries).await;
    });
    let end = tasks.join_next().await;
    let fallen = match end {
        Some(Err(reason)) => Some(fall_words(&reason)),
        _ => None,
    };
    drop(tasks);
    let deliveries = match Arc::try_unwrap(shared) {
        Ok(mutex) => mutex.into_inner(),
        // Cannot happen: the only other holder was the task that has ended. An empty channel ends the feed in order.
        Err(_held) => mpsc::channel(1).1,
    };
    (deliveries, fallen)
}

/// Runs the source, and again after it has failed, with longer and longer waits.
async fn watch_source(site: Arc<Site>, outlet: Outlet) {
    let mut wait = BACK_OFF.0;
    while !site.stop.is_cancelled() {
        let started = site.clock.now();
        let mut task = JoinSet::new();
        task.spawn(sources::run(Arc::clone(&site), outlet.clone()));
        let reason = match task.join_next().await {
            Some(Ok(Ok(()))) | None => {
                // A file has been read to its end.
                site.health.finished();
                site.stop.cancelled().await;
                return;
            }
            Some(Ok(Err(reason))) => reason,
            Some(Err(reason)) => fall_words(&reason),
        };
        if site.stop.is_cancelled() {
            return;
        }
        tracing::warn!(feed = %site.key, reason = %reason.en, "the source failed; trying again in {wait:?}");
        site.fail(&reason);
        if ran_long(site.clock.as_ref(), started) {
            wait = BACK_OFF.0;
        }
        sleep_or_stop(&site.stop, &mut wait).await;
    }
}

fn ran_long(clock: &dyn Clock, started: dinh_model::Timestamp) -> bool {
    u128::try_from(clock.now().micros_since(started)).unwrap_or(0) > RECOVERED.as_micros()
}

async fn sleep_or_stop(stop: &CancellationToken, wait: &mut Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(*wait) => {}
    }
    *wait = (*wait * 2).min(BACK_OFF.1);
}

/// Keeps the feed's entity up to date, at most every ten seconds.
async fn beat(site: Arc<Site>, vocabulary: Vocabulary) {
    let mut interval = tokio::time::interval(BEAT);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut written: Option<FeedHealth> = None;
    let mut written_at = i64::MIN;
    let mut known = FeedStatus::Ok;
    loop {
        tokio::select! {
            () = site.stop.cancelled() => return,
            _ = interval.tick() => {}
        }
        let now = site.clock.now();
        let health = site.health.view(now);
        if health.status != known {
            announce(&site.key, known, &health);
            known = health.status;
        }
        let due = now.as_micros().saturating_sub(written_at) >= ENTITY_EVERY;
        if due && written.as_ref() != Some(&health) {
            written_at = now.as_micros();
            if write_entity(&site, &vocabulary, &health).await {
                written = Some(health);
            }
        }
    }
}

fn announce(key: &FeedKey, before: FeedStatus, health: &FeedHealth) {
    let status = health.status.as_str();
    metrics::gauge!("dinh_feed_up", "tenant" => key.tenant.to_string(), "feed" => key.name.to_string())
        .set(if health.status == FeedStatus::Ok { 1.0 } else { 0.0 });
    if health.status == FeedStatus::Ok {
        tracing::info!(feed = %key, "the feed is {status} again (it was {})", before.as_str());
    } else {
        tracing::warn!(feed = %key, status, "the feed is {status}");
    }
}

async fn write_entity(site: &Site, vocabulary: &Vocabulary, health: &FeedHealth) -> bool {
    let write = entity::write(health, vocabulary, site.clock.now());
    let work = Work { writes: vec![write], records: Vec::new() };
    match site.sink.commit(&site.key, &work).await {
        Ok(results) => {
            if let Some(Err(refusal)) = results.first() {
                tracing::warn!(feed = %site.key, reason = %refusal, "the graph refuses the feed's own entity");
            }
            true
        }
        Err(_busy) => false,
    }
}

/// Writes that the feed has stopped; one try.
async fn last_words(site: &Site, vocabulary: &Vocabulary) {
    let health = site.health.view(site.clock.now());
    write_entity(site, vocabulary, &health).await;
}

fn fall_words(reason: &JoinError) -> Words {
    Words::new(
        format!("lỗi nội bộ của chương trình, nguồn đang được khởi động lại: {reason}"),
        format!("an internal fault of the program; the feed is being restarted: {reason}"),
    )
}

fn graph_words(reason: &str) -> Words {
    Words::new(format!("không đọc được kho dữ liệu: {reason}"), format!("the graph cannot be read: {reason}"))
}

impl Site {
    fn fail(&self, reason: &Words) {
        self.health.failed(reason.clone(), self.clock.now());
    }
}
