//! The pump of a feed: maps, checks, derives and commits, batch by batch, and never gives up on a delivery.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::{Clock, Timestamp};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, Prepared};
use super::delivery::{Delivery, Outcome, Stopped};
use super::derived::Deriver;
use super::health::{Health, Tally};
use super::letters::Letters;
use super::order::Order;
use crate::Words;
use crate::mapping::{Mapper, Rejection};
use crate::quality::{Checks, SavedSeries};
use crate::sink::{Applied, FeedKey, Outcomes, RecordChange, Sink, SinkError, Work};

/// Most records worked on together.
const MAX_BATCH: usize = 500;
/// First and longest wait before a commit is tried again.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));
/// Kind of the records that keep what a feed must remember.
pub(crate) const STATE_KIND: &str = "feed-state";
/// Time between two counts of overdue series.
const OVERDUE_EVERY: Duration = Duration::from_secs(10);
/// How many commits, and how many microseconds, may pass before the memory of the checks is saved: what was not saved
/// is forgotten when the machine falls, and a station that reports once an hour makes few commits.
const SAVE_EVERY: (u32, i64) = (256, 300_000_000);

/// Everything that works on the deliveries of one feed.
pub(super) struct Pump {
    pub(super) key: FeedKey,
    pub(super) mapper: Mapper,
    pub(super) checks: Checks,
    pub(super) deriver: Deriver,
    pub(super) order: Order,
    pub(super) letters: Letters,
    pub(super) sink: Arc<dyn Sink>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Arc<Health>,
    pub(super) stop: CancellationToken,
    unsaved: u32,
    saved_at: Timestamp,
}

/// What a pump is made of.
pub(super) struct PumpParts {
    pub(super) key: FeedKey,
    pub(super) mapper: Mapper,
    pub(super) checks: Checks,
    pub(super) deriver: Deriver,
    pub(super) sink: Arc<dyn Sink>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Arc<Health>,
    pub(super) stop: CancellationToken,
}

impl Pump {
    /// Reads what the feed must remember.
    pub(super) async fn open(parts: PumpParts) -> Result<Self, SinkError> {
        let PumpParts { key, mapper, mut checks, deriver, sink, clock, health, stop } = parts;
        let letters = Letters::open(&key, sink.as_ref()).await?;
        let saved = sink.record(&key.tenant, STATE_KIND, &quality_key(&key)).await?;
        if let Some(saved) = saved.and_then(|body| serde_json::from_value::<SavedSeries>(body).ok()) {
            checks.restore(saved);
        }
        let order = Order::new();
        let saved_at = clock.now();
        let pump = Self {
            key,
            mapper,
            checks,
            deriver,
            order,
            letters,
            sink,
            clock,
            health,
            stop,
            unsaved: 0,
            saved_at,
        };
        pump.show_letters();
        Ok(pump)
    }

