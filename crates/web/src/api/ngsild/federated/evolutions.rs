//! Evolutions of which others tell too (clauses 5.7.3 and 5.7.4).

use std::collections::{BTreeMap, BTreeSet};

use dinh_context::graph::{EvolutionPage, EvolutionQuery};
use dinh_federation::{
    Asker, FoundPast, HERE, Past, Series, SourceMaps, Warning, aggregate, merge_series, reach_of_most,
};
use dinh_model::EntityId;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::temporal::{TemporalEntity, TemporalQuery};

use super::read::asker;
use super::{Beyond, refused_warned};
use crate::api::ngsild::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::{Visit, Window};

/// The evolution of one entity; an empty page if nobody knows it.
pub(in crate::api::ngsild) async fn evolution(
    visit: &Visit,
    id: &EntityId,
    query: &EvolutionQuery,
    form: &Form,
    local: bool,
) -> Result<(EvolutionPage, Vec<Warning>), Refusal> {
    let alone =
        async || Ok::<EvolutionPage, Refusal>(visit.session.evolution(id, query).await?.unwrap_or_default());
    if local || Asker::is_alone(&visit.session) {
        return Ok((alone().await?, Vec::new()));
    }
    let beyond = Beyond::default();
    let entities =
        EntityQuery { ids: vec![id.clone()], attrs: query.attributes.clone(), ..query.entities.clone() };
    let asker = asker(visit, form);
    let past = past(&entities, &query.time, &beyond, Some(id));
    let found = asker.past(&past).await;
    if found.parts.is_empty() {
        let page = alone().await?;
        if page.entities.is_empty() {
            return Err(refused_warned(Problem::not_found(id.as_str()).into(), &found.warnings));
        }
        return Ok((page, found.warnings));
    }
    // What there is to be aggregated is known when all is there.
    let records = EvolutionQuery { aggregation: None, ..query.clone() };
    let here = visit.session.evolution(id, &records).await?.unwrap_or_default();
    let merged = merge_series(here.entities.into_iter().next(), &found.parts, &query.time);
    let page =
        EvolutionPage { entities: merged.into_iter().collect(), cut: here.cut, ..EvolutionPage::default() };
    Ok((finished(page, query, &found), found.warnings))
}

/// A page of evolutions of which others tell too.
pub(in crate::api::ngsild) struct PastPage {
    pub(in crate::api::ngsild) page: EvolutionPage,
    pub(in crate::api::ngsild) warnings: Vec<Warning>,
    /// Who told of an entity, where it was not this server alone.
    pub(in crate::api::ngsild) told: BTreeMap<EntityId, Vec<String>>,
}

/// A page of evolutions; none if no other source is concerned. What is kept here comes first, what others alone tell of comes
/// after it, by identifier.
pub(in crate::api::ngsild) async fn evolutions(
    visit: &Visit,
    query: &EvolutionQuery,
    window: Window,
    form: &Form,
    beyond: &Beyond,
) -> Result<Option<PastPage>, Refusal> {
    if beyond.local || Asker::is_alone(&visit.session) {
        return Ok(None);
    }
    let asker = asker(visit, form).by_maps(beyond.maps.clone());
    let past = past(&query.entities, &query.time, beyond, None);
    if asker.sources_of_past(&past).is_empty() {
        return Ok(None);
    }
    if !query.entities.order.is_empty() {
        let detail = "orderBy: other sources are concerned, and their answers come in no common order; ask with local=true.";
        return Err(Problem::bad_data(detail).into());
    }
    let end = window.offset.saturating_add(window.limit);
    if end >= PAGE {
        let detail = format!(
            "Other sources are concerned: pages may reach as far as {PAGE} evolutions; ask with local=true for more."
        );
        return Err(Problem::new(ProblemKind::TooManyResults, detail).into());
    }
    let found = asker.past(&past).await;
    let mut told: BTreeMap<EntityId, Vec<Series>> = BTreeMap::new();
    for part in &found.parts {
        told.entry(part.entity.id.clone()).or_default().push(part.clone());
    }
    let base = here(query, beyond);
    let first = EvolutionQuery {
        entities: EntityQuery { limit: end + 1, offset: 0, count: window.count, ..base.entities.clone() },
        ..base.clone()
    };
    let own = visit.session.evolutions(&first).await?;
    let both = both(visit, &base, &told, &own).await?;
    let sources = told.iter().map(|(id, parts)| {
        let here = both.contains(id).then(|| HERE.to_owned());
        (id.clone(), here.into_iter().chain(parts.iter().map(|part| part.registration.to_string())).collect())
    });
    let sources: BTreeMap<EntityId, Vec<String>> = sources.collect();
    let mut all: Vec<TemporalEntity> = Vec::new();
    for entity in own.entities {
        let parts = told.get(&entity.id).map(Vec::as_slice).unwrap_or_default();
        all.extend(merge_series(Some(entity), parts, &query.time));
    }
    let alone = told.iter().filter(|(id, _)| !both.contains(*id));
    let alone: Vec<_> = alone.filter_map(|(_, parts)| merge_series(None, parts, &query.time)).collect();
    let total = own.total.map(|here| here + u64::try_from(alone.len()).unwrap_or(u64::MAX));
    if !own.more {
        all.extend(alone);
    }
    let more = own.more || all.len() > end;
    let entities = all.into_iter().skip(window.offset).take(window.limit).collect();
    let page = EvolutionPage { entities, total, more, cut: own.cut };
    let page = finished(page, query, &found);
    Ok(Some(PastPage { page, warnings: found.warnings, told: sources }))
}

