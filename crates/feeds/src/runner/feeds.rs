//! All feeds of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::{Clock, Tenant};
use serde_json::Value as Json;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::delivery::{Delivery, Outcome, Outlet};
use super::derived::Deriver;
use super::health::{FeedHealth, Health};
use super::letters::{self, DeadLetter};
use super::replies::{CorrectError, PushError, PushReport};
use super::unit::Unit;
use crate::definition::{DefinitionError, FeedDefinition, Format, SourceDefinition};
use crate::derive::Derivations;
use crate::fetch::Fetch;
use crate::files::PackFiles;
use crate::formats::{self, Item};
use crate::mapping::{Mapper, Vocabulary};
use crate::quality::Outlines;
use crate::settings::FeedSettings;
use crate::sink::{FeedKey, Sink};
use crate::sources::Site;

/// Most deliveries that wait for a pump.
const CHANNEL: usize = 256;
/// Most records of one push.
const MAX_PUSHED: usize = 10_000;
/// Largest body of one push, unless the definition allows less.
const MAX_BODY: u64 = 64 << 20;
/// Records handed over at once.
const CHUNK: usize = 500;

/// What all feeds share.
#[derive(Clone)]
pub struct FeedsSetup {
    /// Where they write.
    pub sink: Arc<dyn Sink>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The way out to other machines.
    pub fetch: Arc<dyn Fetch>,
    /// Folders, addresses and secrets of the installation.
    pub settings: Arc<FeedSettings>,
    /// How names are expanded.
    pub vocabulary: Vocabulary,
    /// The derivations that `[[derive]]` may name.
    pub derivations: Derivations,
}

/// A feed to run.
#[derive(Clone)]
pub struct FeedPlan {
    /// Whose graph it writes to.
    pub tenant: Tenant,
    /// What it does.
    pub definition: Arc<FeedDefinition>,
    /// The files of its pack.
    pub files: Arc<dyn PackFiles>,
}

/// All feeds of the process. Cheap to clone.
#[derive(Clone)]
pub struct Feeds(Arc<Inner>);

struct Inner {
    feeds: BTreeMap<FeedKey, Handle>,
    sink: Arc<dyn Sink>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    units: Mutex<JoinSet<()>>,
}

struct Handle {
    definition: Arc<FeedDefinition>,
    health: Arc<Health>,
    outlet: Outlet,
    pushes: Option<(Semaphore, usize)>,
}

impl Feeds {
    /// Starts every feed that can be started, and tells what is wrong with the others. Must be called within a tokio
    /// runtime.
    pub fn start(setup: &FeedsSetup, plans: Vec<FeedPlan>) -> (Self, Vec<DefinitionError>) {
        let stop = CancellationToken::new();
        let mut feeds = BTreeMap::new();
        let mut units = JoinSet::new();
        let mut refused = Vec::new();
        for plan in plans {
            let key = FeedKey::new(plan.tenant.clone(), plan.definition.name.clone());
            match make(setup, plan, &key, stop.child_token()) {
                Ok((handle, unit)) => {
                    units.spawn(unit.run());
                    feeds.insert(key, handle);
                }
                Err(reason) => {
                    tracing::error!(feed = %key, %reason, "the feed was not started");
                    refused.push(reason);
                }
            }
        }
        let inner = Inner {
            feeds,
            sink: Arc::clone(&setup.sink),
            clock: Arc::clone(&setup.clock),
            stop,
            units: Mutex::new(units),
        };
        (Self(Arc::new(inner)), refused)
    }

