//! Keeping subscriptions: made, listed, changed, removed; read back at start.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dinh_access::Purpose;
use dinh_model::Tenant;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::subscription::Subscription;
use dinh_store::{Commit, Op, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::entry::{Entry, Saved, View};
use super::saver::{CURSOR, STATE, key};
use super::{MAX_SUBSCRIPTIONS, Shared, Subscriptions, check_endpoint, system};
use crate::{Error, Session};

/// Kind of record.
const KIND: &str = "subscription";
/// Records read at once.
const PAGE: usize = 1_000;

/// A subscription as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    /// As it was given.
    given: Json,
    /// With full names, for the day when its `@context` cannot be had.
    expanded: Json,
    /// The `@context` that it was given with; none for the core context.
    context: Option<Json>,
    /// Changes up to here came before it.
    since: u64,
}

impl Subscriptions {
    /// Makes a subscription from its JSON, read with `context`. Answers with its identifier.
    pub async fn create(
        &self,
        session: &Session,
        mut given: Map<String, Json>,
        context: Arc<LdContext>,
    ) -> Result<String, Error> {
        let fresh = format!("urn:ngsi-ld:Subscription:{}", session.context().ids().uuid());
        let id = given.entry("id").or_insert_with(|| fresh.into()).as_str().unwrap_or_default().to_owned();
        let _writing = self.0.writing.lock().await;
        if self.0.book.get(session.tenant(), &id).is_some() {
            return Err(Error::SubscriptionExists(id));
        }
        if self.0.book.len() >= MAX_SUBSCRIPTIONS {
            return Err(Error::TooManySubscriptions(MAX_SUBSCRIPTIONS));
        }
        let since = session.context().head();
        self.keep(session, given, context, since, None).await?;
        Ok(id)
    }

    /// The subscriptions of the session's tenant, by identifier.
    pub fn list(&self, session: &Session) -> Result<Vec<View>, Error> {
        session.may_read()?;
        Ok(self.0.book.of(session.tenant()).iter().map(|entry| view(entry)).collect())
    }

    /// One subscription.
    pub fn get(&self, session: &Session, id: &str) -> Result<View, Error> {
        session.may_read()?;
        let entry = self.0.book.get(session.tenant(), id);
        entry.map(|entry| view(&entry)).ok_or_else(|| Error::NoSubscription(id.to_owned()))
    }