/// Has the sources that are concerned make maps of a question about the past.
pub(in crate::api::ngsild) async fn past_mapped_elsewhere(
    visit: &Visit,
    query: &EvolutionQuery,
    form: &Form,
    beyond: &Beyond,
) -> SourceMaps {
    if beyond.local || Asker::is_alone(&visit.session) {
        return SourceMaps::default();
    }
    let past = past(&query.entities, &query.time, beyond, None);
    Box::pin(asker(visit, form).have_past_mapped(&past)).await
}

fn past<'a>(
    query: &'a EntityQuery,
    time: &'a TemporalQuery,
    beyond: &'a Beyond,
    one: Option<&'a EntityId>,
) -> Past<'a> {
    Past { query, time, texts: &beyond.texts, csf: beyond.csf.as_ref(), one }
}

/// The question for what is kept here: records, whatever is to become of them.
fn here(query: &EvolutionQuery, beyond: &Beyond) -> EvolutionQuery {
    let mut base = EvolutionQuery { aggregation: None, ..query.clone() };
    if beyond.texts.split {
        (base.entities.q, base.entities.scopes, base.entities.geo) = (None, None, None);
    }
    base
}

/// Which of the entities that others tell of are found here too.
async fn both(
    visit: &Visit,
    base: &EvolutionQuery,
    told: &BTreeMap<EntityId, Vec<Series>>,
    own: &EvolutionPage,
) -> Result<BTreeSet<EntityId>, Refusal> {
    let mut both: BTreeSet<EntityId> = own.entities.iter().map(|entity| entity.id.clone()).collect();
    if !own.more {
        return Ok(both);
    }
    let asked = &base.entities.ids;
    let ids: Vec<EntityId> =
        told.keys().filter(|id| asked.is_empty() || asked.contains(id)).cloned().collect();
    for chunk in ids.chunks(PAGE) {
        let entities = EntityQuery { ids: chunk.to_vec(), limit: PAGE, offset: 0, ..base.entities.clone() };
        let page = visit.session.evolutions(&EvolutionQuery { entities, ..base.clone() }).await?;
        both.extend(page.entities.into_iter().map(|entity| entity.id));
    }
    Ok(both)
}

/// Cuts what is too much, or says what it comes to.
fn finished(mut page: EvolutionPage, query: &EvolutionQuery, found: &FoundPast) -> EvolutionPage {
    let most = reach_of_most(&page.entities, query.most, &query.time);
    for reach in found.reach.into_iter().chain(most) {
        page.cut = true;
        page.entities.iter_mut().for_each(|entity| reach.cut(entity, &query.time));
    }
    if let Some(aggregation) = &query.aggregation {
        page.entities.iter_mut().for_each(|entity| aggregate(entity, aggregation, &query.time));
    }
    page
}
