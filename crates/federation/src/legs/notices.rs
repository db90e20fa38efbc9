//! Notifications of others about subscriptions that they have copies of (clause 5.8.6).

use std::collections::HashMap;
use std::sync::Arc;

use dinh_context::subscriptions::Relayed;
use dinh_context::{Error, Session};
use dinh_model::{Attribute, AttributeChange, Change, ChangeKind, Entity, EntityId, Term, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::read::{self, Reader, instant};
use dinh_ngsild::registration::Registration;
use dinh_ngsild::subscription::Subscription;
use dinh_ngsild::vocabulary::NULL;
use serde_json::Value as Json;

use super::before::take_before;
use super::book::Leg;
use super::{Legs, reduce};
use crate::read::registered_of;
use crate::{Failure, Part, merge};

/// Most entities of one notification.
const MOST: usize = 1_000;

/// What became of a notification of another source.
#[derive(Debug)]
pub enum Taken {
    /// It will reach the subscriber, or has nothing for them.
    Well,
    /// No subscription is known by this identifier.
    Unknown,
    /// It makes no sense.
    Wrong(String),
    /// It cannot be taken now.
    Later,
}

impl Legs {
    /// Takes a notification of another source, with the words that it is written in.
    ///
    /// # Errors
    /// It cannot be kept.
    pub async fn take_in(&self, notification: &Json, words: &Arc<LdContext>) -> Result<Taken, Error> {
        let remote = notification.get("subscriptionId").and_then(Json::as_str).unwrap_or_default();
        let Some((place, leg)) = self.0.book.by_remote(remote).filter(|(_, leg)| !leg.ends) else {
            return Ok(Taken::Unknown);
        };
        let session = self.0.context.system("federation", place.0.clone());
        let Ok(view) = self.0.context.subscriptions().get(&session, &place.1) else {
            return Ok(Taken::Unknown);
        };
        let Some(data) = notification.get("data").and_then(Json::as_array).filter(|data| data.len() <= MOST)
        else {
            return Ok(Taken::Wrong(format!("data: an array of at most {MOST} entities was expected")));
        };
        let Ok(registration) = Registration::from_stored(&leg.registration) else {
            return Ok(Taken::Unknown);
        };
        let mut items = Vec::new();
        for json in data {
            let told = match self.told(&session, json.clone(), words).await {
                Ok(told) => told,
                Err(failure) => return Ok(Taken::Wrong(failure.to_string())),
            };
            let Some(told) = within(told, &registration, &leg) else { continue };
            let subscription = &view.subscription;
            let told = if reduce::is_split(subscription) {
                self.whole(&session, subscription, &registration, told).await?
            } else {
                Some(told).filter(|told| subscription.selects(told.entity.id.as_str(), &told.entity.types))
            };
            items.extend(told);
        }
        let taken = self.0.context.subscriptions().relay(&place.0, &place.1, items).await?;
        Ok(if taken { Taken::Well } else { Taken::Later })
    }

    /// Reads what is told of one entity: what it is, or that it went, or what went of it.
    async fn told(&self, session: &Session, json: Json, words: &Arc<LdContext>) -> Result<Relayed, Failure> {
        let asker = crate::Asker::new(session.clone(), http::HeaderMap::new(), Arc::clone(words));
        let (mut json, context) = asker.with_words(json, words).await?;
        let now = self.0.context.clock().now();
        let before = take_before(&mut json);
        let Some(members) = json.as_object_mut() else {
            return Err(Failure::Unreadable("data: its items are entities".to_owned()));
        };
        let deleted = members.remove("deletedAt");
        let deleted_at =
            deleted.as_ref().and_then(Json::as_str).and_then(|text| instant("deletedAt", text).ok());
        let gone: Vec<String> =
            members.iter().filter(|(_, value)| says_nothing(value)).map(|(name, _)| name.clone()).collect();
        members.retain(|name, _| !gone.contains(name));
        let mut entity = read_entity(json, &context, now)?;
        let mut former = before.map(|json| read_entity(json, &context, now)).transpose()?;
        if deleted.is_some() {
            // What went is told of by what it was.
            entity.attributes.extend(former.take().into_iter().flat_map(|former| former.attributes));
        }
        let change = |kind, at, attributes| Change {
            seq: 0,
            tenant: session.tenant().clone(),
            entity: entity.id.clone(),
            types: entity.types.clone(),
            kind,
            at,
            version: 0,
            by: "federation".to_owned(),
            attributes,
        };
        let change = if deleted.is_some() {
            Some(change(ChangeKind::Deleted, deleted_at.unwrap_or(now), Vec::new()))
        } else {
            let mut changes = Vec::new();
            for name in gone.iter().map(|name| context.expand(name)) {
                changes.extend(lost(&name, former.as_mut(), now));
            }
            changes.extend(former.into_iter().flat_map(|former| replaced(former, &entity)));
            (!changes.is_empty()).then(|| change(ChangeKind::Updated, now, changes))
        };
        Ok(Relayed { entity: Arc::new(entity), change })
    }

    /// The entity put together of what is kept here and what all others tell of it; none if it does not meet the conditions.
    async fn whole(
        &self,
        session: &Session,
        subscription: &Subscription,
        origin: &Registration,
        told: Relayed,
    ) -> Result<Option<Relayed>, Error> {
        if told.change.as_ref().is_some_and(|change| change.kind == ChangeKind::Deleted) {
            return Ok(Some(told));
        }
        let id: &EntityId = &told.entity.id;
        let asker = self.asker(session, Some(subscription)).await;
        let asker = crate::Asker { origin: Some(origin.id.clone()), ..asker };
        let (here, mut found) = tokio::join!(session.find(id), asker.retrieve(id, None, &[], &[]));
        let here = here?;
        found.parts.push(Part {
            mode: origin.mode,
            registration: origin.id.clone(),
            entity: Entity::clone(&told.entity),
        });
        let merged = merge(here.as_ref().map(|stored| &*stored.entity), &found.parts);
        let merged = merged.filter(|entity| subscription.concerns(entity));
        Ok(merged.map(|entity| Relayed { entity: Arc::new(entity), change: told.change }))
    }
}

/// That an attribute went, with what it said if that is told.
fn lost(name: &Term, former: Option<&mut Entity>, now: Timestamp) -> Vec<AttributeChange> {
    let known = former.and_then(|former| former.attributes.remove(name)).unwrap_or_default();
    let nothing = || vec![Attribute::new(Value::Property(NULL.into()), now)];
    let before = if known.is_empty() { nothing() } else { known };
    let change = |before: Attribute| AttributeChange {
        name: name.clone(),
        dataset_id: before.dataset_id.clone(),
        kind: ChangeKind::Deleted,
        before: Some(before),
        after: None,
    };
    before.into_iter().map(change).collect()
}

/// That attributes said something else.
fn replaced(former: Entity, entity: &Entity) -> Vec<AttributeChange> {
    let all = former
        .attributes
        .into_iter()
        .flat_map(|(name, before)| before.into_iter().map(move |one| (name.clone(), one)));
    let change = |(name, before): (Term, Attribute)| {
        let after = entity.attributes.get(&name)?.iter().find(|now| now.dataset_id == before.dataset_id)?;
        Some(AttributeChange {
            dataset_id: before.dataset_id.clone(),
            kind: ChangeKind::Updated,
            after: Some(after.clone()),
            before: Some(before),
            name,
        })
    };
    all.filter_map(change).collect()
}

/// Reads an entity that was told without being asked for.
fn read_entity(json: Json, context: &LdContext, now: Timestamp) -> Result<Entity, Failure> {
    let stamps = crate::stamps::Stamps::of(&json, context);
    let mut entity = read::entity(&Reader::new(context, now), json)
        .map_err(|error| Failure::Unreadable(error.to_string()))?;
    stamps.put(&mut entity);
    Ok(entity)
}

/// What of it the source is registered for.
fn within(told: Relayed, registration: &Registration, leg: &Leg) -> Option<Relayed> {
    let parts = leg.parts.iter().filter_map(|at| registration.information.get(*at));
    let mut all: HashMap<_, _> = HashMap::new();
    let mut first: Option<Entity> = None;
    let (mut names, mut any) = (Vec::new(), false);
    for part in parts {
        let Some(entity) = registered_of(Entity::clone(&told.entity), part) else { continue };
        any |= !part.names_attributes();
        names.extend(part.attributes().cloned());
        all.extend(entity.attributes.clone());
        first.get_or_insert(entity);
    }
    let mut entity = first?;
    entity.attributes = all.into_iter().collect();
    let mut change = told.change;
    if let Some(change) = change.as_mut().filter(|_| !any) {
        change.attributes.retain(|lost| names.contains(&lost.name));
    }
    Some(Relayed { entity: Arc::new(entity), change })
}

/// True for what stands for an attribute that went.
fn says_nothing(json: &Json) -> bool {
    let is_null = |json: &Json| json.as_str() == Some(NULL);
    let of = |name: &str| json.get(name).is_some_and(is_null);
    is_null(json)
        || ["value", "object", "vocab", "json"].iter().any(|name| of(name))
        || json.pointer("/languageMap/@none").is_some_and(is_null)
}