    /// Stops every feed: sources first take nothing more, what is being committed is committed, and what is not
    /// acknowledged will come again.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        let mut units = {
            let mut held = self.0.units.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *held)
        };
        while units.join_next().await.is_some() {}
    }

    /// How the feeds of a tenant are doing, by pack and name.
    pub fn health(&self, tenant: &Tenant) -> Vec<FeedHealth> {
        let now = self.0.clock.now();
        let mine = self.0.feeds.iter().filter(|(key, _)| key.tenant == *tenant);
        mine.map(|(_, handle)| handle.health.view(now)).collect()
    }

    /// How one feed is doing.
    pub fn health_of(&self, feed: &FeedKey) -> Option<FeedHealth> {
        Some(self.0.feeds.get(feed)?.health.view(self.0.clock.now()))
    }

    /// What a feed does.
    pub fn definition(&self, feed: &FeedKey) -> Option<&Arc<FeedDefinition>> {
        Some(&self.0.feeds.get(feed)?.definition)
    }

    /// Takes records that somebody pushes: the answer comes when all of them are durable, in the graph or in the
    /// dead letters.
    pub async fn push(
        &self,
        feed: &FeedKey,
        media_type: &str,
        body: Vec<u8>,
    ) -> Result<PushReport, PushError> {
        let handle = self.0.feeds.get(feed).ok_or(PushError::NoSuchFeed)?;
        let SourceDefinition::HttpPush(source) = &handle.definition.source else {
            return Err(PushError::NoSuchFeed);
        };
        let (waiting, bound) = handle.pushes.as_ref().ok_or(PushError::NoSuchFeed)?;
        let _place = waiting.try_acquire().map_err(|_full| PushError::Busy(*bound))?;
        let most = source.format.most_bytes().min(MAX_BODY);
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > most {
            return Err(PushError::TooLarge(most));
        }
        let format = source.format.format.or_else(|| Format::of_media_type(media_type));
        let format = format.ok_or_else(|| PushError::MediaType(media_type.to_owned()))?;
        let how = source.format.clone();
        let read = tokio::task::spawn_blocking(move || {
            let items = formats::records(body, &"push".into(), format, &how)?;
            Ok(items.take(MAX_PUSHED + 1).collect::<Vec<Item>>())
        });
        let items = match read.await {
            Ok(Ok(items)) => items,
            Ok(Err(formats::FormatError(reason))) => return Err(PushError::Unreadable(reason)),
            Err(_fallen) => return Err(PushError::Stopping),
        };
        if items.len() > MAX_PUSHED {
            return Err(PushError::TooMany(MAX_PUSHED));
        }
        let mut outcomes = Vec::with_capacity(items.len());
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            let chunk = items.by_ref().take(CHUNK).collect();
            let told = handle.outlet.deliver(chunk, Vec::new()).await;
            outcomes.extend(told.map_err(|_stopped| PushError::Stopping)?);
        }
        Ok(PushReport::of(outcomes))
    }

    /// Dead letters of a feed with numbers after `after`, oldest first, at most `limit` (1,000).
    pub async fn dead_letters(
        &self,
        feed: &FeedKey,
        after: u64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, CorrectError> {
        self.handle(feed)?;
        letters::list(feed, self.0.sink.as_ref(), after, limit)
            .await
            .map_err(|reason| CorrectError::Unavailable(reason.0))
    }

    /// Maps a dead letter again, as it is or corrected. It is removed once its record is in the graph.
    pub async fn correct(
        &self,
        feed: &FeedKey,
        id: u64,
        corrected: Option<Json>,
    ) -> Result<(), CorrectError> {
        let letter = self.letter(feed, id).await?;
        let item = letter.item(corrected).map_err(CorrectError::Unusable)?;
        let (delivery, heard) = Delivery::corrected(id, item);
        match self.ask(feed, delivery, heard).await?.pop() {
            Some(Outcome::Accepted) => Ok(()),
            Some(Outcome::Skipped) => Err(CorrectError::Skipped),
            Some(Outcome::Rejected(why)) => Err(CorrectError::StillWrong(why)),
            None => Err(CorrectError::Stopping),
        }
    }

    /// Throws a dead letter away.
    pub async fn discard(&self, feed: &FeedKey, id: u64) -> Result<(), CorrectError> {
        self.letter(feed, id).await?;
        let (delivery, heard) = Delivery::discarded(id);
        self.ask(feed, delivery, heard).await.map(drop)
    }

    fn handle(&self, feed: &FeedKey) -> Result<&Handle, CorrectError> {
        self.0.feeds.get(feed).ok_or(CorrectError::NoSuchFeed)
    }

    async fn letter(&self, feed: &FeedKey, id: u64) -> Result<DeadLetter, CorrectError> {
        self.handle(feed)?;
        let found = letters::find(feed, self.0.sink.as_ref(), id).await;
        found.map_err(|reason| CorrectError::Unavailable(reason.0))?.ok_or(CorrectError::NoSuchLetter)
    }

    async fn ask(
        &self,
        feed: &FeedKey,
        delivery: Delivery,
        heard: tokio::sync::oneshot::Receiver<Vec<Outcome>>,
    ) -> Result<Vec<Outcome>, CorrectError> {
        let handle = self.handle(feed)?;
        handle.outlet.send(delivery).await.map_err(|_stopped| CorrectError::Stopping)?;
        heard.await.map_err(|_dropped| CorrectError::Stopping)
    }
}

/// Compiles one feed.
fn make(
    setup: &FeedsSetup,
    plan: FeedPlan,
    key: &FeedKey,
    stop: CancellationToken,
) -> Result<(Handle, Unit), DefinitionError> {
    let FeedPlan { definition, files, .. } = plan;
    let mapper = Mapper::new(&definition, &setup.vocabulary)?;
    let deriver = Deriver::new(&definition, &setup.derivations, &setup.vocabulary)?;
    let outlines = Outlines::read(&definition, files.as_ref())?;
    let health = Arc::new(Health::new(key, &definition, setup.clock.now()));
    let (sender, deliveries) = mpsc::channel(CHANNEL);
    let outlet = Outlet(sender);
    let pushes = match &definition.source {
        SourceDefinition::HttpPush(push) => {
            let bound = usize::from(push.queue);
            Some((Semaphore::new(bound), bound))
        }
        _ => None,
    };
    let site = Site {
        key: key.clone(),
        definition: Arc::clone(&definition),
        files,
        settings: Arc::clone(&setup.settings),
        fetch: Arc::clone(&setup.fetch),
        sink: Arc::clone(&setup.sink),
        clock: Arc::clone(&setup.clock),
        health: Arc::clone(&health),
        stop,
    };
    let unit = Unit {
        site: Arc::new(site),
        mapper,
        deriver,
        vocabulary: setup.vocabulary.clone(),
        outlines,
        outlet: outlet.clone(),
        deliveries,
    };
    Ok((Handle { definition, health, outlet, pushes }, unit))
}
