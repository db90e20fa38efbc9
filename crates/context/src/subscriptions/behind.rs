//! Entities behind the links of those that are told of, as the owner of a subscription sees them.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_access::{Grant, Read};
use dinh_model::{Entity, EntityId};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::linked::Linked;
use dinh_ngsild::query::EntityQuery;

use super::Shared;
use super::entry::Entry;
use super::image::SeenChange;
use crate::Error;

/// Most entities behind links that are looked at for one change.
const MOST: usize = 1_000;

/// True if a change is to be told of. Where the condition looks behind links, what stands there is read; the rest costs
/// nothing here.
pub(super) async fn matches(
    shared: &Shared,
    grant: &Grant<Read>,
    entry: &Entry,
    seen: &SeenChange<'_>,
) -> Result<bool, Error> {
    let subscription = &entry.subscription;
    if !entry.looks_behind {
        return Ok(subscription.matches(&seen.change, &seen.entity));
    }
    let mut known: HashMap<EntityId, Option<Arc<Entity>>> = HashMap::new();
    loop {
        let mut missing = Vec::new();
        let met = subscription.matches_with(&seen.change, &seen.entity, &mut |id| {
            let found = known.get(id);
            if found.is_none() {
                missing.push(id.clone());
            }
            found.cloned().flatten()
        });
        // More entities can only make more of the condition true: there is no word for what is not there.
        if met || missing.is_empty() {
            return Ok(met);
        }
        if known.len() + missing.len() > MOST {
            tracing::warn!(
                subscription = entry.id,
                "its condition looks at too many linked entities: not told"
            );
            return Ok(false);
        }
        let mut found = find(shared, grant, &missing).await?;
        known.extend(missing.into_iter().map(|id| {
            let entity = found.remove(&id);
            (id, entity)
        }));
    }
}

/// The entities that those told of link to, if the subscription wants them.
pub(super) async fn linked<'e>(
    shared: &Shared,
    grant: &Grant<Read>,
    entry: &'e Entry,
    entities: &[&Entity],
) -> Result<Option<Linked<'e>>, Error> {
    let Some((mut linked, levels)) = entry.subscription.links_of(entities) else { return Ok(None) };
    for _level in 0..levels {
        let Ok(wanted) = linked.wanted() else {
            // What has been found is told all the same.
            tracing::warn!(subscription = entry.id, "more entities are linked than are told of");
            break;
        };
        if wanted.is_empty() {
            break;
        }
        linked.take(find(shared, grant, &wanted).await?);
    }
    Ok(Some(linked))
}

/// What is seen of these entities.
async fn find(
    shared: &Shared,
    grant: &Grant<Read>,
    ids: &[EntityId],
) -> Result<HashMap<EntityId, Arc<Entity>>, Error> {
    let mut found = HashMap::new();
    for ids in ids.chunks(PAGE) {
        let query = EntityQuery { ids: ids.to_vec(), limit: ids.len(), ..EntityQuery::default() };
        let page = shared.store.query(grant, &query).await?;
        found.extend(page.entities.into_iter().map(|stored| (stored.entity.id.clone(), stored.entity)));
    }
    Ok(found)
}
