//! Subscriptions: kept, matched against the change feed, delivered at least once.
//!
//! One follower reads the feed and hands each change to the subscriptions that it may concern, found through an index
//! by tenant and entity type. Each subscription has a short queue and, while there is something to send, one task of
//! its own, so that a slow or dead endpoint delays nobody.
//!
//! Nothing is written when a change matches: a subscription only keeps its *position* in the feed. One that cannot
//! keep up lets its queue go and later reads on from its position. Positions and counters are saved twice a second in
//! one commit; after a crash everything behind a saved position is matched again, so a notification may come twice but
//! is never missed.

mod book;
mod delivery;
mod entry;
mod follower;
mod keeper;
mod notice;
mod saver;
mod sender;
mod timer;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use dinh_access::{Feed, Grant, Policy, Principal, Purpose};
use dinh_model::Clock;
use dinh_store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use delivery::check_endpoint;
pub use entry::{Counters, View};

use crate::outbound::Outbound;
use crate::{Error, ldcontext::LdContexts};
use book::Book;
use delivery::Courier;

/// Most subscriptions kept, all tenants together.
pub const MAX_SUBSCRIPTIONS: usize = 100_000;
/// Notifications on their way at once.
const MAX_SENDING: usize = 256;

/// All subscriptions.
#[derive(Clone)]
pub struct Subscriptions(Arc<Shared>);

struct Shared {
    store: Store,
    policy: Policy,
    feed: Grant<Feed>,
    courier: Courier,
    outbound: Outbound,
    clock: Arc<dyn Clock>,
    book: Book,
    /// Changes up to here have been handed to the subscriptions they concern.
    handed: AtomicU64,
    /// Changes up to here are being handed out: a subscription that reads on by itself must get this far to rejoin.
    handing: AtomicU64,
    sending: Semaphore,
    tasks: TaskTracker,
}

impl Subscriptions {
    /// Reads the subscriptions kept in the store.
    pub(crate) async fn open(
        store: Store,
        policy: Policy,
        outbound: Outbound,
        contexts: &LdContexts,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let system = Principal::System("subscriptions".into());
        let shared = Shared {
            feed: policy.feed(&system, Purpose::Operations)?,
            courier: Courier::new(outbound.clone()),
            store,
            policy,
            outbound,
            clock,
            book: Book::default(),
            handed: AtomicU64::new(0),
            handing: AtomicU64::new(0),
            sending: Semaphore::new(MAX_SENDING),
            tasks: TaskTracker::new(),
        };
        keeper::read_all(&shared, contexts).await?;
        Ok(Self(Arc::new(shared)))
    }

    /// Follows the feed and delivers until `stop`; then saves the positions.
    pub(crate) async fn run(&self, stop: CancellationToken) {
        let shared = &self.0;
        entry::resume_all(shared, &stop);
        tokio::join!(
            follower::run(shared, &stop),
            saver::run(shared, &stop),
            timer::run(shared, &stop),
        );
        shared.tasks.close();
        shared.tasks.wait().await;
        saver::save(shared).await;
    }
}
