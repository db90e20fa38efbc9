//! Asking others: one entity, or those that meet conditions (clauses 5.7.1 and 5.7.2).

use std::sync::Arc;

use dinh_context::registrations::Match;
use dinh_model::{Entity, EntityId, Term};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{DatasetId, EntityQuery, Q, TypeExpr};
use dinh_ngsild::read::{self, Reader};
use dinh_ngsild::registration::{Discovery, Information, Operation, Types, Wanted};
use dinh_ngsild::temporal::{TimeProperty, TimeRelation};
use futures::{StreamExt as _, stream};
use serde_json::Value as Json;

use crate::call::call;
use crate::question::{narrowed, querying, querying_by_body, retrieving};
use crate::stamps::Stamps;
use crate::{Asker, Failure, Part, QueryTexts, Tongue, Warning};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;
/// Most pages that one source is asked for.
const MOST_PAGES: usize = 10;

/// What others told, and what went wrong.
#[derive(Debug, Default)]
pub struct Found {
    /// What they told; of one entity several may tell.
    pub parts: Vec<Part>,
    /// What went wrong.
    pub warnings: Vec<Warning>,
}

/// What one source told, and what it had to say of its own sources.
#[derive(Debug, Default)]
struct ToldEntities {
    entities: Vec<Entity>,
    warnings: Vec<Warning>,
}

/// What one source is asked: a part of a registration.
struct Question<'a> {
    source: &'a Match,
    part: &'a Information,
}

impl Asker {
    /// What others tell of one entity. `attributes` are those asked for; none for all.
    pub async fn retrieve(
        &self,
        id: &EntityId,
        types: Option<&TypeExpr>,
        attributes: &[Term],
        dataset_ids: &[DatasetId],
    ) -> Found {
        let wanted = Wanted {
            ids: std::slice::from_ref(id),
            id_pattern: None,
            types: types.map_or(Types::Any, Types::Selected),
            attributes,
            dataset_ids,
        };
        let operations = [Operation::RetrieveEntity, Operation::QueryEntity, Operation::QueryBatch];
        let sources = self.matching(&operations, &Discovery { wanted, ..Discovery::default() });
        let query =
            EntityQuery { ids: vec![id.clone()], attrs: attributes.to_vec(), ..EntityQuery::default() };
        let told = self.ask(&sources, &query, &QueryTexts::default(), Some(id)).await;
        let mut found = self.sift(told);
        found.warnings.extend(self.loop_warning(&[wanted], None, &operations));
        found
    }

    /// What others tell of the entities that a query asks for. Sources whose properties do not meet `csf` are not asked.
    pub async fn query(
        &self,
        query: &EntityQuery,
        texts: &QueryTexts,
        csf: Option<&Q>,
        batch: bool,
    ) -> Found {
        let operations = if batch {
            [Operation::QueryBatch, Operation::QueryEntity]
        } else {
            [Operation::QueryEntity, Operation::QueryBatch]
        };
        let sources = self.sources_of(query, csf, &operations);
        let told = self.ask(&sources, query, texts, None).await;
        let mut found = self.sift(told);
        found.warnings.extend(self.loop_warning(&all_wanted(query), csf, &operations));
        found
    }

    /// A warning that the request was here before, if it would go on otherwise (clause 6.3.17).
    fn loop_warning(&self, all: &[Wanted<'_>], csf: Option<&Q>, operations: &[Operation]) -> Option<Warning> {
        if !self.went_round() {
            return None;
        }
        let goes_on = |wanted: &Wanted<'_>| {
            let search = Discovery { wanted: *wanted, csf, ..Discovery::default() };
            let supports = |source: &Match, one| source.registered.registration.supports(one);
            self.found(&search).iter().any(|source| operations.iter().any(|one| supports(source, *one)))
        };
        if all.iter().any(goes_on) { Warning::of(&self.alias(), &Failure::Loop) } else { None }
    }

    /// True if a query would go on to others, had it not been here before.
    pub fn goes_round(&self, query: &EntityQuery, csf: Option<&Q>, operations: &[Operation]) -> bool {
        self.loop_warning(&all_wanted(query), csf, operations).is_some()
    }

    /// The sources that a query concerns.
    pub fn sources_of(&self, query: &EntityQuery, csf: Option<&Q>, operations: &[Operation]) -> Vec<Match> {
        self.sources_at(query, csf, operations, None)
    }

    /// The sources that a query concerns, of a time if one is told.
    pub(crate) fn sources_at(
        &self,
        query: &EntityQuery,
        csf: Option<&Q>,
        operations: &[Operation],
        time: Option<(TimeProperty, TimeRelation)>,
    ) -> Vec<Match> {
        let mut sources: Vec<Match> = Vec::new();
        for wanted in all_wanted(query) {
            for found in self.matching(operations, &Discovery { wanted, csf, time, ..Discovery::default() }) {
                match sources.iter_mut().find(|one| Arc::ptr_eq(&one.registered, &found.registered)) {
                    Some(known) => {
                        let more = found.parts.into_iter().filter(|part| !known.parts.contains(part));
                        let more: Vec<usize> = more.collect();
                        known.parts.extend(more);
                    }
                    None => sources.push(found),
                }
            }
        }
        if let Some(geo) = &query.geo {
            sources.retain(|source| source.registered.registration.may_tell_of(geo));
        }
        sources
    }

