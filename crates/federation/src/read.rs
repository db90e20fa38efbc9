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
use dinh_ngsild::vocabulary;
use futures::{StreamExt as _, stream};
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};

use crate::call::call;
use crate::stamps::Stamps;
use crate::{Asker, Call, Failure, Part, Tongue, Warning};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;
/// Most pages that one source is asked for.
const MOST_PAGES: usize = 10;
/// What must be escaped in a part of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b'@')
    .remove(b'+');

/// What others told, and what went wrong.
#[derive(Debug, Default)]
pub struct Found {
    /// What they told; of one entity several may tell.
    pub parts: Vec<Part>,
    /// What went wrong.
    pub warnings: Vec<Warning>,
}

/// Conditions as they were written, where they are passed on so.
#[derive(Clone, Debug, Default)]
pub struct QueryTexts {
    /// `scopeQ`.
    pub scope_q: Option<String>,
    /// `georel`, `geometry` and `coordinates`.
    pub geo: Option<[String; 3]>,
    /// Whether an entity may be told in parts by several: then conditions are looked at when it is whole (`splitEntities`).
    pub split: bool,
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

/// How a part of a registration narrows what is asked.
pub(crate) struct Narrowed {
    pub(crate) types: Option<String>,
    pub(crate) ids: Vec<EntityId>,
    pub(crate) id_pattern: Option<String>,
    pub(crate) attributes: Vec<Term>,
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

/// What of a query concerns a part of a registration (clause 4.3.6.1).
pub(crate) fn narrowed(query: &EntityQuery, part: &Information, context: &LdContext) -> Narrowed {
    let selected = |types: Option<&TypeExpr>, ids: &[EntityId]| {
        let wanted = Wanted {
            ids,
            id_pattern: query.id_pattern.as_ref(),
            types: types.map_or(Types::Any, Types::Selected),
            ..Wanted::default()
        };
        part.entities.iter().filter(|info| wanted.concerns(info)).collect::<Vec<_>>()
    };
    let (mut infos, mut ids) = (selected(query.types.as_ref(), &query.ids), query.ids.clone());
    let mut asked = query.types.clone();
    for selector in &query.selectors {
        infos.extend(selected(selector.types.as_ref(), &selector.ids));
        ids.extend(selector.ids.iter().cloned());
        asked = asked.or_else(|| selector.types.clone());
    }
    let mut types: Vec<String> = Vec::new();
    for info in &infos {
        let names: Vec<String> = info.types.iter().map(|one| context.compact(one).into_owned()).collect();
        let name = if names.len() > 1 { format!("({})", names.join(";")) } else { names.concat() };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    let types = if types.is_empty() { asked.map(|one| one.to_text(context)) } else { Some(types.join(",")) };
    if !infos.is_empty() {
        let fits = |id: &EntityId| {
            let wanted = Wanted { ids: std::slice::from_ref(id), ..Wanted::default() };
            infos.iter().any(|info| wanted.concerns(info))
        };
        ids.retain(fits);
    }
    if ids.is_empty() && !infos.is_empty() && infos.iter().all(|info| info.id.is_some()) {
        ids = infos.iter().filter_map(|info| info.id.clone()).collect();
    }
    let own_pattern = || match infos.as_slice() {
        [one] => one.id_pattern.as_ref(),
        _ => None,
    };
    let id_pattern = if ids.is_empty() { query.id_pattern.as_ref().or_else(own_pattern) } else { None };
    let attributes = if part.names_attributes() {
        part.attributes()
            .filter(|name| query.attrs.is_empty() || query.attrs.contains(name))
            .cloned()
            .collect()
    } else {
        query.attrs.clone()
    };
    Narrowed { types, ids, id_pattern: id_pattern.map(|pattern| pattern.as_str().to_owned()), attributes }
}

pub(crate) fn names(terms: &[Term], context: &LdContext) -> Vec<String> {
    terms.iter().map(|term| context.compact(term).into_owned()).collect()
}

fn retrieving(id: &EntityId, narrowed: &Narrowed, context: &LdContext) -> Call {
    let mut query = Vec::new();
    if !narrowed.attributes.is_empty() {
        query.push(("attrs", names(&narrowed.attributes, context).join(",")));
    }
    query.push(system_times());
    let path = format!("/entities/{}", segment(id.as_str()));
    Call { method: Method::GET, path, query, body: None }
}

/// The conditions of a query, as parameters.
pub(crate) fn conditions(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
) -> Vec<(&'static str, String)> {
    let mut pairs: Vec<(&'static str, String)> = Vec::new();
    let mut set = |name: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push((name, value));
        }
    };
    set("type", narrowed.types.clone());
    set("id", Some(narrowed.ids.iter().map(EntityId::as_str).collect::<Vec<_>>().join(",")));
    set("idPattern", narrowed.id_pattern.clone());
    set("attrs", Some(names(&narrowed.attributes, context).join(",")));
    if !texts.split {
        set("q", query.q.as_ref().map(|q| q.to_text(context)));
        set("scopeQ", texts.scope_q.clone());
        if let (Some([georel, geometry, coordinates]), Some(geo)) = (&texts.geo, &query.geo) {
            set("georel", Some(georel.clone()));
            set("geometry", Some(geometry.clone()));
            set("coordinates", Some(coordinates.clone()));
            if geo.property.as_str() != vocabulary::LOCATION {
                set("geoproperty", Some(context.compact(&geo.property).into_owned()));
            }
        }
    }
    pairs
}

fn querying(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
    page: usize,
) -> Call {
    let mut pairs = conditions(narrowed, query, texts, context);
    pairs.push(system_times());
    pairs.extend(paged(page));
    Call { method: Method::GET, path: "/entities".to_owned(), query: pairs, body: None }
}

/// What tells which of two instances is the later one (clause 4.5.5).
fn system_times() -> (&'static str, String) {
    ("options", "sysAttrs".to_owned())
}

/// Which page of an answer is asked for.
pub(crate) fn paged(page: usize) -> impl Iterator<Item = (&'static str, String)> {
    let offset = (page > 0).then(|| ("offset", (page * PAGE).to_string()));
    [("limit", PAGE.to_string())].into_iter().chain(offset)
}

fn querying_by_body(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
    page: usize,
) -> Call {
    let mut selector = Map::new();
    if let Some(types) = &narrowed.types {
        selector.insert("type".into(), types.as_str().into());
    }
    match narrowed.ids.as_slice() {
        [] => {}
        [one] => drop(selector.insert("id".into(), one.as_str().into())),
        many => drop(selector.insert("id".into(), many.iter().map(EntityId::as_str).collect())),
    }
    if let Some(pattern) = &narrowed.id_pattern {
        selector.insert("idPattern".into(), pattern.as_str().into());
    }
    let mut body = Map::new();
    body.insert("type".into(), "Query".into());
    if !selector.is_empty() {
        body.insert("entities".into(), json!([selector]));
    }
    if !narrowed.attributes.is_empty() {
        body.insert("attrs".into(), names(&narrowed.attributes, context).into());
    }
    if !texts.split {
        if let Some(q) = &query.q {
            body.insert("q".into(), q.to_text(context).into());
        }
        if let Some(scope_q) = &texts.scope_q {
            body.insert("scopeQ".into(), scope_q.as_str().into());
        }
        if let (Some([georel, geometry, coordinates]), Some(geo)) = (&texts.geo, &query.geo) {
            let places: Json = serde_json::from_str(coordinates).unwrap_or_default();
            body.insert(
                "geoQ".into(),
                json!({"georel": georel, "geometry": geometry, "coordinates": places, "geoproperty": context.compact(&geo.property)}),
            );
        }
    }
    let path = "/entityOperations/query".to_owned();
    let pairs = [system_times()].into_iter().chain(paged(page)).collect();
    Call { method: Method::POST, path, query: pairs, body: Some(Json::Object(body)) }
}

/// A part of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
