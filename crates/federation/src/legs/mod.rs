//! Subscriptions of which others tell too (clauses 5.8.1 to 5.8.6): each source that a subscription concerns has a copy of it,
//! reduced to what it is registered for, whose notifications come here and are passed on.
//!
//! Copies are kept in step with subscriptions and registrations by looking at what there should be and what there is, whatever
//! was changed, at start and when a call failed: nothing is forgotten, and nobody who makes a subscription waits for a source.

mod before;
mod book;
mod notices;
mod reduce;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dinh_context::registrations::{Match, Watching};
use dinh_context::{Context, Error, Session};
use dinh_model::{EntityId, Tenant, Term};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::registration::{Discovery, Mode, Operation, Types, Wanted};
use dinh_ngsild::subscription::{Deliveries, Status, Subscription};
use futures::{StreamExt as _, stream};
use http::HeaderMap;
use tokio_util::sync::CancellationToken;

use crate::Way;
use book::{Book, Place};

pub use notices::Taken;

/// Path under which notifications of others come.
pub const NOTICES: &str = "/ngsi-ld/ex/remote-notify";
/// Calls on their way at once.
const AT_ONCE: usize = 64;
/// How often it is looked what is to be tried again.
const TICK: Duration = Duration::from_secs(2);
/// How many ticks lie between two looks at everything: what ended by itself is found so.
const TICKS: u32 = 30;

/// The copies of subscriptions at other sources. Cheap to clone.
#[derive(Clone)]
pub struct Legs(Arc<Inner>);

struct Inner {
    context: Context,
    book: Book,
}

/// What there should be at one source.
struct Wish {
    source: Match,
    subscription: Subscription,
}

impl Legs {
    /// No copies, until [`Legs::run`] reads what was kept.
    pub fn new(context: Context) -> Self {
        Self(Arc::new(Inner { context, book: Book::default() }))
    }

