//! The maps that sources make of a question, where they can (CIM 009 clauses 5.7.2.4, 5.14.4.4 and 5.2.39): with one, the pages
//! that a source is asked for later hang together there too.

use std::collections::BTreeMap;

use dinh_context::registrations::Match;
use dinh_model::EntityId;
use dinh_ngsild::query::{EntityQuery, Q};
use dinh_ngsild::registration::{Information, Operation, Wanted};
use dinh_ngsild::temporal::TemporalQuery;
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::Value as Json;

use crate::call::attempt;
use crate::evolutions::in_time;
use crate::question::{conditions, narrowed};
use crate::{Asker, Call, MOST_ENTITIES, Past, QueryTexts, Tongue};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;

/// The map that each source answers by: registrations, and the identifiers that their sources gave.
pub type LinkedMaps = BTreeMap<EntityId, EntityId>;

/// What sources mapped.
#[derive(Debug, Default)]
pub struct SourceMaps {
    /// By which maps they will answer.
    pub linked: LinkedMaps,
    /// What is in them: entities, each with the registration whose source tells of it.
    pub entities: Vec<(EntityId, EntityId)>,
}

/// What maps are made of, and where they are asked for.
struct Question<'a> {
    path: &'static str,
    query: &'a EntityQuery,
    texts: &'a QueryTexts,
    time: Option<&'a TemporalQuery>,
}

/// The map of one source.
struct OneMap {
    registration: EntityId,
    id: EntityId,
    entities: Vec<EntityId>,
}

impl Asker {
    /// The same asker, answered by these maps where a source has made one.
    #[must_use]
    pub fn by_maps(self, linked: LinkedMaps) -> Self {
        Self { linked, ..self }
    }

    /// Has the sources that a query concerns make maps of it. Maps are a help: a source that makes none is asked without.
    pub async fn have_mapped(&self, query: &EntityQuery, texts: &QueryTexts, csf: Option<&Q>) -> SourceMaps {
        let sources = self.sources_of(query, csf, &[Operation::CreateEntityMapQueryEntity]);
        self.maps_of(&sources, &Question { path: "/entityMaps", query, texts, time: None }).await
    }

    /// The same for a question about the past (clause 5.14.5.4).
    pub async fn have_past_mapped(&self, past: &Past<'_>) -> SourceMaps {
        let sources = self.sources_of_past_by(past, &[Operation::CreateEntityMapQueryTemporal]);
        let Past { query, texts, time, .. } = *past;
        let question = Question { path: "/temporal/entityMaps", query, texts, time: Some(time) };
        self.maps_of(&sources, &question).await
    }

    async fn maps_of(&self, sources: &[Match], question: &Question<'_>) -> SourceMaps {
        let calls: Vec<_> = sources
            .iter()
            .filter_map(|source| Some((source, only(source)?)))
            .map(|(source, part)| self.map_of(source, part, question))
            .collect();
        let made: Vec<Option<OneMap>> = stream::iter(calls).buffered(AT_ONCE).collect().await;
        let mut maps = SourceMaps::default();
        for OneMap { registration, id, entities } in made.into_iter().flatten() {
            maps.entities.extend(entities.into_iter().map(|entity| (entity, registration.clone())));
            maps.linked.insert(registration, id);
        }
        maps
    }

    async fn map_of(&self, source: &Match, part: &Information, question: &Question<'_>) -> Option<OneMap> {
        let registration = &source.registered.registration;
        if source.registered.rests(self.session.context().clock().now()) {
            return None;
        }
        let tongue = Tongue::of(self, registration).await;
        let narrowed = narrowed(question.query, part, &tongue.context);
        let mut pairs = conditions(&narrowed, question.query, question.texts, &tongue.context);
        pairs.extend(question.time.map(in_time).into_iter().flatten());
        let call = Call { method: Method::GET, path: question.path.to_owned(), query: pairs, body: None };
        // Who makes no maps has not failed, so that nothing is noted of it.
        let map = attempt(self, source, &tongue, call).await.ok()?.body?;
        let id = EntityId::parse(map.get("id")?.as_str()?).ok()?;
        let told = map.get("entityMap").and_then(Json::as_object)?;
        let entities = told
            .keys()
            .filter_map(|id| EntityId::parse(id).ok())
            .filter(|id| may_tell_of(part, id))
            .take(MOST_ENTITIES)
            .collect();
        Some(OneMap { registration: registration.id.clone(), id, entities })
    }
}

/// The part of a registration that a query concerns, if it is one: a map is of one question, and several parts are asked several.
fn only(source: &Match) -> Option<&Information> {
    let mut parts = source.information();
    parts.next().filter(|_| parts.next().is_none())
}

/// True if a source is registered for an entity of such an identifier.
fn may_tell_of(part: &Information, id: &EntityId) -> bool {
    let wanted = Wanted { ids: std::slice::from_ref(id), ..Wanted::default() };
    part.entities.is_empty() || part.entities.iter().any(|info| wanted.concerns(info))
}