    /// Works until the feed stops.
    pub(super) async fn run(mut self, deliveries: &mut mpsc::Receiver<Delivery>) {
        let mut overdue = tokio::time::interval(OVERDUE_EVERY);
        overdue.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            let first = tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                // Series fall overdue, and a backfill catches up, while nothing more is delivered.
                _ = overdue.tick() => {
                    self.health.overdue(self.checks.overdue(self.clock.now()));
                    continue;
                }
                delivery = deliveries.recv() => delivery,
            };
            let Some(first) = first else { break };
            let mut batch = Batch { deliveries: vec![first] };
            while batch.len() < MAX_BATCH
                && let Ok(next) = deliveries.try_recv()
            {
                batch.deliveries.push(next);
            }
            if self.work(batch).await.is_err() {
                break;
            }
        }
        self.save_once().await;
    }

    async fn work(&mut self, batch: Batch) -> Result<(), Stopped> {
        let started = self.clock.now();
        let mut prepared = batch.prepare(&self.mapper, &mut self.checks, started);
        self.derive(&mut prepared).await?;
        let late = self.write(&mut prepared).await?;
        let outcomes = self.settle(&batch, &prepared).await?;
        let tally = Tally {
            accepted: count(&outcomes, |outcome| *outcome == Outcome::Accepted),
            skipped: count(&outcomes, |outcome| *outcome == Outcome::Skipped),
            rejected: count(&outcomes, |outcome| matches!(outcome, Outcome::Rejected(_))),
            late,
            ..prepared.tally
        };
        self.health.count(&tally, self.clock.now());
        self.show_letters();
        self.measure(&tally);
        batch.answer(outcomes.into_iter());
        Ok(())
    }

    /// Adds derived attributes.
    async fn derive(&mut self, prepared: &mut Prepared) -> Result<(), Stopped> {
        let mut wait = RETRY.0;
        loop {
            let now = self.clock.now();
            let sink = Arc::clone(&self.sink);
            let run = self.deriver.run(&self.key.tenant, sink.as_ref(), &mut prepared.fragments, now).await;
            match run {
                Ok(()) => break,
                Err(reason) => self.pause(&reason, &mut wait).await?,
            }
        }
        if let Some(reason) = self.deriver.fallen() {
            tracing::error!(feed = %self.key, reason = %reason.en, "a derivation fell; its attributes are left out");
            self.health.remarked(reason, self.clock.now());
        }
        Ok(())
    }

    /// Writes the fragments; what the graph refuses joins the rejections. Returns how many observations were late.
    async fn write(&mut self, prepared: &mut Prepared) -> Result<u64, Stopped> {
        let fragments = std::mem::take(&mut prepared.fragments);
        if fragments.is_empty() {
            return Ok(0);
        }
        let mut wait = RETRY.0;
        let sink = Arc::clone(&self.sink);
        while let Err(reason) = self.order.learn(&self.key.tenant, sink.as_ref(), &fragments).await {
            self.pause(&reason, &mut wait).await?;
        }
        let writes: Vec<_> = fragments.into_iter().map(|fragment| self.order.sort(fragment)).collect();
        let late = writes.iter().map(|write| write.late.len()).sum::<usize>();
        let work = Work { writes, records: Vec::new() };
        let results = self.commit(&work).await?;
        for ((result, owner), write) in results.into_iter().zip(&prepared.owners).zip(&work.writes) {
            match result {
                Err(refusal) => {
                    self.order.forget(&write.fragment.id);
                    prepared.rejections.push((*owner, *refusal.0));
                }
                // The entity had gone: what was remembered as its present value is no longer.
                Ok(Applied::Created) if !write.late.is_empty() => self.order.forget(&write.fragment.id),
                Ok(_) => {}
            }
        }
        Ok(u64::try_from(late).unwrap_or(u64::MAX))
    }

    /// Writes dead letters and what sources want remembered. After this the batch is done with for ever.
    async fn settle(&mut self, batch: &Batch, prepared: &Prepared) -> Result<Vec<Outcome>, Stopped> {
        let now = self.clock.now();
        let mut first: Vec<Option<&Rejection>> = vec![None; batch.len()];
        for (index, why) in &prepared.rejections {
            if let Some(slot) = first.get_mut(*index) {
                slot.get_or_insert(why);
            }
        }
        let mut records = Vec::new();
        let mut outcomes = Vec::with_capacity(batch.len());
        let parts = batch.items().zip(batch.letters()).zip(first).zip(&prepared.skipped);
        for (((item, letter), why), skipped) in parts {
            match (why, letter) {
                (Some(why), None) => self.letters.add(&self.key, item, why, now, &mut records),
                (None, Some(id)) if !*skipped => records.extend(self.letters.remove(&self.key, id)),
                // A correction that is still wrong, or that no map wants, leaves the letter where it is.
                (_, Some(_)) | (None, None) => {}
            }
            outcomes.push(match why {
                Some(why) => Outcome::Rejected(Box::new(why.clone())),
                None if *skipped => Outcome::Skipped,
                None => Outcome::Accepted,
            });
        }
        for delivery in &batch.deliveries {
            records.extend(delivery.then.iter().cloned());
            records.extend(delivery.discard.and_then(|id| self.letters.remove(&self.key, id)));
        }
        records.extend(self.due_state());
        if !records.is_empty() {
            self.commit(&Work { writes: Vec::new(), records }).await?;
        }
        Ok(outcomes)
    }

    /// Commits, however often it takes. Only a stop ends it without success.
    async fn commit(&mut self, work: &Work) -> Result<Outcomes, Stopped> {
        let mut wait = RETRY.0;
        loop {
            match self.sink.commit(&self.key, work).await {
                Ok(results) => {
                    self.unsaved += 1;
                    return Ok(results);
                }
                Err(reason) => self.pause(&reason, &mut wait).await?,
            }
        }
    }

    /// Waits before another try, longer each time.
    async fn pause(&self, reason: &SinkError, wait: &mut Duration) -> Result<(), Stopped> {
        tracing::warn!(feed = %self.key, %reason, "the graph does not take records now; trying again");
        let words = Words::new(
            format!("chưa ghi được vào kho dữ liệu: {reason}"),
            format!("the graph does not take records now: {reason}"),
        );
        self.health.failed(words, self.clock.now());
        tokio::select! {
            () = self.stop.cancelled() => return Err(Stopped),
            () = tokio::time::sleep(*wait) => {}
        }
        *wait = (*wait * 2).min(RETRY.1);
        Ok(())
    }

    /// The memory of the checks, once in a while.
    fn due_state(&mut self) -> Option<RecordChange> {
        let now = self.clock.now();
        if self.unsaved < SAVE_EVERY.0 && now.micros_since(self.saved_at) < SAVE_EVERY.1 {
            return None;
        }
        (self.unsaved, self.saved_at) = (0, now);
        self.state()
    }

    fn state(&mut self) -> Option<RecordChange> {
        let saved = self.checks.save()?;
        let body = serde_json::to_value(saved).ok()?;
        Some(RecordChange::Put { kind: STATE_KIND, key: quality_key(&self.key), body })
    }

    /// Saves the memory of the checks at the end; one try, because the program is going down.
    async fn save_once(&mut self) {
        if let Some(change) = self.state() {
            let work = Work { writes: Vec::new(), records: vec![change] };
            if let Err(reason) = self.sink.commit(&self.key, &work).await {
                tracing::warn!(feed = %self.key, %reason, "the memory of the quality checks was not saved");
            }
        }
    }

    fn show_letters(&self) {
        let (kept, lost) = self.letters.counts();
        self.health.letters(kept, lost);
    }

    fn measure(&self, tally: &Tally) {
        let labels = || [("tenant", self.key.tenant.to_string()), ("feed", self.key.name.to_string())];
        metrics::counter!("dinh_feed_received_total", &labels()).increment(tally.received);
        metrics::counter!("dinh_feed_accepted_total", &labels()).increment(tally.accepted);
        metrics::counter!("dinh_feed_rejected_total", &labels()).increment(tally.rejected);
        metrics::counter!("dinh_feed_flagged_total", &labels()).increment(tally.flagged);
        if let Some(lag) = self.health.lag_seconds() {
            metrics::gauge!("dinh_feed_lag_seconds", &labels()).set(lag);
        }
    }
}

fn quality_key(key: &FeedKey) -> String {
    format!("{}/quality", key.name)
}

fn count(outcomes: &[Outcome], test: impl Fn(&Outcome) -> bool) -> u64 {
    u64::try_from(outcomes.iter().filter(|outcome| test(outcome)).count()).unwrap_or(u64::MAX)
}
