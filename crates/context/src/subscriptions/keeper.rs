//! Keeping subscriptions: made, listed, changed, removed; read back at start.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dinh_access::{Principal, Purpose};
use dinh_model::{Iri, Tenant};
use dinh_ngsild::context::{Context as LdContext, ContextError, is_core_url};
use dinh_ngsild::subscription::Subscription;
use dinh_store::{Commit, Op, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::entry::{Entry, Saved, View, Whose};
use super::saver::{CURSOR, STATE, key};
use super::{MAX_SUBSCRIPTIONS, Shared, Subscriptions, check_endpoint, system};
use crate::ldcontext::HostedContext;
use crate::owner::{Halt, Owner};
use crate::{Error, Session};

/// Kind of record.
const KIND: &str = "subscription";
/// Records read at once.
const PAGE: usize = 1_000;

/// A subscription as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    /// Whose it is. Those of before there were owners belong to nobody in particular on this machine.
    #[serde(default = "of_this_machine")]
    owner: Owner,
    subscription: Json,
    /// Changes up to here came before it.
    since: u64,
    /// The snapshot that it is of, if it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot: Option<Arc<str>>,
}

fn of_this_machine() -> Owner {
    Owner::Local
}

impl Subscriptions {
    /// Makes a subscription from its JSON, read with `context`. Answers with its identifier.
    pub async fn create(
        &self,
        session: &Session,
        json: &Json,
        context: Arc<LdContext>,
    ) -> Result<Iri, Error> {
        session.may_write()?;
        let house = session.context();
        let fresh = Iri::trusted(format!("urn:ngsi-ld:Subscription:{}", house.ids().uuid()));
        let mut subscription = Subscription::read(json, &context, &fresh, house.clock().now())?;
        if subscription.context.is_none() {
            subscription.context = context.source().cloned();
        }
        subscription.context = subscription.context.map(plain);
        let id = subscription.id.clone();
        let _writing = self.0.writing.lock().await;
        if self.0.book.get(session.tenant(), id.as_str()).is_some() {
            return Err(Error::SubscriptionExists(id));
        }
        if self.0.book.len() >= MAX_SUBSCRIPTIONS {
            return Err(Error::TooManySubscriptions(MAX_SUBSCRIPTIONS));
        }
        if subscription.jsonld_context.is_none() {
            subscription.jsonld_context = host_context(session, subscription.context.as_ref()).await?;
        }
        let since = house.head();
        let (tenant, snapshot) = (session.tenant().clone(), session.snapshot().cloned());
        let whose = Whose { tenant, owner: session.principal().into(), snapshot };
        self.keep(whose, subscription, since, Saved::default()).await?;
        Ok(id)
    }

    /// The subscriptions of the session's tenant that are its own, by identifier; whoever runs the house sees all.
    pub fn list(&self, session: &Session) -> Result<Vec<View>, Error> {
        session.may_read()?;
        let all = self.0.book.of(session.tenant());
        Ok(all.iter().filter(|entry| is_of(entry, session)).map(|entry| view(entry)).collect())
    }

    /// One subscription.
    pub fn get(&self, session: &Session, id: &str) -> Result<View, Error> {
        session.may_read()?;
        self.entry(session, id).map(|entry| view(&entry))
    }

    /// Why a subscription tells nothing although nobody has paused it: its owner may act no more, or not by that key.
    pub async fn halted(&self, session: &Session, id: &str) -> Option<Halt> {
        let entry = self.entry(session, id).ok()?;
        self.0.reading_of(&entry).await.err()
    }

    /// Replaces the members that `fragment` names, and removes those that it sets to null.
    pub async fn update(
        &self,
        session: &Session,
        id: &str,
        fragment: &Json,
        context: &LdContext,
    ) -> Result<(), Error> {
        session.may_write()?;
        let _writing = self.0.writing.lock().await;
        let entry = self.entry(session, id)?;
        let patched = entry.subscription.patched(fragment, context, session.context().clock().now())?;
        // The old one ends where it stands, or where the follower stood before it ended; the new one reads on from
        // there, so that nothing falls between them.
        let handed = self.0.handed.load(Ordering::SeqCst);
        entry.retire();
        let (mut saved, _) = entry.snapshot();
        saved.position = Some(saved.position.unwrap_or(handed).max(entry.since));
        self.keep(entry.whose(), patched, entry.since, saved).await
    }

