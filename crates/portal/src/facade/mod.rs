//! The one facade of links.

mod client;
mod counterparts;
mod health;
mod inbox;
mod link;
mod list;
mod outbox;
mod reconcile;
mod run;
mod units;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use dinh_casework::Casework;
use dinh_context::fields::Names;
use dinh_context::{Context, Session};
use dinh_model::{Tenant, Timestamp};
use dinh_uploads::Scanner;
use tokio::sync::Notify;

use crate::Error;
use crate::codes::Counterpart;
use crate::declared::Declared;

pub use health::Health;
pub use inbox::{Arrival, ArrivalState, Arrivals, Mapping, MappingList, Taken};
pub use link::{Link, LinkSettings};
pub use outbox::{Failed, LinkState, Synced, Waiting};
pub use reconcile::{Day, Difference};

/// The name of this part of the program, in the audit too.
const PART: &str = "portal";

/// Links with the national portal and systems like it. Cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    context: Context,
    casework: Casework,
    names: Names,
    counterparts: BTreeMap<String, Arc<Counterpart>>,
    /// How the forms of counterparts become ours, by counterpart and kind.
    declared: BTreeMap<(String, String), Arc<Declared>>,
    links: OnceLock<Vec<Link>>,
    /// Looks at files that come from outside, where one is configured.
    scanner: OnceLock<Scanner>,
    /// Told when something has arrived or is to be sent again.
    news: Notify,
}

impl Portal {
    /// Reads the counterparts of the packs. Nobody is connected before [`Portal::connect`].
    ///
    /// # Errors
    /// [`Error::Pack`] for a counterpart that makes no sense, with file and rule.
    pub fn open(context: &Context, casework: &Casework) -> Result<Self, Error> {
        let counterparts = counterparts::read(context.packs())?;
        Ok(Self(Arc::new(Inner {
            declared: counterparts::declared(context.packs(), casework, &counterparts)?,
            counterparts,
            context: context.clone(),
            casework: casework.clone(),
            names: Names::default(),
            links: OnceLock::new(),
            scanner: OnceLock::new(),
            news: Notify::new(),
        })))
    }

    /// Connects what the configuration names, with the passwords of their files; the first call stays. Nobody is called
    /// yet.
    ///
    /// # Errors
    /// [`Error::Pack`] for a link that cannot work, with the setting and the rule.
    pub fn connect(
        &self,
        links: Vec<(LinkSettings, Option<String>)>,
        scanner: Option<Scanner>,
    ) -> Result<(), Error> {
        let links = link::all(links, &self.0.counterparts, self.0.context.outbound())?;
        // A second call would come from a mistake in the wiring, and changes nothing.
        let _first = self.0.links.set(links);
        if let Some(scanner) = scanner {
            let _first = self.0.scanner.set(scanner);
        }
        Ok(())
    }

    /// What is connected in a tenant.
    pub fn links(&self, tenant: &Tenant) -> impl Iterator<Item = &Link> {
        let tenant = tenant.clone();
        self.0.links.get().into_iter().flatten().filter(move |link| link.tenant == tenant)
    }

    /// True if anything is connected in a tenant.
    pub fn is_offered(&self, tenant: &Tenant) -> bool {
        self.links(tenant).next().is_some()
    }

    /// The link to a counterpart.
    fn link_to(&self, tenant: &Tenant, counterpart: &str) -> Result<&Link, Error> {
        let found = self.0.links.get().into_iter().flatten();
        found
            .filter(|link| link.tenant == *tenant)
            .find(|link| link.counterpart.code == counterpart)
            .ok_or_else(|| Error::NoCounterpart(counterpart.to_owned()))
    }

    /// The link to which dossiers of a national procedure go: the first that names it, else the first that names none.
    fn link_of(&self, tenant: &Tenant, procedure: &str) -> Option<&Link> {
        let all = || self.0.links.get().into_iter().flatten().filter(|link| link.tenant == *tenant);
        let named = all().find(|link| link.procedures.contains(procedure));
        named.or_else(|| all().find(|link| link.procedures.is_empty()))
    }

    fn names(&self) -> &Names {
        &self.0.names
    }

    fn now(&self) -> Timestamp {
        self.0.context.clock().now()
    }

    /// This part of the program itself.
    fn own(&self, tenant: &Tenant) -> Session {
        self.0.context.system(PART, tenant.clone())
    }
}