    /// Keeps sources in step until `stop`. Runs once.
    pub async fn run(&self, stop: CancellationToken) {
        let context = &self.0.context;
        if let Err(error) = self.0.book.read_all(context).await {
            tracing::error!(%error, "the copies of subscriptions at other sources cannot be read");
            return;
        }
        for tenant in self.everywhere() {
            self.put_in_step(&tenant, None).await;
        }
        let mut ticks = 0u32;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                stirred = context.stirred().next() => {
                    for (tenant, subscription) in stirred {
                        self.put_in_step(&tenant, subscription.as_deref()).await;
                    }
                }
                () = tokio::time::sleep(TICK) => {
                    ticks += 1;
                    let due = (!ticks.is_multiple_of(TICKS)).then(|| context.clock().now());
                    for tenant in self.0.book.tenants(due) {
                        self.put_in_step(&tenant, None).await;
                    }
                }
            }
        }
    }

    /// Every tenant whose subscriptions may have copies, or have them.
    fn everywhere(&self) -> Vec<Tenant> {
        let mut all = self.0.context.registrations().tenants();
        all.extend(self.0.book.tenants(None));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Remembers by which brokers a subscription came that is about to be made; false if it was here before.
    ///
    /// # Errors
    /// It cannot be kept.
    pub async fn came(
        &self,
        session: &Session,
        subscription: &str,
        headers: &HeaderMap,
    ) -> Result<bool, Error> {
        let way = Way::of(headers);
        let registrations = self.0.context.registrations();
        if way.came_by(&registrations.alias(session.tenant())) || way.is_too_long() {
            return Ok(false);
        }
        let known = self.0.context.subscriptions().get(session, subscription).is_ok();
        if !way.is_empty() && !known {
            self.0.book.keep_way(&self.0.context, session.tenant(), subscription, way.fields()).await?;
        }
        Ok(true)
    }

    /// The subscriptions to registrations that come of the session's own subscriptions of which sources have copies.
    ///
    /// # Errors
    /// Whoever asks may not read here.
    pub fn watching(&self, session: &Session) -> Result<Vec<Watching>, Error> {
        let own = self.0.context.subscriptions().list(session)?.into_iter();
        let shared = own.filter(|view| {
            let legs = self.0.book.of(session.tenant(), Some(view.subscription.id.as_str()));
            legs.iter().any(|(_, leg)| !leg.ends)
        });
        Ok(shared.map(|view| self.watched_for(view.subscription)).collect())
    }

    fn watched_for(&self, mut subscription: Subscription) -> Watching {
        subscription.id = EntityId::trusted(format!("{}:sources", subscription.id));
        let endpoint = &mut subscription.notification.endpoint;
        endpoint.uri = self.address().unwrap_or_default();
        endpoint.receiver_info.clear();
        endpoint.notifier_info.clear();
        Watching { subscription, deliveries: Deliveries::default() }
    }

    /// Makes, changes and ends copies, as the subscriptions and registrations of a tenant want it now.
    async fn put_in_step(&self, tenant: &Tenant, only: Option<&str>) {
        if let Err(error) = self.step(tenant, only).await {
            tracing::warn!(%error, %tenant, "copies of subscriptions at other sources could not be kept in step");
        }
    }

    async fn step(&self, tenant: &Tenant, only: Option<&str>) -> Result<(), Error> {
        let context = &self.0.context;
        let session = context.system("federation", tenant.clone());
        let known = self.0.book.of(tenant, only);
        if known.is_empty() && !context.registrations().has_any(tenant) {
            return Ok(());
        }
        let all = match only {
            Some(id) => context.subscriptions().get(&session, id).into_iter().collect(),
            None => context.subscriptions().list(&session)?,
        };
        let mut wishes: BTreeMap<Place, Wish> = BTreeMap::new();
        for view in &all {
            for source in self.sources_of(&session, &view.subscription) {
                let registration = source.registered.registration.id.to_string();
                let place = (tenant.clone(), view.subscription.id.to_string(), registration);
                wishes.insert(place, Wish { source, subscription: view.subscription.clone() });
            }
        }
        let ended = known.iter().filter(|(place, leg)| leg.ends || !wishes.contains_key(place)).cloned();
        let ends: Vec<_> = ended.map(|(place, leg)| self.end(session.clone(), place, leg)).collect();
        let makes: Vec<_> =
            wishes.into_iter().map(|(place, wish)| self.grant(session.clone(), place, wish)).collect();
        for all in [
            ends.into_iter().map(futures::FutureExt::boxed).collect::<Vec<_>>(),
            makes.into_iter().map(futures::FutureExt::boxed).collect(),
        ] {
            let mut under_way = stream::iter(all).buffer_unordered(AT_ONCE);
            while let Some(result) = under_way.next().await {
                result?;
            }
        }
        if let (Some(id), true) = (only, all.is_empty()) {
            self.0.book.keep_way(context, tenant, id, Vec::new()).await?;
        }
        Ok(())
    }

    /// The sources that a subscription concerns and that take a copy of it.
    fn sources_of(&self, session: &Session, subscription: &Subscription) -> Vec<Match> {
        let context = &self.0.context;
        let over = subscription.status(context.clock().now()) == Status::Expired;
        if over || reduce::is_local(subscription) || self.address().is_none() {
            return Vec::new();
        }
        let way = Way::from_fields(self.0.book.way(session.tenant(), subscription.id.as_str()));
        let via: Vec<&str> = way.names().collect();
        let csf =
            subscription.kept.iter().find(|(name, _)| *name == "csf").and_then(|(_, text)| text.as_str());
        let csf = csf.and_then(|text| dinh_ngsild::query::Q::parse(text, &LdContext::core()).ok());
        let mut shown: Vec<Term> = subscription.watched.clone();
        let params = &subscription.notification;
        let named = params.attributes.as_ref().or(params.pick.as_ref());
        match named {
            Some(named) => shown.extend(named.attributes().cloned()),
            // Without attributes to tell of, the watched ones do not narrow either (clause 5.12).
            None => shown.clear(),
        }
        let any = Wanted { attributes: &shown, ..Wanted::default() };
        let selectors = subscription.entities.iter().map(|selector| Wanted {
            ids: &selector.ids,
            id_pattern: selector.id_pattern.as_ref(),
            types: selector.types.as_ref().map_or(Types::Any, Types::Selected),
            ..any
        });
        let all: Vec<Wanted<'_>> =
            if subscription.entities.is_empty() { vec![any] } else { selectors.collect() };
        let mut sources: Vec<Match> = Vec::new();
        for wanted in all {
            let search = Discovery { wanted, csf: csf.as_ref(), ..Discovery::default() };
            for found in context.registrations().matching(session.tenant(), &search, &via) {
                match sources.iter_mut().find(|one| Arc::ptr_eq(&one.registered, &found.registered)) {
                    Some(known) => {
                        known.parts.extend(found.parts);
                        known.parts.sort_unstable();
                        known.parts.dedup();
                    }
                    None => sources.push(found),
                }
            }
        }
        sources.retain(|source| {
            let registration = &source.registered.registration;
            registration.mode != Mode::Auxiliary && registration.supports(Operation::CreateSubscription)
        });
        sources
    }

    fn address(&self) -> Option<String> {
        let address = self.0.context.ld_contexts().hosted().address()?;
        Some(format!("{}{NOTICES}", address.trim_end_matches('/')))
    }
}