    /// Removes a subscription.
    pub async fn delete(&self, session: &Session, id: &str) -> Result<(), Error> {
        session.may_write()?;
        let _writing = self.0.writing.lock().await;
        let entry = self.entry(session, id)?;
        let key = key(session.tenant(), id);
        let ops = [KIND, STATE].map(|kind| Op::DeleteRecord { kind: kind.to_owned(), key: key.clone() });
        self.0.write(Commit::of(ops.to_vec())).await?;
        self.0.book.remove(session.tenant(), id);
        entry.retire();
        self.0.stirred.subscription(session.tenant(), id);
        unhost_context(session, &entry.subscription).await
    }

    /// Removes all subscriptions of a tenant: the place of a snapshot that is being emptied.
    pub(crate) async fn remove_all(&self, tenant: &Tenant) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        for entry in self.0.book.of(tenant) {
            let key = key(tenant, &entry.id);
            let ops = [KIND, STATE].map(|kind| Op::DeleteRecord { kind: kind.to_owned(), key: key.clone() });
            self.0.write(Commit::of(ops.to_vec())).await?;
            self.0.book.remove(tenant, &entry.id);
            entry.retire();
            self.0.stirred.subscription(tenant, &entry.id);
        }
        Ok(())
    }

    pub(super) fn entry(&self, session: &Session, id: &str) -> Result<Arc<Entry>, Error> {
        let entry = self.0.book.get(session.tenant(), id).filter(|entry| is_of(entry, session));
        entry.ok_or_else(|| Error::NoSubscription(id.to_owned()))
    }

    async fn keep(
        &self,
        whose: Whose,
        subscription: Subscription,
        since: u64,
        saved: Saved,
    ) -> Result<(), Error> {
        check_endpoint(&self.0.outbound, &subscription.notification.endpoint.uri)?;
        let context = self.0.ld_context(&subscription).await?;
        let key = key(&whose.tenant, subscription.id.as_str());
        let stored = subscription.to_stored();
        let Whose { tenant, owner, snapshot } = whose.clone();
        let kept = Kept { tenant, owner, subscription: stored, since, snapshot };
        let body = serde_json::to_value(&kept).map_err(|e| Error::Subscription(format!("{key}: {e}")))?;
        self.0.write(Op::PutRecord { kind: KIND.to_owned(), key, body }.into()).await?;
        let entry = Arc::new(Entry::new(whose, subscription, context, since, saved));
        self.0.book.put(Arc::clone(&entry));
        self.0.wake_if_behind(&entry);
        self.0.stirred.subscription(&entry.tenant, &entry.id);
        Ok(())
    }
}

impl Shared {
    /// The context that notifications are written in.
    async fn ld_context(&self, subscription: &Subscription) -> Result<Arc<LdContext>, ContextError> {
        match (&subscription.jsonld_context, &subscription.context) {
            (Some(url), _) => self.contexts.resolve(&Json::from(url.as_str())).await,
            (None, Some(source)) => self.contexts.resolve(source).await,
            (None, None) => Ok(self.contexts.core()),
        }
    }