    /// Asks all sources beside one another.
    async fn ask(
        &self,
        sources: &[Match],
        query: &EntityQuery,
        texts: &QueryTexts,
        one: Option<&EntityId>,
    ) -> Vec<(Match, Result<ToldEntities, Failure>)> {
        let questions =
            sources.iter().flat_map(|source| source.information().map(move |part| Question { source, part }));
        let calls: Vec<_> = questions.map(|question| self.ask_one(question, query, texts, one)).collect();
        stream::iter(calls).buffered(AT_ONCE).collect().await
    }

    async fn ask_one(
        &self,
        question: Question<'_>,
        query: &EntityQuery,
        texts: &QueryTexts,
        one: Option<&EntityId>,
    ) -> (Match, Result<ToldEntities, Failure>) {
        let registration = &question.source.registered.registration;
        let tongue = Tongue::of(self, registration).await;
        let narrowed = narrowed(query, question.part, &tongue.context);
        let mut told = ToldEntities::default();
        for page in 0..MOST_PAGES {
            let call_of = match one {
                Some(id) if registration.supports(Operation::RetrieveEntity) => {
                    retrieving(id, &narrowed, &tongue.context)
                }
                _ if registration.supports(Operation::QueryEntity) => {
                    querying(&narrowed, query, texts, &tongue.context, page)
                }
                _ => querying_by_body(&narrowed, query, texts, &tongue.context, page),
            };
            let answer = match call(self, question.source, &tongue, call_of).await {
                Ok(answer) => answer,
                Err(failure) => return (question.source.clone(), Err(failure)),
            };
            told.warnings.extend(answer.warnings.iter().filter_map(|text| Warning::passed(text)));
            let (items, single) = match answer.body {
                Some(Json::Array(items)) => (items, false),
                Some(object @ Json::Object(_)) => (vec![object], true),
                Some(_) => {
                    let failure = Failure::Unreadable("neither an entity nor a list of them".to_owned());
                    return (question.source.clone(), Err(failure));
                }
                None => (Vec::new(), true),
            };
            let full = !single && items.len() >= PAGE;
            for item in items {
                match self.read(item, &tongue.context).await {
                    Ok(entity) => told.entities.extend(registered_of(entity, question.part)),
                    Err(failure) => return (question.source.clone(), Err(failure)),
                }
            }
            if !full {
                break;
            }
        }
        (question.source.clone(), Ok(told))
    }

    /// Reads an entity as it was told.
    async fn read(&self, json: Json, spoken: &Arc<LdContext>) -> Result<Entity, Failure> {
        let (json, context) = self.with_words(json, spoken).await?;
        let stamps = Stamps::of(&json, &context);
        let reader = Reader::new(&context, self.session.context().clock().now());
        let mut entity =
            read::entity(&reader, json).map_err(|error| Failure::Unreadable(error.to_string()))?;
        stamps.put(&mut entity);
        Ok(entity)
    }

    /// What was told, and its own words: those that it brings, or those in which it was asked.
    pub(crate) async fn with_words(
        &self,
        mut json: Json,
        spoken: &Arc<LdContext>,
    ) -> Result<(Json, Arc<LdContext>), Failure> {
        let Some(own) = json.as_object_mut().and_then(|members| members.remove("@context")) else {
            return Ok((json, Arc::clone(spoken)));
        };
        let resolved = self.session.context().ld_contexts().resolve(&own).await;
        Ok((json, resolved.map_err(|error| Failure::Unreadable(error.to_string()))?))
    }

    /// What whoever asks may see of what was told, and the warnings.
    fn sift(&self, told: Vec<(Match, Result<ToldEntities, Failure>)>) -> Found {
        let mut found = Found::default();
        let sight = self.session.sight().ok();
        let alias = self.alias();
        for (source, result) in told {
            let (mode, id) = (source.registered.registration.mode, &source.registered.registration.id);
            match result {
                Ok(told) => {
                    found.warnings.extend(told.warnings);
                    let seen = told
                        .entities
                        .into_iter()
                        .filter_map(|entity| sight.as_ref()?.view(&Arc::new(entity)));
                    found.parts.extend(seen.map(|entity| Part {
                        mode,
                        registration: id.clone(),
                        entity: Entity::clone(&entity),
                    }));
                }
                Err(failure) => found.warnings.extend(Warning::of(&alias, &failure)),
            }
        }
        found
    }
}

/// What a query asks for, selector by selector.
fn all_wanted(query: &EntityQuery) -> Vec<Wanted<'_>> {
    let wanted = Wanted {
        ids: &query.ids,
        id_pattern: query.id_pattern.as_ref(),
        types: query.types.as_ref().map_or(Types::Any, Types::Selected),
        attributes: &query.attrs,
        dataset_ids: &query.dataset_ids,
    };
    let selectors = query.selectors.iter().map(|selector| Wanted {
        ids: &selector.ids,
        id_pattern: selector.id_pattern.as_ref(),
        types: selector.types.as_ref().map_or(Types::Any, Types::Selected),
        ..wanted
    });
    if query.selectors.is_empty() { vec![wanted] } else { selectors.collect() }
}

/// What of an entity the source is registered for; nothing if it is not registered for the entity.
pub(crate) fn registered_of(mut entity: Entity, part: &Information) -> Option<Entity> {
    if !is_registered(&entity.id, &entity.types, part) {
        return None;
    }
    if part.names_attributes() {
        entity.attributes.retain(|name, _| part.attributes().any(|one| one == name));
    }
    Some(entity)
}

/// True if a source is registered for an entity.
pub(crate) fn is_registered(id: &EntityId, types: &[Term], part: &Information) -> bool {
    let wanted = Wanted { ids: std::slice::from_ref(id), types: Types::Of(types), ..Wanted::default() };
    part.entities.is_empty() || part.entities.iter().any(|info| wanted.concerns(info))
}
