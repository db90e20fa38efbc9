//! Registrations of other context sources: kept, found, and counted when their sources are called (CIM 009 clauses 5.9, 5.10
//! and 5.12). Who calls them is `federation`, above the door.
//!
//! All registrations are kept in memory beside their records: every question looks at them first. Counters are kept in memory
//! alone; what a source did before a restart says little of what it does after it.

mod book;
mod entry;
mod keeper;
mod watcher;
mod watching;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use dinh_access::{Policy, Principal, Purpose};
use dinh_model::{Clock, Ids, Tenant};
use dinh_ngsild::registration::{Discovery, Information};
use dinh_store::{Commit, Op, Store};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use book::Book;
pub use entry::Registered;
use watcher::Watcher;
pub use watching::Watching;

use crate::ldcontext::LdContexts;
use crate::outbound::Outbound;
use crate::stirred::Stirred;
use crate::subscriptions::Courier;
use crate::{Error, Session};

/// Most registrations kept, all tenants together.
pub const MAX_REGISTRATIONS: usize = 100_000;
/// Kind of the record with the name of this installation.
const NAME: &str = "installation";

/// What registrations need of the house.
pub(crate) struct Around {
    pub(crate) store: Store,
    pub(crate) policy: Policy,
    pub(crate) outbound: Outbound,
    pub(crate) contexts: Arc<LdContexts>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) stirred: Arc<Stirred>,
}

/// All registrations.
#[derive(Clone)]
pub struct Registrations(Arc<Shared>);

struct Shared {
    store: Store,
    policy: Policy,
    outbound: Outbound,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    book: RwLock<Book>,
    /// One change of the book at a time, so that it and the records agree.
    writing: Mutex<()>,
    contexts: Arc<LdContexts>,
    courier: Courier,
    stirred: Arc<Stirred>,
    /// Those who want to be told of changes.
    watchers: RwLock<BTreeMap<(Tenant, String), Arc<Watcher>>>,
    tasks: TaskTracker,
    /// Set once telling runs.
    stop: OnceLock<CancellationToken>,
    /// What distinguishes this installation from all others, once it was needed.
    name: OnceLock<String>,
}

/// A registration that matches, and the parts of it that do.
#[derive(Clone, Debug)]
pub struct Match {
    /// The registration.
    pub registered: Arc<Registered>,
    /// Which of its parts, by their places.
    pub parts: Vec<usize>,
}

impl Match {
    /// The parts that match.
    pub fn information(&self) -> impl Iterator<Item = &Information> {
        self.parts.iter().filter_map(|at| self.registered.registration.information.get(*at))
    }
}

impl Registrations {
    /// Reads the registrations kept in the store.
    pub(crate) async fn open(around: Around) -> Result<Self, Error> {
        let Around { store, policy, outbound, contexts, clock, ids, stirred } = around;
        let name = keeper::name(&store, &policy).await?.map(OnceLock::from).unwrap_or_default();
        let courier = Courier::new(outbound.clone());
        let shared = Shared {
            store,
            policy,
            outbound,
            clock,
            ids,
            book: RwLock::default(),
            writing: Mutex::new(()),
            contexts,
            courier,
            stirred,
            watchers: RwLock::default(),
            tasks: TaskTracker::new(),
            stop: OnceLock::new(),
            name,
        };
        keeper::read_all(&shared).await?;
        watching::read_all(&shared).await?;
        Ok(Self(Arc::new(shared)))
    }

    /// The name by which other brokers know a tenant of this installation (clause 5.2.40): the same after a restart, and no
    /// other installation has it. Whoever may hear it for the first time has it [kept](Self::keep_name) before.
    pub fn alias(&self, tenant: &Tenant) -> String {
        format!("dinh-{}-{tenant}", self.0.name.get().map_or("new", String::as_str))
    }

    /// Gives this installation its name, unless it has one.
    ///
    /// # Errors
    /// It cannot be kept.
    pub async fn keep_name(&self) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        self.0.keep_name().await
    }

    /// Whether a tenant has any registration: without one, nothing of a question has to go anywhere.
    pub fn has_any(&self, tenant: &Tenant) -> bool {
        self.0.book.read().unwrap_or_else(PoisonError::into_inner).has_any(tenant)
    }

    /// The tenants that have registrations.
    pub fn tenants(&self) -> Vec<Tenant> {
        self.0.book.read().unwrap_or_else(PoisonError::into_inner).tenants()
    }

    /// The registrations of a tenant that hold now, by identifier.
    pub fn of(&self, tenant: &Tenant) -> Vec<Arc<Registered>> {
        let now = self.0.clock.now();
        let book = self.0.book.read().unwrap_or_else(PoisonError::into_inner);
        book.of(tenant).filter(|entry| entry.registration.holds(now)).cloned().collect()
    }

    /// All registrations of the session's tenant that hold now.
    ///
    /// # Errors
    /// Whoever asks may not read here.
    pub fn all(&self, session: &Session) -> Result<Vec<Arc<Registered>>, Error> {
        session.may_read()?;
        Ok(self.of(session.tenant()))
    }

    /// The registrations of a tenant that a search finds, by identifier. Those whose source a request came by already (`via`:
    /// aliases) are left out, so that nothing goes round in circles (clause 5.12).
    pub fn matching(&self, tenant: &Tenant, search: &Discovery<'_>, via: &[&str]) -> Vec<Match> {
        let now = self.0.clock.now();
        let book = self.0.book.read().unwrap_or_else(PoisonError::into_inner);
        let all = book.candidates(tenant, &search.wanted).into_iter();
        all.filter(|entry| entry.registration.holds(now))
            .filter(|entry| entry.registration.alias.as_deref().is_none_or(|alias| !via.contains(&alias)))
            .filter_map(|entry| found(entry, search))
            .collect()
    }

    /// The registrations of the session's tenant that a search finds.
    ///
    /// # Errors
    /// Whoever asks may not read here.
    pub fn discover(&self, session: &Session, discovery: &Discovery<'_>) -> Result<Vec<Match>, Error> {
        session.may_read()?;
        Ok(self.matching(session.tenant(), discovery, &[]))
    }
}

fn found(registered: &Arc<Registered>, discovery: &Discovery<'_>) -> Option<Match> {
    let registration = &registered.registration;
    let found = discovery.of(registration)?;
    let place =
        |part: &&Information| registration.information.iter().position(|one| std::ptr::eq(one, *part));
    let parts = found.iter().filter_map(place).collect();
    Some(Match { registered: Arc::clone(registered), parts })
}

impl Shared {
    /// Commits records, which are all kept with the default tenant.
    async fn write(&self, ops: Vec<Op>) -> Result<(), Error> {
        let grant = self.policy.write(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
        self.store.commit(&grant, Commit::atomic(ops)).await?;
        Ok(())
    }
}

/// Who this part of the program is.
fn system() -> Principal {
    Principal::System("registrations".into())
}
