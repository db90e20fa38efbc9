//! The copies of subscriptions that sources have, as they are kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use dinh_context::graph::{Commit, Op};
use dinh_context::{Context, Error};
use dinh_model::{Tenant, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Kinds of records: copies; by which brokers a subscription came.
const KIND: &str = "subscription-leg";
const WAY: &str = "subscription-way";
/// Records read at once.
const PAGE: usize = 1_000;

/// Which copy: tenant, subscription, registration.
pub(super) type Place = (Tenant, String, String);

/// The copy of a subscription at one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Leg {
    pub(super) tenant: Tenant,
    pub(super) subscription: String,
    /// The registration as it was when the source was last told.
    pub(super) registration: Json,
    /// Which parts of it.
    pub(super) parts: Vec<usize>,
    /// The identifier of the copy. Whoever knows it may tell of the subscription: it cannot be guessed.
    pub(super) remote: String,
    /// What the source was told last; none if nobody knows whether it was.
    pub(super) told: Option<Json>,
    /// It is to be taken away.
    pub(super) ends: bool,
    #[serde(skip)]
    pub(super) failures: u32,
    /// When it is tried again.
    #[serde(skip)]
    pub(super) rests_until: Option<Timestamp>,
}

/// By which brokers a subscription came here.
#[derive(Serialize, Deserialize)]
struct KeptWay {
    tenant: Tenant,
    subscription: String,
    fields: Vec<String>,
}

/// All copies.
#[derive(Default)]
pub(super) struct Book(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    legs: BTreeMap<Place, Leg>,
    by_remote: HashMap<String, Place>,
    ways: HashMap<(Tenant, String), Vec<String>>,
}

impl Book {
    fn with<T>(&self, act: impl FnOnce(&mut Pages) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads what was kept.
    pub(super) async fn read_all(&self, context: &Context) -> Result<(), Error> {
        let session = context.system("federation", Tenant::default_tenant());
        for kind in [KIND, WAY] {
            let mut after = String::new();
            loop {
                let records = session.records(kind, &after, PAGE).await?;
                let Some(last) = records.last() else { break };
                after.clone_from(&last.key);
                for record in records {
                    if kind == KIND
                        && let Ok(leg) = serde_json::from_value::<Leg>(record.body.clone())
                    {
                        self.put(place(&record.key, &leg), leg);
                    } else if let Ok(kept) = serde_json::from_value::<KeptWay>(record.body) {
                        self.with(|pages| pages.ways.insert((kept.tenant, kept.subscription), kept.fields));
                    }
                }
            }
        }
        Ok(())
    }

    fn put(&self, place: Place, leg: Leg) {
        self.with(|pages| {
            pages.by_remote.insert(leg.remote.clone(), place.clone());
            pages.legs.insert(place, leg);
        });
    }

    /// Keeps a copy.
    pub(super) async fn keep(&self, context: &Context, place: Place, leg: Leg) -> Result<(), Error> {
        let body = serde_json::to_value(&leg).map_err(|e| Error::Subscription(e.to_string()))?;
        commit(context, Op::PutRecord { kind: KIND.to_owned(), key: key(&place), body }).await?;
        self.put(place, leg);
        Ok(())
    }

    /// Changes what is not kept of a copy.
    pub(super) fn touch(&self, place: &Place, act: impl FnOnce(&mut Leg)) {
        self.with(|pages| pages.legs.get_mut(place).map(act));
    }

    /// Forgets a copy.
    pub(super) async fn forget(&self, context: &Context, place: &Place) -> Result<(), Error> {
        commit(context, Op::DeleteRecord { kind: KIND.to_owned(), key: key(place) }).await?;
        self.with(|pages| {
            if let Some(leg) = pages.legs.remove(place) {
                pages.by_remote.remove(&leg.remote);
            }
        });
        Ok(())
    }

    /// The copy with an identifier.
    pub(super) fn by_remote(&self, remote: &str) -> Option<(Place, Leg)> {
        self.with(|pages| {
            let place = pages.by_remote.get(remote)?;
            Some((place.clone(), pages.legs.get(place)?.clone()))
        })
    }

    /// The copies of one subscription, or of all of a tenant.
    pub(super) fn of(&self, tenant: &Tenant, subscription: Option<&str>) -> Vec<(Place, Leg)> {
        self.with(|pages| {
            let from = (tenant.clone(), subscription.unwrap_or_default().to_owned(), String::new());
            let all = pages
                .legs
                .range(from..)
                .take_while(|(place, _)| place.0 == *tenant && subscription.is_none_or(|one| place.1 == one));
            all.map(|(place, leg)| (place.clone(), leg.clone())).collect()
        })
    }

    /// The tenants that have copies, and those of them where something is to be tried again.
    pub(super) fn tenants(&self, due: Option<Timestamp>) -> Vec<Tenant> {
        let mut all: Vec<Tenant> = self.with(|pages| {
            let legs = pages.legs.values();
            legs.filter(|leg| due.is_none_or(|now| leg.rests_until.is_some_and(|until| until <= now)))
                .map(|leg| leg.tenant.clone())
                .collect()
        });
        all.dedup();
        all
    }

    /// By which brokers a subscription came.
    pub(super) fn way(&self, tenant: &Tenant, subscription: &str) -> Vec<String> {
        let place = (tenant.clone(), subscription.to_owned());
        self.with(|pages| pages.ways.get(&place).cloned().unwrap_or_default())
    }

    /// Keeps by which brokers a subscription came; by none if nobody needs to know any more.
    pub(super) async fn keep_way(
        &self,
        context: &Context,
        tenant: &Tenant,
        subscription: &str,
        fields: Vec<String>,
    ) -> Result<(), Error> {
        let place = (tenant.clone(), subscription.to_owned());
        let key = format!("{tenant}/{subscription}");
        if fields.is_empty() {
            if self.with(|pages| pages.ways.remove(&place)).is_some() {
                commit(context, Op::DeleteRecord { kind: WAY.to_owned(), key }).await?;
            }
            return Ok(());
        }
        let kept = KeptWay { tenant: place.0.clone(), subscription: place.1.clone(), fields: fields.clone() };
        let body = serde_json::to_value(&kept).map_err(|e| Error::Subscription(e.to_string()))?;
        commit(context, Op::PutRecord { kind: WAY.to_owned(), key, body }).await?;
        self.with(|pages| pages.ways.insert(place, fields));
        Ok(())
    }
}

async fn commit(context: &Context, op: Op) -> Result<(), Error> {
    let session = context.system("federation", Tenant::default_tenant());
    session.commit(Commit::of(vec![op])).await?;
    Ok(())
}

/// Identifiers are URIs, in which no space stands.
fn key((tenant, subscription, registration): &Place) -> String {
    format!("{tenant} {subscription} {registration}")
}

fn place(key: &str, leg: &Leg) -> Place {
    let registration = key.rsplit(' ').next().unwrap_or_default().to_owned();
    (leg.tenant.clone(), leg.subscription.clone(), registration)
}
