//! Subscriptions to registrations: kept, told of what changes, durably: what is to be told is kept in the commit that changes
//! the registration, and until it was told (CIM 009 clauses 5.11 and 5.3.2).

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use dinh_access::{Principal, Purpose};
use dinh_model::{Iri, Tenant};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::registration::Registration;
use dinh_ngsild::subscription::{Accept, Deliveries, Subscription};
use dinh_store::Op;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio_util::sync::CancellationToken;

use super::watcher::{KeptNotice, Notice, Reason, Told, Watcher};
use super::{Registrations, Shared, system};
use crate::owner::Owner;
use crate::subscriptions::{Message, check_endpoint, headers, plain, timeout};
use crate::{Error, Session};

/// Kinds of records: subscriptions, what became of them, what is to be told.
const KIND: &str = "csource-subscription";
const STATE: &str = "csource-subscription-state";
const NOTICE: &str = "csource-notice";
/// Records read at once.
const PAGE: usize = 1_000;
/// Most subscriptions to registrations, all tenants together.
const MOST: usize = 10_000;
/// First pause after a failure; doubled with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// How exactly subscriptions by time keep it.
const TICK: Duration = Duration::from_millis(250);

/// A subscription as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    owner: Owner,
    subscription: Json,
}

/// A subscription with what became of it.
#[derive(Clone, Debug)]
pub struct Watching {
    /// What was asked for.
    pub subscription: Subscription,
    /// What became of the notifications.
    pub deliveries: Deliveries,
}

impl Registrations {
    /// Makes a subscription to registrations. Answers with its identifier.
    ///
    /// # Errors
    /// What is wrong with it; it exists already; there are too many.
    pub async fn subscribe(
        &self,
        session: &Session,
        json: &Json,
        context: Arc<LdContext>,
    ) -> Result<Iri, Error> {
        session.may_write()?;
        let fresh = Iri::trusted(format!("urn:ngsi-ld:Subscription:{}", self.0.ids.uuid()));
        let mut subscription = Subscription::read(json, &context, &fresh, self.0.clock.now())?;
        subscription.context = subscription.context.or_else(|| context.source().cloned()).map(plain);
        let id = subscription.id.clone();
        let _writing = self.0.writing.lock().await;
        if self.watcher(session.tenant(), id.as_str()).is_some() {
            return Err(Error::SubscriptionExists(id));
        }
        if self.0.watchers.read().unwrap_or_else(PoisonError::into_inner).len() >= MOST {
            return Err(Error::TooManySubscriptions(MOST));
        }
        let whose = (session.tenant().clone(), session.principal().into());
        self.watch(whose, subscription, Deliveries::default()).await?;
        Ok(id)
    }

    /// The subscriptions to registrations that are the session's own; whoever runs the house sees all.
    ///
    /// # Errors
    /// Whoever asks may not read here.
    pub fn subscriptions(&self, session: &Session) -> Result<Vec<Watching>, Error> {
        session.may_read()?;
        let all = self.0.watchers.read().unwrap_or_else(PoisonError::into_inner);
        let own = all.values().filter(|one| one.tenant == *session.tenant() && is_of(one, session));
        Ok(own.map(|one| view(one)).collect())
    }

    /// One subscription to registrations.
    ///
    /// # Errors
    /// There is none.
    pub fn subscription(&self, session: &Session, id: &str) -> Result<Watching, Error> {
        session.may_read()?;
        self.own(session, id).map(|one| view(&one))
    }

    /// Replaces the members that `fragment` names, and removes those that it sets to null.
    ///
    /// # Errors
    /// There is none, or what is wrong with the change.
    pub async fn resubscribe(
        &self,
        session: &Session,
        id: &str,
        fragment: &Json,
        context: &LdContext,
    ) -> Result<(), Error> {
        session.may_write()?;
        let _writing = self.0.writing.lock().await;
        let old = self.own(session, id)?;
        let patched = old.subscription.patched(fragment, context, self.0.clock.now())?;
        old.retire();
        self.watch((old.tenant.clone(), old.owner.clone()), patched, old.deliveries()).await
    }

