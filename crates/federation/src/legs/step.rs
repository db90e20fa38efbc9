//! One copy: given to a source, changed, taken away.

use std::sync::Arc;

use dinh_context::graph::{Act, Note};
use dinh_context::registrations::{Match, Registered};
use dinh_context::{Error, Session};
use dinh_model::EntityId;
use dinh_ngsild::registration::{Operation, Registration};
use dinh_ngsild::subscription::Subscription;
use http::{HeaderMap, Method};
use serde_json::{Map, Value as Json, json};

use super::book::{Leg, Place};
use super::{Legs, Wish, reduce};
use crate::call::call;
use crate::question::segment;
use crate::{Asker, Call, Failure, Tongue, Way};

/// First pause after a failure, in microseconds; doubled with each further one.
const FIRST_PAUSE: i64 = 5_000_000;
/// Longest pause.
const LONGEST_PAUSE: i64 = 300_000_000;
/// Most attempts at taking a copy away from a source that does not answer.
const MOST_FAREWELLS: u32 = 50;

impl Legs {
    /// Gives a source its copy, unless it has just that.
    pub(super) async fn grant(&self, session: Session, place: Place, wish: Wish) -> Result<(), Error> {
        let context = &self.0.context;
        let Some(endpoint) = self.address() else { return Ok(()) };
        let known = self.0.book.of(&place.0, Some(&place.1)).into_iter().find(|(known, _)| *known == place);
        let known = known.map(|(_, leg)| leg);
        let now = context.clock().now();
        if known.as_ref().is_some_and(|leg| leg.ends || leg.rests_until.is_some_and(|until| now < until)) {
            // What is being taken away is taken away first.
            return Ok(());
        }
        let registration = &wish.source.registered.registration;
        let asker = self.asker(&session, Some(&wish.subscription)).await;
        let tongue = Tongue::of(&asker, registration).await;
        let asker = Asker { context: Arc::clone(&tongue.context), ..asker };
        let remote = known.as_ref().map_or_else(
            || format!("urn:ngsi-ld:Subscription:distsub-{}", context.ids().uuid()),
            |leg| leg.remote.clone(),
        );
        let Some(copy) = reduce::reduced(
            &wish.subscription,
            registration,
            &wish.source.parts,
            (&remote, &endpoint),
            &tongue.context,
        ) else {
            return match known {
                Some(leg) => self.end(session, place, leg).await,
                None => Ok(()),
            };
        };
        let told = Json::Object(copy.clone());
        let stored = registration.to_stored();
        if known.as_ref().is_some_and(|leg| leg.told.as_ref() == Some(&told) && leg.registration == stored) {
            return Ok(());
        }
        let elsewhere = known.as_ref().is_some_and(|leg| moved(&leg.registration, registration));
        let updates = known.as_ref().is_some_and(|leg| leg.told.is_some());
        if elsewhere || (updates && !registration.supports(Operation::UpdateSubscription)) {
            if let Some(leg) = known {
                self.end(session.clone(), place.clone(), leg).await?;
                // A new copy is made once the old one is gone.
                self.0.context.stirred().again(&place.0, &place.1);
            }
            return Ok(());
        }
        let leg = Leg {
            tenant: place.0.clone(),
            subscription: place.1.clone(),
            registration: stored,
            parts: wish.source.parts.clone(),
            remote: remote.clone(),
            told: known.as_ref().and_then(|leg| leg.told.clone()),
            ends: false,
            failures: known.as_ref().map_or(0, |leg| leg.failures),
            rests_until: None,
        };
        // Before the source is told: what it tells at once is understood.
        self.0.book.keep(context, place.clone(), leg.clone()).await?;
        let old = known.and_then(|leg| leg.told);
        let result = self.tell(&asker, &wish.source, &tongue, (&place, &remote), (copy, old)).await?;
        match result {
            Ok(()) => {
                let leg = Leg { told: Some(told), failures: 0, ..leg };
                self.0.book.keep(context, place, leg).await
            }
            Err(failure) => {
                tracing::warn!(%failure, subscription = place.1, registration = place.2, "a source did not take a copy of a subscription");
                self.rest(&place);
                Ok(())
            }
        }
    }

