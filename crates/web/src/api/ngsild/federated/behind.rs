//! Entities behind links: those kept here, and those that others tell of (CIM 009 clause 4.5.23.1).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dinh_federation::{Asker, Part, QueryTexts, merge};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;

use super::read::asker;
use crate::api::ngsild::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::Visit;

/// Most entities behind links that one condition looks at.
const MOST: usize = 10_000;

/// What is known of these entities. Others are asked of those that are not kept here; where nobody answers, a link leads
/// nowhere, as it does when nobody has such an entity.
pub(in crate::api::ngsild) async fn behind(
    visit: &Visit,
    ids: &[EntityId],
    form: &Form,
) -> Result<HashMap<EntityId, Arc<Entity>>, Refusal> {
    let mut found: HashMap<EntityId, Arc<Entity>> = HashMap::new();
    for ids in ids.chunks(PAGE) {
        let query = EntityQuery { limit: ids.len(), ids: ids.to_vec(), ..EntityQuery::default() };
        let page = visit.session.query(query).await?;
        found.extend(page.entities.into_iter().map(|stored| (stored.entity.id.clone(), stored.entity)));
    }
    if !form.links_stay_here && !Asker::is_alone(&visit.session) {
        let missing: Vec<EntityId> = ids.iter().filter(|id| !found.contains_key(*id)).cloned().collect();
        found.extend(Box::pin(elsewhere(visit, &missing, form)).await);
    }
    Ok(found)
}

async fn elsewhere(visit: &Visit, ids: &[EntityId], form: &Form) -> HashMap<EntityId, Arc<Entity>> {
    let asker = asker(visit, form);
    let mut told: BTreeMap<EntityId, Vec<Part>> = BTreeMap::new();
    for ids in ids.chunks(PAGE) {
        let query = EntityQuery { ids: ids.to_vec(), ..EntityQuery::default() };
        for part in asker.query(&query, &QueryTexts::default(), None, false).await.parts {
            told.entry(part.entity.id.clone()).or_default().push(part);
        }
    }
    told.retain(|id, _| ids.contains(id));
    told.into_iter().filter_map(|(id, parts)| Some((id, Arc::new(merge(None, &parts)?)))).collect()
}

/// Those of `all` that meet a condition which looks behind their links.
pub(super) async fn meeting(
    visit: &Visit,
    query: &EntityQuery,
    all: Vec<Arc<Entity>>,
    form: &Form,
) -> Result<Vec<Arc<Entity>>, Refusal> {
    let mut known: HashMap<EntityId, Option<Arc<Entity>>> = HashMap::new();
    loop {
        let mut missing = BTreeSet::new();
        let mut look = |id: &EntityId| {
            let found = known.get(id);
            if found.is_none() {
                missing.insert(id.clone());
            }
            found.cloned().flatten()
        };
        let met: Vec<bool> = all.iter().map(|entity| query.matches_with(entity, &mut look)).collect();
        if missing.is_empty() {
            return Ok(all.into_iter().zip(met).filter_map(|(entity, met)| met.then_some(entity)).collect());
        }
        if known.len() + missing.len() > MOST {
            let detail = format!("q: it looks at more than {MOST} linked entities.");
            return Err(Problem::new(ProblemKind::TooComplexQuery, detail).into());
        }
        let missing: Vec<EntityId> = missing.into_iter().collect();
        let mut found = behind(visit, &missing, form).await?;
        known.extend(missing.into_iter().map(|id| {
            let entity = found.remove(&id);
            (id, entity)
        }));
    }
}
