//! The door itself: the store with everything that stands around it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dinh_access::{Feed, Grant, OpenWrites, Policy, Principal, Privacy, Purpose, Rule, RuleBook};
use dinh_model::{Clock, Ids, Tenant};
use dinh_ngsild::context::Context as LdContext;
use dinh_store::{IndexSpec, Options, Stats, Store};
use tokio_util::sync::CancellationToken;

use crate::ldcontext::{Hosted, LdContexts};
use crate::outbound::{AllowList, Outbound};
use crate::packs::Packs;
use crate::privacy::SealMarks;
use crate::registrations::{self, Registrations};
use crate::schema::Registry;
use crate::snapshots::{self, Snapshots};
use crate::stirred::Stirred;
use crate::subscriptions::{Around, Subscriptions};
use crate::units::Units;
use crate::{Directory, Error, SchemaGuard, SchemaPast, Session};

/// What the door needs to know at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder that holds the graph.
    pub data: PathBuf,
    /// How the store works. What its vault seals, the packs say.
    pub store: Options,
    /// Who may do what.
    pub access: AccessSettings,
    /// Which hosts may be called.
    pub outbound: AllowList,
    /// Addresses under which this server is reached, without a path.
    pub own_addresses: Vec<String>,
}

/// What decides who may do what.
#[derive(Clone, Debug)]
pub struct AccessSettings {
    /// The rules that the packs write.
    pub rules: Vec<Rule>,
    /// From where nobody in particular may write.
    pub open_writes: OpenWrites,
    /// Who may see entities of types that no pack describes.
    pub undescribed: Privacy,
}

impl AccessSettings {
    /// These rules, and what is safe.
    pub fn of(rules: Vec<Rule>) -> Self {
        Self { rules, open_writes: OpenWrites::default(), undescribed: Privacy::Internal }
    }
}

/// The one door to the graph. Cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    store: Store,
    /// The door's own right to follow the feed and keep the store in order.
    own: Grant<Feed>,
    policy: Policy,
    packs: Packs,
    types: Arc<Registry>,
    ld_contexts: Arc<LdContexts>,
    outbound: Outbound,
    subscriptions: Subscriptions,
    registrations: Registrations,
    snapshots: Snapshots,
    stirred: Arc<Stirred>,
    units: Units,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    data: PathBuf,
    /// Held while the whole audit is examined.
    examining: tokio::sync::Mutex<()>,
}