    /// Removes a subscription to registrations. Nothing more is told.
    ///
    /// # Errors
    /// There is none.
    pub async fn unsubscribe(&self, session: &Session, id: &str) -> Result<(), Error> {
        session.may_write()?;
        let _writing = self.0.writing.lock().await;
        let old = self.own(session, id)?;
        let key = key(session.tenant(), id);
        let ops = [KIND, STATE].map(|kind| Op::DeleteRecord { kind: kind.to_owned(), key: key.clone() });
        self.0.write(ops.to_vec()).await?;
        old.retire();
        let place = (session.tenant().clone(), id.to_owned());
        self.0.watchers.write().unwrap_or_else(PoisonError::into_inner).remove(&place);
        Ok(())
    }

    fn watcher(&self, tenant: &Tenant, id: &str) -> Option<Arc<Watcher>> {
        let all = self.0.watchers.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&(tenant.clone(), id.to_owned())).cloned()
    }

    fn own(&self, session: &Session, id: &str) -> Result<Arc<Watcher>, Error> {
        let found = self.watcher(session.tenant(), id).filter(|one| is_of(one, session));
        found.ok_or_else(|| Error::NoSubscription(id.to_owned()))
    }

    /// Keeps a subscription, and what it is to be told first: all that matches now.
    async fn watch(
        &self,
        whose: (Tenant, Owner),
        subscription: Subscription,
        deliveries: Deliveries,
    ) -> Result<(), Error> {
        check_endpoint(&self.0.outbound, &subscription.notification.endpoint.uri)?;
        let ld_context = self.0.words_of(&subscription).await?;
        let (tenant, id) = (whose.0.clone(), subscription.id.to_string());
        let stored = subscription.to_stored();
        let watcher = Arc::new(Watcher::new(whose, subscription, ld_context, deliveries));
        let kept = Kept { tenant: tenant.clone(), owner: watcher.owner.clone(), subscription: stored };
        let body = serde_json::to_value(&kept).map_err(|e| Error::Subscription(format!("{id}: {e}")))?;
        let mut ops = vec![Op::PutRecord { kind: KIND.to_owned(), key: key(&tenant, &id), body }];
        let now = self.of(&tenant).into_iter().filter_map(|entry| {
            let parts = watcher.matched(&entry.registration)?;
            Some(Told { registration: Arc::new(entry.registration.clone()), parts })
        });
        let now: Vec<Told> = now.collect();
        let first = (!now.is_empty()).then(|| self.0.notice(&watcher, Reason::NewlyMatching, now)).flatten();
        ops.extend(first.iter().map(Pending::kept));
        self.0.write(ops).await?;
        first.into_iter().for_each(Pending::push);
        self.0
            .watchers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((tenant, id), Arc::clone(&watcher));
        self.0.wake(&watcher);
        Ok(())
    }

    /// Tells until `stop`. Runs once.
    pub(crate) async fn run(&self, stop: CancellationToken) {
        if self.0.stop.set(stop.clone()).is_err() {
            return;
        }
        let all: Vec<_> =
            self.0.watchers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for watcher in all {
            self.0.wake(&watcher);
        }
        while tokio::time::timeout(TICK, stop.cancelled()).await.is_err() {
            self.tell_by_time();
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Tells those whose time has come.
    fn tell_by_time(&self) {
        let now = self.0.clock.now();
        let all: Vec<_> =
            self.0.watchers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for watcher in all {
            let Some(interval) = watcher.subscription.interval_micros() else { continue };
            let last = watcher.deliveries().last_notification;
            if watcher.waits() || last.is_some_and(|last| now.micros_since(last) < interval) {
                continue;
            }
            let told = self.of(&watcher.tenant).into_iter().filter_map(|entry| {
                let parts = watcher.matched(&entry.registration)?;
                Some(Told { registration: Arc::new(entry.registration.clone()), parts })
            });
            watcher.push(Notice { key: None, reason: Reason::Updated, told: told.collect() });
            self.0.wake(&watcher);
        }
    }
}

/// Something to be told once it is kept.
pub(super) struct Pending {
    watcher: Arc<Watcher>,
    notice: Notice,
    op: Op,
}

impl Pending {
    /// What keeps it.
    pub(super) fn kept(&self) -> Op {
        self.op.clone()
    }

    /// Puts it before whoever watches.
    pub(super) fn push(self) {
        self.watcher.push(self.notice);
    }
}

impl Shared {
    /// The context that notifications are written in.
    async fn words_of(&self, subscription: &Subscription) -> Result<Arc<LdContext>, Error> {
        Ok(match (&subscription.jsonld_context, &subscription.context) {
            (Some(url), _) => self.contexts.resolve(&Json::from(url.as_str())).await?,
            (None, Some(source)) => self.contexts.resolve(source).await?,
            (None, None) => self.contexts.core(),
        })
    }

    /// What those who watch are to be told of a change of a registration, to be kept in the commit that changes it.
    pub(super) fn notices(
        &self,
        tenant: &Tenant,
        before: Option<&Registration>,
        after: Option<&Registration>,
    ) -> Vec<Pending> {
        let all: Vec<_> =
            self.watchers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let mut pending = Vec::new();
        for watcher in all.iter().filter(|one| one.tenant == *tenant) {
            if watcher.subscription.interval_micros().is_some() {
                continue;
            }
            let was = before.and_then(|one| Some((one, watcher.matched(one)?)));
            let is = after.and_then(|one| Some((one, watcher.matched(one)?)));
            let (reason, (registration, parts)) = match (was, is) {
                (None, None) => continue,
                (None, Some(is)) => (Reason::NewlyMatching, is),
                (Some(_), Some(is)) => (Reason::Updated, is),
                (Some(was), None) => (Reason::NoLongerMatching, was),
            };
            let told = vec![Told { registration: Arc::new(registration.clone()), parts }];
            pending.extend(self.notice(watcher, reason, told));
        }
        pending
    }

    fn notice(&self, watcher: &Arc<Watcher>, reason: Reason, told: Vec<Told>) -> Option<Pending> {
        let id = self.ids.uuid();
        // Keys are read back in their order: time first.
        let key = format!("{}/{:020}/{id}", watcher.tenant, self.clock.now().as_micros());
        let body = serde_json::to_value(KeptNotice::new(watcher, reason, &told)).ok()?;
        let notice = Notice { key: Some(key.clone()), reason, told };
        Some(Pending {
            watcher: Arc::clone(watcher),
            notice,
            op: Op::PutRecord { kind: NOTICE.to_owned(), key, body },
        })
    }

    /// Starts those who have something to be told.
    pub(super) fn wake_all(self: &Arc<Self>, tenant: &Tenant) {
        let all: Vec<_> =
            self.watchers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for watcher in all.iter().filter(|one| one.tenant == *tenant) {
            self.wake(watcher);
        }
    }

    fn wake(self: &Arc<Self>, watcher: &Arc<Watcher>) {
        if let Some(stop) = self.stop.get()
            && watcher.start()
        {
            self.tasks.spawn(tell(Arc::clone(self), Arc::clone(watcher), stop.clone()));
        }
    }
}

/// Tells one watcher what waits, in order, until nothing does.
async fn tell(shared: Arc<Shared>, watcher: Arc<Watcher>, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while let Some(notice) = watcher.next() {
        let now = shared.clock.now();
        if watcher.is_gone() || !watcher.is_active(now) {
            watcher.told();
            forget(&shared, &watcher, &notice).await;
            continue;
        }
        let id = Iri::trusted(format!("urn:ngsi-ld:ContextSourceNotification:{}", shared.ids.uuid()));
        let message = message(&watcher, &notice, &id, now);
        let arrived = shared.courier.send(&message).await.is_ok();
        watcher.note(now, arrived);
        // What is told by time is told anew when its time comes again.
        if arrived || notice.key.is_none() {
            pause = FIRST_PAUSE;
            watcher.told();
            forget(&shared, &watcher, &notice).await;
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = stop.cancelled() => return,
        }
    }
}

/// Forgets what was told, and keeps the counters.
async fn forget(shared: &Shared, watcher: &Watcher, notice: &Notice) {
    let mut ops = Vec::new();
    if let Some(key) = &notice.key {
        ops.push(Op::DeleteRecord { kind: NOTICE.to_owned(), key: key.clone() });
    }
    if !watcher.is_gone()
        && let Ok(body) = serde_json::to_value(watcher.deliveries())
    {
        let key = key(&watcher.tenant, watcher.subscription.id.as_str());
        ops.push(Op::PutRecord { kind: STATE.to_owned(), key, body });
    }
    if let Err(error) = shared.write(ops).await {
        tracing::warn!(%error, "that a notification was taken could not be kept; it may come again");
    }
}

fn message(watcher: &Watcher, notice: &Notice, id: &Iri, now: dinh_model::Timestamp) -> Message {
    let endpoint = &watcher.subscription.notification.endpoint;
    let source = watcher.context_source();
    let mut body = watcher.body(notice, id, now);
    if endpoint.accept() == Accept::JsonLd
        && let Some(members) = body.as_object_mut()
    {
        members.insert("@context".to_owned(), source.clone());
    }
    Message {
        endpoint: endpoint.uri.clone(),
        headers: headers(&watcher.subscription, &watcher.tenant, &source),
        mqtt: endpoint.mqtt(),
        body: Bytes::from(body.to_string()),
        timeout: timeout(&watcher.subscription),
    }
}

/// Reads back subscriptions and what is still to be told.
pub(super) async fn read_all(shared: &Shared) -> Result<(), Error> {
    let grant = shared.policy.read(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
    let mut after = String::new();
    loop {
        let records = shared.store.records(&grant, KIND, &after, PAGE).await?;
        let Some(last) = records.last() else { break };
        after.clone_from(&last.key);
        for record in records {
            let state = shared.store.record(&grant, STATE, &record.key).await?;
            let deliveries =
                state.and_then(|state| serde_json::from_value(state.body).ok()).unwrap_or_default();
            let revived = serde_json::from_value::<Kept>(record.body)
                .map_err(|e| Error::Subscription(e.to_string()))
                .and_then(|kept| {
                    Ok((kept.tenant, kept.owner, Subscription::from_stored(&kept.subscription)?))
                });
            let (tenant, owner, subscription) = match revived {
                Ok(revived) => revived,
                Err(error) => {
                    tracing::error!(%error, key = record.key, "a kept subscription to registrations cannot be used");
                    continue;
                }
            };
            let words = shared.words_of(&subscription).await.unwrap_or_else(|_| shared.contexts.core());
            let place = (tenant.clone(), subscription.id.to_string());
            let watcher = Arc::new(Watcher::new((tenant, owner), subscription, words, deliveries));
            shared.watchers.write().unwrap_or_else(PoisonError::into_inner).insert(place, watcher);
        }
    }
    let mut after = String::new();
    loop {
        let records = shared.store.records(&grant, NOTICE, &after, PAGE).await?;
        let Some(last) = records.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for record in records {
            let Ok(kept) = serde_json::from_value::<KeptNotice>(record.body) else { continue };
            let place = (kept.tenant.clone(), kept.subscription.clone());
            let watcher = shared.watchers.read().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
            match watcher {
                Some(watcher) => watcher.push(kept.revived(record.key)),
                None => {
                    shared.write(vec![Op::DeleteRecord { kind: NOTICE.to_owned(), key: record.key }]).await?;
                }
            }
        }
    }
}

/// True if a session may know of a subscription: its endpoint and headers are its owner's business.
fn is_of(watcher: &Watcher, session: &Session) -> bool {
    let runs_the_house = matches!(session.principal(), Principal::System(_) | Principal::Operator(_));
    runs_the_house || watcher.owner.is(session.principal())
}

fn view(watcher: &Watcher) -> Watching {
    Watching { subscription: watcher.subscription.clone(), deliveries: watcher.deliveries() }
}

fn key(tenant: &Tenant, id: &str) -> String {
    format!("{tenant}/{id}")
}
