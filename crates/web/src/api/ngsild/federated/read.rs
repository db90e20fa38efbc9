//! Entities of which others tell too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_context::graph::{Stored, Written};
use dinh_federation::{Asker, HERE, LinkedMaps, Part, QueryTexts, SourceMaps, Warning, merge};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use dinh_ngsild::registration::Operation;
use serde_json::Value as Json;

use super::behind::meeting;
use super::refused_warned;
use crate::api::ngsild::conditions::q;
use crate::api::ngsild::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::{Given, Visit, Window};

/// Furthest into an answer of several sources that a page may lie: what comes before is read each time.
const FURTHEST: usize = 10_000;

/// How far a question goes.
#[derive(Clone, Debug, Default)]
pub(in crate::api::ngsild) struct Beyond {
    /// It is for this server alone.
    pub(in crate::api::ngsild) local: bool,
    /// Conditions as they were written.
    pub(in crate::api::ngsild) texts: QueryTexts,
    /// Which sources.
    pub(in crate::api::ngsild) csf: Option<Q>,
    /// Whether it is asked in a body.
    pub(in crate::api::ngsild) batch: bool,
    /// The maps that sources answer by.
    pub(in crate::api::ngsild) maps: LinkedMaps,
}

impl Beyond {
    /// What URL parameters say of it.
    pub(in crate::api::ngsild) fn read(given: &Given, form: &Form) -> Result<Self, Problem> {
        let text = |name: &'static str| given.text(name).map(str::to_owned);
        let geo = match (text("georel"), text("geometry"), text("coordinates")) {
            (Some(georel), Some(geometry), Some(coordinates)) => Some([georel, geometry, coordinates]),
            _ => None,
        };
        let split = given.flag("splitEntities")?;
        Ok(Self {
            local: given.flag("local")?,
            texts: QueryTexts { scope_q: text("scopeQ"), geo, split },
            csf: given.text("csf").map(|text| q(text, given, &form.context)).transpose()?,
            batch: false,
            maps: LinkedMaps::new(),
        })
    }

    /// What a query in a body says of it.
    pub(in crate::api::ngsild) fn of_body(
        body: &Json,
        context: &LdContext,
        local: bool,
    ) -> Result<Self, Problem> {
        let text = |path: &str| body.pointer(path).and_then(Json::as_str).map(str::to_owned);
        let coordinates = body.pointer("/geoQ/coordinates").map(|places| match places {
            Json::String(text) => text.clone(),
            places => places.to_string(),
        });
        let geo = match (text("/geoQ/georel"), text("/geoQ/geometry"), coordinates) {
            (Some(georel), Some(geometry), Some(coordinates)) => Some([georel, geometry, coordinates]),
            _ => None,
        };
        let split = body.get("splitEntities") == Some(&Json::Bool(true));
        let csf = text("/csf").map(|text| Q::parse(&text, context)).transpose()?;
        let texts = QueryTexts { scope_q: text("/scopeQ"), geo, split };
        Ok(Self { local, texts, csf, batch: true, maps: LinkedMaps::new() })
    }
}

pub(super) fn asker(visit: &Visit, form: &Form) -> Asker {
    Asker::new(visit.session.clone(), visit.headers.clone(), Arc::clone(&form.context))
}

/// One entity of what is kept here and what others tell of it.
pub(in crate::api::ngsild) struct One {
    pub(in crate::api::ngsild) entity: Arc<Entity>,
    /// What was written of it.
    pub(in crate::api::ngsild) written: Written,
    /// Its version, if it is kept here alone.
    pub(in crate::api::ngsild) version: Option<u64>,
    /// Who told of it.
    pub(in crate::api::ngsild) sources: Vec<String>,
    /// What went wrong.
    pub(in crate::api::ngsild) warnings: Vec<Warning>,
}

impl One {
    fn kept_here(stored: Stored, warnings: Vec<Warning>) -> Self {
        let Stored { entity, version, written, .. } = stored;
        Self { entity, written, version: Some(version), sources: vec![HERE.to_owned()], warnings }
    }
}

/// One entity.
pub(in crate::api::ngsild) async fn entity(
    visit: &Visit,
    id: &EntityId,
    types: Option<&TypeExpr>,
    form: &Form,
    local: bool,
) -> Result<One, Refusal> {
    if local || Asker::is_alone(&visit.session) {
        return Ok(One::kept_here(visit.session.entity(id).await?, Vec::new()));
    }
    Box::pin(entity_of_several(visit, id, types, form)).await
}