    /// Makes or changes a copy at its source. The audit notes first what leaves the house.
    async fn tell(
        &self,
        asker: &Asker,
        source: &Match,
        tongue: &Tongue,
        (place, remote): (&Place, &str),
        (copy, old): (Map<String, Json>, Option<Json>),
    ) -> Result<Result<(), Failure>, Error> {
        let changing = |old: &Json| Call {
            method: Method::PATCH,
            path: format!("/subscriptions/{}", segment(remote)),
            query: Vec::new(),
            body: Some(reduce::fragment(old, &copy)),
        };
        let making = Call {
            method: Method::POST,
            path: "/subscriptions".to_owned(),
            query: Vec::new(),
            body: Some(Json::Object(copy.clone())),
        };
        let operation =
            if old.is_some() { Operation::UpdateSubscription } else { Operation::CreateSubscription };
        note(&asker.session, operation, place).await?;
        let mut result = match &old {
            Some(old) => call(asker, source, tongue, changing(old)).await,
            None => call(asker, source, tongue, making.clone()).await,
        };
        match (&result, &old) {
            // It was made before somebody crashed.
            (Err(Failure::Refused { status: 409, .. }), None) => {
                result = call(asker, source, tongue, changing(&Json::Null)).await;
            }
            // The source has forgotten it.
            (Err(Failure::Refused { status: 404, .. }), Some(_)) => {
                result = call(asker, source, tongue, making).await;
            }
            _ => {}
        }
        Ok(result.map(|_| ()))
    }

    /// Takes a copy away from its source.
    pub(super) async fn end(&self, session: Session, place: Place, leg: Leg) -> Result<(), Error> {
        let context = &self.0.context;
        let now = context.clock().now();
        let Ok(registration) = Registration::from_stored(&leg.registration) else {
            return self.0.book.forget(context, &place).await;
        };
        if leg.ends && leg.rests_until.is_some_and(|until| now < until) {
            return Ok(());
        }
        if !leg.ends {
            self.0.book.keep(context, place.clone(), Leg { ends: true, failures: 0, ..leg.clone() }).await?;
        }
        if !registration.supports(Operation::DeleteSubscription) {
            return self.0.book.forget(context, &place).await;
        }
        let asker = self.asker(&session, None).await;
        let tongue = Tongue::of(&asker, &registration).await;
        let registered = Arc::new(Registered::new(place.0.clone(), registration));
        let source = Match { registered, parts: leg.parts.clone() };
        let path = format!("/subscriptions/{}", segment(&leg.remote));
        let call_of = Call { method: Method::DELETE, path, query: Vec::new(), body: None };
        note(&asker.session, Operation::DeleteSubscription, &place).await?;
        match call(&asker, &source, &tongue, call_of).await {
            Ok(_) | Err(Failure::Refused { status: 404 | 410, .. }) => {}
            Err(failure) if leg.failures < MOST_FAREWELLS => {
                tracing::warn!(%failure, subscription = place.1, registration = place.2, "a source keeps the copy of a subscription that has ended");
                self.rest(&place);
                return Ok(());
            }
            Err(_) => {}
        }
        self.0.book.forget(context, &place).await
    }

    fn rest(&self, place: &Place) {
        let now = self.0.context.clock().now();
        self.0.book.touch(place, |leg| {
            let pause = FIRST_PAUSE.saturating_mul(1 << leg.failures.min(10)).min(LONGEST_PAUSE);
            leg.failures += 1;
            leg.rests_until = Some(now.plus_micros(pause));
        });
    }

    /// Whoever asks on behalf of a subscription, in its words as far as they can be named.
    pub(super) async fn asker(&self, session: &Session, subscription: Option<&Subscription>) -> Asker {
        let contexts = self.0.context.ld_contexts();
        let words = subscription.and_then(|one| match (&one.jsonld_context, &one.context) {
            (Some(url), _) => Some(Json::from(url.as_str())),
            (None, source) => source.clone(),
        });
        let context = match words {
            Some(words) => contexts.resolve(&words).await.unwrap_or_else(|_| contexts.core()),
            None => contexts.core(),
        };
        let mut asker = Asker::new(session.clone(), HeaderMap::new(), context);
        if let Some(subscription) = subscription {
            asker.way = Way::from_fields(self.0.book.way(session.tenant(), subscription.id.as_str()));
        }
        asker
    }
}

/// True if a source is another one than before: there its copy is not.
fn moved(old: &Json, new: &Registration) -> bool {
    Registration::from_stored(old)
        .map_or(true, |old| old.endpoint != new.endpoint || old.tenant != new.tenant)
}

async fn note(session: &Session, operation: Operation, place: &Place) -> Result<(), Error> {
    let details = json!({"operation": operation.as_str(), "registrations": [place.2]});
    let entities = vec![EntityId::trusted(place.1.as_str())];
    session.note(Note { entities, details, ..Note::of(Act::Forward) }).await
}
