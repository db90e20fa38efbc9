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

mod again;
mod behind;
mod book;
mod delivery;
mod entry;
mod follower;
mod image;
mod keeper;
mod notice;
mod relay;
mod saver;
mod sender;
mod standing;
mod timer;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use dinh_access::{Feed, Grant, Policy, Principal, Purpose, Read};
use dinh_model::{Clock, Ids, Iri, Tenant};
use dinh_store::Store;
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use again::{Again, MOST_AGAIN};
pub(crate) use delivery::{Courier, Message, check_endpoint};
pub use entry::{Counters, View};
pub(crate) use keeper::plain;
pub(crate) use notice::{headers, timeout};
pub use relay::Relayed;
pub use standing::{Standing, Waiting};

use crate::Error;
use crate::ldcontext::LdContexts;
use crate::outbound::Outbound;
use crate::owner::{Directory, Halt};
use crate::stirred::Stirred;
use book::Book;
use entry::Entry;

/// Most subscriptions kept, all tenants together.
pub const MAX_SUBSCRIPTIONS: usize = 100_000;
/// Notifications on their way at once.
const MAX_SENDING: usize = 256;

/// What subscriptions need of the house.
pub(crate) struct Around {
    pub(crate) store: Store,
    pub(crate) policy: Policy,
    pub(crate) outbound: Outbound,
    pub(crate) contexts: Arc<LdContexts>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) stirred: Arc<Stirred>,
}

/// All subscriptions.
#[derive(Clone)]
pub struct Subscriptions(Arc<Shared>);

struct Shared {
    store: Store,
    policy: Policy,
    feed: Grant<Feed>,
    courier: Courier,
    outbound: Outbound,
    contexts: Arc<LdContexts>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    book: Book,
    /// What other sources tell of.
    relays: relay::Relays,
    stirred: Arc<Stirred>,
    /// One change of the book at a time, so that it and the records agree.
    writing: Mutex<()>,
    /// One save of positions at a time, so that an older one is not written over a newer one.
    saving: Mutex<()>,
    /// Changes up to here have been handed to the subscriptions they concern.
    handed: AtomicU64,
    /// Changes up to here are being handed out: a subscription that reads on by itself must get this far to rejoin.
    handing: AtomicU64,
    /// What the store knows of `handed`.
    saved_up_to: AtomicU64,
    sending: Semaphore,
    tasks: TaskTracker,
    /// Who accounts are, once somebody knows.
    directory: OnceLock<Arc<dyn Directory>>,
    /// Set once delivery runs.
    stop: OnceLock<CancellationToken>,
}

impl Subscriptions {
    /// Reads the subscriptions kept in the store.
    pub(crate) async fn open(around: Around) -> Result<Self, Error> {
        let shared = Shared {
            feed: around.policy.feed(&system(), Purpose::Operations)?,
            courier: Courier::new(around.outbound.clone()),
            store: around.store,
            policy: around.policy,
            outbound: around.outbound,
            contexts: around.contexts,
            clock: around.clock,
            ids: around.ids,
            book: Book::default(),
            relays: relay::Relays::default(),
            stirred: around.stirred,
            writing: Mutex::new(()),
            saving: Mutex::new(()),
            handed: AtomicU64::new(0),
            handing: AtomicU64::new(0),
            saved_up_to: AtomicU64::new(0),
            sending: Semaphore::new(MAX_SENDING),
            tasks: TaskTracker::new(),
            directory: OnceLock::new(),
            stop: OnceLock::new(),
        };
        keeper::read_all(&shared).await?;
        relay::read_all(&shared).await?;
        Ok(Self(Arc::new(shared)))
    }

    /// Asks `directory` from now on what owners of subscriptions may see. The first one stays.
    pub(crate) fn ask(&self, directory: Arc<dyn Directory>) {
        drop(self.0.directory.set(directory));
    }

    /// Follows the feed and delivers until `stop`; then saves the positions. Runs once.
    pub(crate) async fn run(&self, stop: CancellationToken) {
        let shared = &self.0;
        if shared.stop.set(stop.clone()).is_err() {
            return;
        }
        entry::resume_all(shared);
        relay::resume_all(shared);
        tokio::join!(follower::run(shared, &stop), saver::run(shared, &stop), timer::run(shared, &stop));
        shared.tasks.close();
        shared.tasks.wait().await;
        saver::save(shared).await;
    }
}

impl Shared {
    /// What this part of the program may read in a tenant.
    fn reading(&self, tenant: &Tenant) -> Result<Grant<Read>, Error> {
        Ok(self.policy.read(&system(), tenant, Purpose::Operations)?)
    }

    /// What the owner of a subscription may read now, or why it may read nothing.
    async fn reading_of(&self, entry: &Entry) -> Result<Grant<Read>, Halt> {
        let directory = self.directory.get().map(AsRef::as_ref);
        let owner = entry.owner.principal(directory, &entry.tenant.base()).await?;
        self.policy.read(&owner, &entry.tenant, Purpose::Operations).map_err(|_denied| Halt::Rights)
    }

    /// An identifier for a notification.
    fn fresh_id(&self) -> Iri {
        Iri::trusted(format!("urn:ngsi-ld:Notification:{}", self.ids.uuid()))
    }

    /// Starts the task of a subscription that has something to catch up with.
    fn wake_if_behind(self: &Arc<Self>, entry: &Arc<Entry>) {
        if self.stop.get().is_some() && entry.start() {
            entry::wake(self, entry);
        }
    }
}

/// Who this part of the program is.
fn system() -> Principal {
    Principal::System("subscriptions".into())
}