/// The same, where others may have to be asked. In a box: nobody else is to make room for it.
async fn entity_of_several(
    visit: &Visit,
    id: &EntityId,
    types: Option<&TypeExpr>,
    form: &Form,
) -> Result<One, Refusal> {
    let wanted = form.needed_attributes();
    let asker = asker(visit, form);
    let (here, found) =
        tokio::join!(visit.session.find(id), asker.retrieve(id, types, &wanted, &form.dataset_ids));
    let here = here?;
    if found.parts.is_empty() {
        let Some(stored) = here else {
            let refusal = Refusal::from(Problem::not_found(id.as_str()));
            return Err(refused_warned(refusal, &found.warnings));
        };
        return Ok(One::kept_here(stored, found.warnings));
    }
    let merged = merge(here.as_ref().map(|stored| &*stored.entity), &found.parts);
    let merged = merged.ok_or_else(|| Problem::not_found(id.as_str()))?;
    let own = here.is_some().then(|| HERE.to_owned());
    let others = found.parts.iter().map(|part| part.registration.to_string());
    let sources = own.into_iter().chain(others).collect();
    Ok(One {
        entity: Arc::new(merged),
        written: Written::default(),
        version: None,
        sources,
        warnings: found.warnings,
    })
}

/// A page of an answer of several sources: what to show, whether there is more, and how many there are in all.
#[derive(Default)]
pub(in crate::api::ngsild) struct Page {
    pub(in crate::api::ngsild) entities: Vec<Arc<Entity>>,
    pub(in crate::api::ngsild) more: bool,
    pub(in crate::api::ngsild) total: Option<u64>,
    pub(in crate::api::ngsild) warnings: Vec<Warning>,
    /// Who told of an entity, where it was not this server alone.
    pub(in crate::api::ngsild) told: BTreeMap<EntityId, Vec<String>>,
}

/// Asks others too, if any of them is concerned. What is kept here comes first, what others alone tell of comes after it, by
/// identifier.
pub(in crate::api::ngsild) async fn page(
    visit: &Visit,
    query: &EntityQuery,
    window: Window,
    form: &Form,
    beyond: &Beyond,
) -> Result<Option<Page>, Refusal> {
    if beyond.local || Asker::is_alone(&visit.session) {
        return Ok(None);
    }
    Box::pin(page_of_several(visit, query, window, form, beyond)).await
}

/// Has the sources that are concerned make maps of a query.
pub(in crate::api::ngsild) async fn mapped_elsewhere(
    visit: &Visit,
    query: &EntityQuery,
    form: &Form,
    beyond: &Beyond,
) -> SourceMaps {
    if beyond.local || Asker::is_alone(&visit.session) {
        return SourceMaps::default();
    }
    Box::pin(asker(visit, form).have_mapped(query, &beyond.texts, beyond.csf.as_ref())).await
}