impl Context {
    /// Opens the graph in `settings.data`, and declares what the packs index and search.
    pub async fn open(
        settings: Settings,
        packs: Packs,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, Error> {
        let core = LdContext::core();
        let types = Arc::new(Registry::read(&packs, &|name| core.expand(name))?);
        let mut options = settings.store;
        options.guard = Some(Arc::new(SchemaGuard::new(Arc::clone(&types))));
        options.past = Some(Arc::new(SchemaPast::new(Arc::clone(&types))));
        let access = settings.access;
        let catalogue = types.catalogue(access.undescribed);
        if let Some(vault) = &mut options.vault {
            vault.marks = Arc::new(SealMarks::new(&types, catalogue.clone(), access.undescribed));
        }
        let store = Store::open(&settings.data, options, Arc::clone(&clock)).await?;
        let policy = Policy::new(RuleBook::new(access.rules), catalogue, access.open_writes);
        let own = policy.feed(&Principal::System("door".into()), Purpose::Maintenance)?;
        declare(&store, &own, &types).await?;
        let outbound = Outbound::new(settings.outbound)?;
        let hosted = Hosted::new(store.clone(), policy.clone(), settings.own_addresses);
        let ld_contexts = Arc::new(LdContexts::new(outbound.clone(), hosted));
        let stirred = Arc::new(Stirred::default());
        let subscriptions = Subscriptions::open(Around {
            store: store.clone(),
            policy: policy.clone(),
            outbound: outbound.clone(),
            contexts: Arc::clone(&ld_contexts),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            stirred: Arc::clone(&stirred),
        })
        .await?;
        let registrations = Registrations::open(registrations::Around {
            store: store.clone(),
            policy: policy.clone(),
            outbound: outbound.clone(),
            contexts: Arc::clone(&ld_contexts),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            stirred: Arc::clone(&stirred),
        })
        .await?;
        let context = Self(Arc::new(Inner {
            ld_contexts,
            policy,
            store,
            own,
            packs,
            types,
            outbound,
            subscriptions,
            registrations,
            snapshots: Snapshots::default(),
            stirred,
            units: Units::default(),
            clock,
            ids,
            data: settings.data,
            examining: tokio::sync::Mutex::default(),
        }));
        context.0.snapshots.read_all(&context).await?;
        Ok(context)
    }

    /// Lets somebody in.
    pub fn session(&self, who: Principal, tenant: Tenant, purpose: Purpose) -> Session {
        Session::new(self.clone(), who, tenant, purpose)
    }

    /// A session of a part of the program itself.
    pub fn system(&self, part: &str, tenant: Tenant) -> Session {
        self.session(Principal::System(part.into()), tenant, Purpose::Operations)
    }

    /// The packs in use.
    pub fn packs(&self) -> &Packs {
        &self.0.packs
    }

    /// What the packs say about types.
    pub fn types(&self) -> &Registry {
        &self.0.types
    }

    /// `@context` documents.
    pub fn ld_contexts(&self) -> &LdContexts {
        &self.0.ld_contexts
    }

    /// Calls to other machines.
    pub fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    /// Subscriptions and their delivery.
    pub fn subscriptions(&self) -> &Subscriptions {
        &self.0.subscriptions
    }

    /// Registrations of other context sources.
    pub fn registrations(&self) -> &Registrations {
        &self.0.registrations
    }

    /// Snapshots of what queries found.
    pub fn snapshots(&self) -> &Snapshots {
        &self.0.snapshots
    }

    /// Asks `directory` from now on what accounts may do that act later on their own. The first one stays.
    pub fn introduce(&self, directory: Arc<dyn Directory>) {
        self.0.subscriptions.ask(directory);
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// The source of fresh identifiers.
    pub fn ids(&self) -> &dyn Ids {
        self.0.ids.as_ref()
    }

    /// The change feed across tenants, for a part of the program that shows each change only to those who may see it.
    pub fn feed(&self, part: &str) -> Result<FeedReader, Error> {
        let grant = self.0.policy.feed(&Principal::System(part.into()), Purpose::Operations)?;
        Ok(FeedReader { store: self.0.store.clone(), grant })
    }

    /// Number of the newest change in the feed.
    pub fn head(&self) -> u64 {
        self.0.store.head(&self.0.own)
    }

    /// Sizes of the graph.
    pub async fn stats(&self) -> Result<Stats, Error> {
        Ok(self.0.store.stats(&self.0.own).await?)
    }

    /// The tenants that have something in the graph.
    pub fn tenants(&self) -> Vec<Tenant> {
        let all = self.0.store.tenants(&self.0.own);
        all.into_iter().filter(|tenant| !tenant.is_frozen()).collect()
    }

    /// The places where snapshots of a tenant are kept, or were.
    pub(crate) fn frozen(&self, tenant: &Tenant) -> Vec<Tenant> {
        let all = self.0.store.tenants(&self.0.own);
        all.into_iter().filter(|one| one.is_frozen() && one.base_name() == tenant.as_str()).collect()
    }

    /// Copies the graph to a file, consistently, while it is written to.
    pub async fn backup(&self, to: &Path) -> Result<(), Error> {
        Ok(self.0.store.backup(&self.0.own, to).await?)
    }

    /// What was changed of subscriptions and registrations, for whoever keeps other sources in step with them.
    pub fn stirred(&self) -> &Stirred {
        &self.0.stirred
    }

    /// Follows the feed and delivers subscriptions until `stop`.
    pub async fn deliver(&self, stop: CancellationToken) {
        let frozen = snapshots::run(self, &stop);
        tokio::join!(self.0.subscriptions.run(stop.clone()), self.0.registrations.run(stop.clone()), frozen);
    }

    /// Writes what is queued and closes the graph.
    pub async fn close(&self) -> Result<(), Error> {
        Ok(self.0.store.close().await?)
    }

    /// The door's own right to keep the store in order.
    pub(crate) fn own(&self) -> &Grant<Feed> {
        &self.0.own
    }

    /// The folder that holds the graph.
    pub(crate) fn data(&self) -> &Path {
        &self.0.data
    }

    pub(crate) fn examining(&self) -> &tokio::sync::Mutex<()> {
        &self.0.examining
    }

    /// The rules of access, for those who explain them.
    pub fn rules(&self) -> &RuleBook {
        self.0.policy.book()
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.0.policy
    }

    pub(crate) fn unit_views(&self) -> &Units {
        &self.0.units
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
}

async fn declare(store: &Store, own: &Grant<Feed>, types: &Registry) -> Result<(), Error> {
    let mut indexed = Vec::new();
    let mut searched = Vec::new();
    for entity_type in types.types() {
        for attribute in &entity_type.attributes {
            let term = attribute.term.clone();
            if attribute.index {
                indexed.push(IndexSpec { entity_type: entity_type.term.clone(), attribute: term.clone() });
            }
            if attribute.search {
                searched.push(term);
            }
        }
    }
    store.declare_indexes(own, indexed).await?;
    store.declare_search(own, searched).await?;
    Ok(())
}

/// Reads the change feed.
#[derive(Clone)]
pub struct FeedReader {
    store: Store,
    grant: Grant<Feed>,
}

impl FeedReader {
    /// Follows the number of the newest change.
    pub fn watch(&self) -> tokio::sync::watch::Receiver<u64> {
        self.store.watch(&self.grant)
    }

    /// At most `limit` changes after number `after`, in order. Fresh ones carry the entity as it stood after them.
    pub async fn changes(&self, after: u64, limit: usize) -> Result<Vec<Arc<dinh_store::Recorded>>, Error> {
        Ok(self.store.changes(&self.grant, after, limit).await?)
    }
}
