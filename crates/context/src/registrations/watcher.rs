//! A subscription to registrations in memory: what it watches, and what is still to be told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dinh_model::{Iri, Tenant, Term, Timestamp};
use dinh_ngsild::context::{CORE_URL, Context as LdContext};
use dinh_ngsild::query::{Q, TypeExpr};
use dinh_ngsild::registration::{Calls, Discovery, Registration, Types, Wanted};
use dinh_ngsild::subscription::{Deliveries, Status, Subscription};
use dinh_ngsild::temporal::{TemporalQuery, TimeProperty, TimeRelation};
use dinh_ngsild::write::instant_text;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::owner::Owner;

/// Why a registration is told of (clause 5.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Reason {
    /// It matches, and did not before.
    NewlyMatching,
    /// It matched before and still does.
    Updated,
    /// It matches no more.
    NoLongerMatching,
}

/// A registration to tell of, as it was then, and the parts of it that matched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) registration: Arc<Registration>,
    pub(super) parts: Vec<usize>,
}

/// Something that is still to be told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Notice {
    /// Key of its record; none for what is told again by time.
    pub(super) key: Option<String>,
    pub(super) reason: Reason,
    pub(super) told: Vec<Told>,
}

/// A notice as it is kept until it was told.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptNotice {
    pub(super) tenant: Tenant,
    pub(super) subscription: String,
    reason: Reason,
    told: Vec<(Json, Vec<usize>)>,
}

impl KeptNotice {
    pub(super) fn new(watcher: &Watcher, reason: Reason, told: &[Told]) -> Self {
        let told = told.iter().map(|one| (one.registration.to_stored(), one.parts.clone())).collect();
        Self {
            tenant: watcher.tenant.clone(),
            subscription: watcher.subscription.id.to_string(),
            reason,
            told,
        }
    }

    /// The notice that was kept under `key`; registrations that can be read no more are left out.
    pub(super) fn revived(self, key: String) -> Notice {
        let told = self.told.into_iter().filter_map(|(stored, parts)| {
            let registration = Arc::new(Registration::from_stored(&stored).ok()?);
            Some(Told { registration, parts })
        });
        Notice { key: Some(key), reason: self.reason, told: told.collect() }
    }
}

/// A subscription to registrations.
pub(super) struct Watcher {
    pub(super) tenant: Tenant,
    pub(super) owner: Owner,
    pub(super) subscription: Subscription,
    /// Notifications are written in it.
    pub(super) ld_context: Arc<LdContext>,
    csf: Option<Q>,
    time: Option<(TimeProperty, TimeRelation)>,
    attributes: Vec<Term>,
    waiting: Mutex<VecDeque<Notice>>,
    deliveries: Mutex<Deliveries>,
    busy: AtomicBool,
    gone: AtomicBool,
}

impl Watcher {
    pub(super) fn new(
        (tenant, owner): (Tenant, Owner),
        subscription: Subscription,
        ld_context: Arc<LdContext>,
        deliveries: Deliveries,
    ) -> Self {
        let kept =
            |name: &str| subscription.kept.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let csf = kept("csf").and_then(Json::as_str).and_then(|text| Q::parse(text, &LdContext::core()).ok());
        let time = kept("temporalQ").and_then(asked_time);
        // Without attributes to tell of, the watched ones do not narrow either (clause 5.12).
        let params = &subscription.notification;
        let shown = params.attributes.as_ref().or(params.pick.as_ref());
        let mut attributes: Vec<Term> = shown.into_iter().flat_map(|all| all.attributes().cloned()).collect();
        if !attributes.is_empty() {
            attributes.extend(subscription.watched.iter().cloned());
        }
        Self {
            tenant,
            owner,
            subscription,
            ld_context,
            csf,
            time,
            attributes,
            waiting: Mutex::default(),
            deliveries: Mutex::new(deliveries),
            busy: AtomicBool::new(false),
            gone: AtomicBool::new(false),
        }
    }