    /// Commits records, which are all kept with the default tenant.
    pub(super) async fn write(&self, commit: Commit) -> Result<(), Error> {
        let grant = self.policy.write(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
        self.store.commit(&grant, commit).await?;
        Ok(())
    }
}

/// A context that is a list of one URL, the core context aside, is that URL.
pub(crate) fn plain(source: Json) -> Json {
    let Some(parts) = source.as_array() else { return source };
    let mut own = parts.iter().filter(|part| !part.as_str().is_some_and(is_core_url));
    match (own.next(), own.next()) {
        (Some(Json::String(url)), None) => Json::String(url.clone()),
        _ => source,
    }
}

/// Keeps the context of a subscription here if it has no URL of its own: notifications in plain JSON name one (CIM 009
/// clauses 5.13.1 and 6.3.8).
async fn host_context(session: &Session, source: Option<&Json>) -> Result<Option<String>, Error> {
    let source = match source {
        None | Some(Json::String(_)) => return Ok(None),
        Some(source) => source,
    };
    let house = session.context();
    let id = house.ids().uuid().to_string();
    let Some(url) = house.ld_contexts().hosted().url(&id) else { return Ok(None) };
    let hosted = HostedContext {
        id,
        tenant: session.tenant().clone(),
        created_at: house.clock().now(),
        implicit: true,
        body: Arc::new(json!({ "@context": source })),
    };
    house.ld_contexts().host(session.principal(), &hosted).await?;
    Ok(Some(url))
}

/// Forgets the context that was kept for a subscription alone.
async fn unhost_context(session: &Session, subscription: &Subscription) -> Result<(), Error> {
    let contexts = session.context().ld_contexts();
    let Some(id) = subscription.jsonld_context.as_deref().and_then(|url| url.rsplit('/').next()) else {
        return Ok(());
    };
    let kept = contexts.hosted().get(session.tenant(), id).await?;
    if kept.is_some_and(|kept| kept.implicit) {
        contexts.unhost(session.principal(), session.tenant(), id).await?;
    }
    Ok(())
}

/// True if a session may know of a subscription: its endpoint and headers are its owner's business.
pub(super) fn is_of(entry: &Entry, session: &Session) -> bool {
    let runs_the_house = matches!(session.principal(), Principal::System(_) | Principal::Operator(_));
    runs_the_house || entry.owner.is(session.principal())
}

pub(super) fn view(entry: &Entry) -> View {
    View { subscription: entry.subscription.clone(), counters: entry.counters() }
}

/// Fills the book at start.
pub(super) async fn read_all(shared: &Shared) -> Result<(), Error> {
    let grant = shared.reading(&Tenant::default_tenant())?;
    // Without a saved position, as after a crash within the first moments of a graph, the follower begins where the
    // oldest subscription began.
    let mut begin = shared.store.head(&shared.feed);
    let mut after = String::new();
    loop {
        let records = shared.store.records(&grant, KIND, &after, PAGE).await?;
        let Some(last) = records.last() else { break };
        after.clone_from(&last.key);
        for record in records {
            let state = shared.store.record(&grant, STATE, &record.key).await?;
            let saved = state.and_then(|state| serde_json::from_value(state.body).ok()).unwrap_or_default();
            match revive(shared, record, saved).await {
                Ok(entry) => {
                    begin = begin.min(entry.since);
                    shared.book.put(Arc::new(entry));
                }
                Err(error) => tracing::error!(%error, "a kept subscription cannot be used"),
            }
        }
    }
    let cursors = shared.store.cursors(&shared.feed).await?;
    let cursor = cursors.iter().find(|cursor| cursor.name == CURSOR).map(|cursor| cursor.seq);
    shared.handed.store(cursor.unwrap_or(begin), Ordering::SeqCst);
    Ok(())
}

async fn revive(shared: &Shared, record: Record, saved: Saved) -> Result<Entry, Error> {
    let kept: Kept = serde_json::from_value(record.body)
        .map_err(|e| Error::Subscription(format!("{}: {e}", record.key)))?;
    let subscription = Subscription::from_stored(&kept.subscription)?;
    let context = shared.ld_context(&subscription).await.unwrap_or_else(|error| {
        tracing::warn!(%error, subscription = record.key, "its @context cannot be had; it notifies with full names");
        shared.contexts.core()
    });
    let whose = Whose { tenant: kept.tenant, owner: kept.owner, snapshot: kept.snapshot };
    Ok(Entry::new(whose, subscription, context, kept.since, saved))
}