/// The same, where others may have to be asked.
async fn page_of_several(
    visit: &Visit,
    query: &EntityQuery,
    window: Window,
    form: &Form,
    beyond: &Beyond,
) -> Result<Option<Page>, Refusal> {
    let asker = asker(visit, form).by_maps(beyond.maps.clone());
    let operations = [Operation::QueryEntity, Operation::QueryBatch];
    let csf = beyond.csf.as_ref();
    if asker.sources_of(query, csf, &operations).is_empty() && !asker.goes_round(query, csf, &operations) {
        return Ok(None);
    }
    if !query.order.is_empty() {
        let detail = "orderBy: other sources are concerned, and their answers come in no common order; ask with local=true.";
        return Err(Problem::bad_data(detail).into());
    }
    let end = window.offset.saturating_add(window.limit);
    if end > FURTHEST || window.after.is_some() {
        let detail = format!(
            "Other sources are concerned: pages may reach as far as {FURTHEST} entities, by offset, or ask with local=true."
        );
        return Err(Problem::new(ProblemKind::TooManyResults, detail).into());
    }
    let base = here(query, beyond.texts.split);
    // What is kept here is read while the others think.
    let (found, first) = tokio::join!(
        asker.query(query, &beyond.texts, csf, beyond.batch),
        visit.session.query(EntityQuery { limit: PAGE, ..base.clone() })
    );
    let first = first?;
    let mut told: BTreeMap<EntityId, Vec<Part>> = BTreeMap::new();
    for part in found.parts {
        told.entry(part.entity.id.clone()).or_default().push(part);
    }
    let both = if first.entities.len() < PAGE {
        let own = first.entities.iter().map(|stored| stored.entity.id.clone());
        own.filter(|id| told.contains_key(id)).collect()
    } else {
        both(visit, &base, &told).await?
    };
    let sources = told.iter().map(|(id, parts)| {
        let here = both.contains(id).then(|| HERE.to_owned());
        (id.clone(), here.into_iter().chain(parts.iter().map(|part| part.registration.to_string())).collect())
    });
    let sources: BTreeMap<EntityId, Vec<String>> = sources.collect();
    // What is split is looked at when it is whole, so that it cannot be counted before; and what stands behind its links is
    // looked at last.
    let behind_links = beyond.texts.split && query.link_depth() > 0;
    let first_of_all = EntityQuery { q: query.q.clone().filter(|_| !behind_links), ..query.clone() };
    let matches = |entity: &Entity| !beyond.texts.split || first_of_all.matches(entity);
    let enough = if beyond.texts.split && (window.count || behind_links) { FURTHEST } else { end + 1 };
    let mut all = laid_over(visit, &base, first, &told, (&matches, enough)).await?;
    let counted =
        if window.count && !beyond.texts.split { Some(visit.session.count(base).await?) } else { None };
    let alone = told.iter().filter(|(id, _)| !both.contains(*id));
    let alone = alone.filter_map(|(_, parts)| merge(None, parts)).filter(|entity| matches(entity));
    let alone: Vec<Arc<Entity>> = alone.map(Arc::new).collect();
    let counted = counted.map(|here| here + u64::try_from(alone.len()).unwrap_or(u64::MAX));
    all.extend(alone);
    if behind_links {
        all = meeting(visit, query, all, form).await?;
    }
    let total = window.count.then(|| counted.unwrap_or_else(|| u64::try_from(all.len()).unwrap_or(u64::MAX)));
    let more = all.len() > end;
    let entities = all.into_iter().skip(window.offset).take(window.limit).collect();
    Ok(Some(Page { entities, more, total, warnings: found.warnings, told: sources }))
}

/// What is kept here, page by page until it is enough, with what others tell of it.
async fn laid_over(
    visit: &Visit,
    base: &EntityQuery,
    first: dinh_context::graph::Page,
    told: &BTreeMap<EntityId, Vec<Part>>,
    (matches, enough): (&(dyn Fn(&Entity) -> bool + Sync), usize),
) -> Result<Vec<Arc<Entity>>, Refusal> {
    let mut all: Vec<Arc<Entity>> = Vec::new();
    let mut next = Some(first);
    while let Some(page) = next.take() {
        let full = page.entities.len() == PAGE;
        let after = page.entities.last().map(|stored| stored.place);
        for stored in page.entities {
            let whole = match told.get(&stored.entity.id) {
                Some(parts) => merge(Some(&stored.entity), parts).map(Arc::new),
                None => Some(stored.entity),
            };
            all.extend(whole.filter(|entity| matches(entity)));
        }
        if full && all.len() < enough {
            next = Some(visit.session.query(EntityQuery { limit: PAGE, after, ..base.clone() }).await?);
        }
    }
    Ok(all)
}

/// The question for what is kept here. An entity that may be told in parts is looked at when it is whole.
fn here(query: &EntityQuery, split: bool) -> EntityQuery {
    let mut base = EntityQuery { limit: PAGE, offset: 0, count: false, ..query.clone() };
    if split {
        (base.q, base.scopes, base.geo) = (None, None, None);
        base.attrs = Vec::new();
    }
    base
}

/// Which of the entities that others tell of are found here too.
async fn both(
    visit: &Visit,
    base: &EntityQuery,
    told: &BTreeMap<EntityId, Vec<Part>>,
) -> Result<BTreeSet<EntityId>, Refusal> {
    let ids: Vec<EntityId> = told.keys().cloned().collect();
    let mut both = BTreeSet::new();
    for chunk in ids.chunks(PAGE) {
        let query = EntityQuery { ids: chunk.to_vec(), limit: PAGE, ..base.clone() };
        let asked: BTreeSet<&EntityId> = base.ids.iter().collect();
        let page = visit.session.query(query).await?;
        let found = page.entities.into_iter().map(|stored| stored.entity.id.clone());
        both.extend(found.filter(|id| asked.is_empty() || asked.contains(id)));
    }
    Ok(both)
}