    /// The parts of a registration that are watched; none if it does not match.
    pub(super) fn matched(&self, registration: &Registration) -> Option<Vec<usize>> {
        let any = [(Vec::new(), None, None::<TypeExpr>)];
        let selectors: Vec<_> = if self.subscription.entities.is_empty() {
            any.to_vec()
        } else {
            let all = self.subscription.entities.iter();
            all.map(|one| (one.ids.clone(), one.id_pattern.clone(), one.types.clone())).collect()
        };
        let mut parts: Vec<usize> = Vec::new();
        for (ids, id_pattern, types) in &selectors {
            let wanted = Wanted {
                ids,
                id_pattern: id_pattern.as_ref(),
                types: types.as_ref().map_or(Types::Any, Types::Selected),
                attributes: &self.attributes,
                dataset_ids: &[],
            };
            let discovery = Discovery {
                wanted,
                geo: self.subscription.geo.as_ref().map(|geo| &geo.query),
                time: self.time,
                csf: self.csf.as_ref(),
                scopes: self.subscription.scopes.as_ref().map(|(scopes, _)| scopes),
            };
            for part in discovery.of(registration).into_iter().flatten() {
                let place = registration.information.iter().position(|one| std::ptr::eq(one, part));
                parts.extend(place.filter(|place| !parts.contains(place)));
            }
        }
        (!parts.is_empty()).then_some(parts)
    }

    /// The body of a notification (clause 5.3.2).
    pub(super) fn body(&self, notice: &Notice, id: &Iri, now: Timestamp) -> Json {
        let data = notice.told.iter().map(|told| {
            let parts: Vec<_> =
                told.parts.iter().filter_map(|at| told.registration.information.get(*at)).collect();
            let mut shown = told.registration.to_json(&self.ld_context, &Calls::default(), Some(&parts));
            if let Some(members) = shown.as_object_mut() {
                // It may hold secrets, and whoever is told need not call the source.
                members.remove("contextSourceInfo");
            }
            types_as_lists(&mut shown);
            shown
        });
        json!({
            "id": id.as_str(),
            "type": "ContextSourceNotification",
            "subscriptionId": self.subscription.id.as_str(),
            "notifiedAt": instant_text(now),
            "data": data.collect::<Vec<_>>(),
            "triggerReason": notice.reason,
        })
    }

    /// Where the `@context` of notifications is.
    pub(super) fn context_source(&self) -> Json {
        match (&self.subscription.jsonld_context, &self.subscription.context) {
            (Some(url), _) => Json::from(url.as_str()),
            (None, Some(source)) => source.clone(),
            (None, None) => Json::from(CORE_URL),
        }
    }

    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        !self.is_gone() && self.subscription.status(now) == Status::Active
    }

    pub(super) fn push(&self, notice: Notice) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(notice);
    }

    /// What is to be told next. Whoever gets none rests, and is started again by what comes next.
    pub(super) fn next(&self) -> Option<Notice> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.front().cloned();
        if next.is_none() {
            self.busy.store(false, Ordering::SeqCst);
        }
        next
    }

    /// The first notice was told, or needs to be told no more.
    pub(super) fn told(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    }

    /// True if there is something to tell and nobody tells it: the caller does.
    pub(super) fn start(&self) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        !waiting.is_empty() && !self.busy.swap(true, Ordering::SeqCst)
    }

    pub(super) fn waits(&self) -> bool {
        !self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(super) fn retire(&self) {
        self.gone.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::SeqCst)
    }

    pub(super) fn note(&self, now: Timestamp, arrived: bool) {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).note(now, arrived);
    }

    pub(super) fn deliveries(&self) -> Deliveries {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Types of entities as lists: readers of notifications need not tell one from many (clause 5.2.8 allows both).
fn types_as_lists(registration: &mut Json) {
    let parts = registration.get_mut("information").and_then(Json::as_array_mut);
    for part in parts.into_iter().flatten() {
        for entity in part.get_mut("entities").and_then(Json::as_array_mut).into_iter().flatten() {
            if let Some(one) = entity.get_mut("type").filter(|one| one.is_string()) {
                *one = Json::Array(vec![one.take()]);
            }
        }
    }
}

fn asked_time(json: &Json) -> Option<(TimeProperty, TimeRelation)> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let query =
        TemporalQuery::parse(text("timerel"), text("timeAt"), text("endTimeAt"), text("timeproperty"), None)
            .ok()?;
    query.relation.map(|relation| (query.property, relation))
}