    /// Replaces the members that `patch` names, and removes those that it sets to null.
    pub async fn update(
        &self,
        session: &Session,
        id: &str,
        patch: Map<String, Json>,
        context: Option<Arc<LdContext>>,
    ) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        let entry = self.0.book.get(session.tenant(), id).ok_or_else(|| Error::NoSubscription(id.to_owned()))?;
        let mut given = self.kept(session.tenant(), id).await?;
        for (member, value) in patch {
            if value.is_null() {
                given.remove(&member);
            } else {
                given.insert(member, value);
            }
        }
        given.insert("id".to_owned(), id.into());
        let context = context.unwrap_or_else(|| Arc::clone(&entry.ld_context));
        let saved = Saved { counters: entry.counters(), ..entry.snapshot().0 };
        self.keep(session, given, context, entry.since, Some(saved)).await?;
        entry.retire();
        Ok(())
    }

    /// Removes a subscription.
    pub async fn delete(&self, session: &Session, id: &str) -> Result<(), Error> {
        let _writing = self.0.writing.lock().await;
        session.may_write()?;
        if self.0.book.get(session.tenant(), id).is_none() {
            return Err(Error::NoSubscription(id.to_owned()));
        }
        let key = key(session.tenant(), id);
        let ops = [KIND, STATE].map(|kind| Op::DeleteRecord { kind: kind.to_owned(), key: key.clone() });
        self.commit(Commit::of(ops.to_vec())).await?;
        if let Some(entry) = self.0.book.remove(session.tenant(), id) {
            entry.retire();
        }
        Ok(())
    }

    async fn keep(
        &self,
        session: &Session,
        given: Map<String, Json>,
        context: Arc<LdContext>,
        since: u64,
        saved: Option<Saved>,
    ) -> Result<(), Error> {
        session.may_write()?;
        let given = Json::Object(given);
        let subscription = Subscription::parse(&given, &context).map_err(Error::Problem)?;
        check_endpoint(&self.0.outbound, &subscription.notification.endpoint.uri)?;
        let kept = Kept {
            tenant: session.tenant().clone(),
            expanded: subscription.to_json(&LdContext::core()),
            context: context.source().cloned(),
            given,
            since,
        };
        let key = key(session.tenant(), subscription.id.as_str());
        let body = serde_json::to_value(&kept).map_err(|e| Error::Subscription(e.to_string()))?;
        self.commit(Op::PutRecord { kind: KIND.to_owned(), key, body }.into()).await?;
        let saved = saved.unwrap_or_default();
        let entry = Arc::new(Entry::new(session.tenant().clone(), subscription, context, since, saved));
        self.0.book.put(Arc::clone(&entry));
        self.0.wake_if_behind(&entry);
        Ok(())
    }

    async fn kept(&self, tenant: &Tenant, id: &str) -> Result<Map<String, Json>, Error> {
        let grant = self.0.reading(&Tenant::default_tenant())?;
        let record = self.0.store.record(&grant, KIND, &key(tenant, id)).await?;
        let kept = record.and_then(|record| serde_json::from_value::<Kept>(record.body).ok());
        match kept.map(|kept| kept.given) {
            Some(Json::Object(given)) => Ok(given),
            _ => Err(Error::NoSubscription(id.to_owned())),
        }
    }

    async fn commit(&self, commit: Commit) -> Result<(), Error> {
        let grant = self.0.policy.write(&system(), &Tenant::default_tenant(), Purpose::Operations)?;
        self.0.store.commit(&grant, commit).await?;
        Ok(())
    }
}

fn view(entry: &Entry) -> View {
    View {
        subscription: entry.subscription.clone(),
        counters: entry.counters(),
        ld_context: Arc::clone(&entry.ld_context),
    }
}

/// Fills the book at start.
pub(super) async fn read_all(shared: &Shared) -> Result<(), Error> {
    let grant = shared.reading(&Tenant::default_tenant())?;
    let cursor = shared.store.cursor(&shared.feed, CURSOR).await?;
    let head = *shared.store.head().borrow();
    shared.handed.store(cursor.unwrap_or(head), Ordering::SeqCst);
    let mut after: Option<String> = None;
    loop {
        let records = shared.store.records(&grant, KIND, after.as_deref(), PAGE).await?;
        let Some(last) = records.last() else { return Ok(()) };
        after = Some(last.key.clone());
        for record in records {
            let state = shared.store.record(&grant, STATE, &record.key).await?;
            let saved = state.and_then(|state| serde_json::from_value(state.body).ok()).unwrap_or_default();
            match revive(shared, record, saved).await {
                Ok(entry) => shared.book.put(Arc::new(entry)),
                Err(error) => tracing::error!(%error, "a kept subscription cannot be used"),
            }
        }
    }
}

async fn revive(shared: &Shared, record: Record, saved: Saved) -> Result<Entry, Error> {
    let kept: Kept =
        serde_json::from_value(record.body).map_err(|e| Error::Subscription(format!("{}: {e}", record.key)))?;
    let context = match &kept.context {
        None => Ok(shared.contexts.core()),
        Some(source) => shared.contexts.resolve(source).await,
    };
    let (json, context) = match context {
        Ok(context) => (&kept.given, context),
        Err(error) => {
            tracing::warn!(%error, subscription = record.key, "its @context cannot be had; it goes on with full names");
            (&kept.expanded, shared.contexts.core())
        }
    };
    let subscription = Subscription::parse(json, &context).map_err(Error::Problem)?;
    Ok(Entry::new(kept.tenant, subscription, context, kept.since, saved))
}

