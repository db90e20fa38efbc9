//! Entities as they stood after a change.

use std::borrow::Cow;
use std::sync::Arc;

use dinh_access::Sight;
use dinh_model::{Change, ChangeKind, Entity, Tenant};
use dinh_store::Recorded;

use super::Shared;
use crate::Error;

/// The entity after a change, or before it if the change deletes it, where the change itself can tell.
pub(super) fn at_hand(recorded: &Recorded) -> Option<Arc<Entity>> {
    match &recorded.after {
        Some(entity) => Some(Arc::clone(entity)),
        None if recorded.change.kind == ChangeKind::Deleted => bare(&recorded.change).map(Arc::new),
        None => None,
    }
}

/// The same, with the help of the store. A change that is no longer at hand with its entity is laid over the entity
/// as it stands now: what the change itself said is exact, the rest is at most newer.
pub(super) async fn recall(
    shared: &Shared,
    tenant: &Tenant,
    recorded: &Recorded,
) -> Result<Option<Arc<Entity>>, Error> {
    if let Some(entity) = at_hand(recorded) {
        return Ok(Some(entity));
    }
    let change = &recorded.change;
    let now = shared.store.entity(&shared.reading(tenant)?, &change.entity).await?;
    let standing = now.map(|stored| Entity::clone(&stored.entity)).or_else(|| bare(change));
    Ok(standing.map(|mut entity| {
        for attribute in &change.attributes {
            if let Some(after) = &attribute.after {
                entity.set(attribute.name.clone(), after.clone());
            } else if let Some(instances) = entity.attributes.get_mut(&attribute.name) {
                instances.retain(|instance| instance.dataset_id != attribute.dataset_id);
                if instances.is_empty() {
                    entity.attributes.remove(&attribute.name);
                }
            }
        }
        entity.modified_at = change.at;
        Arc::new(entity)
    }))
}

/// What somebody sees of a change.
pub(super) struct SeenChange<'a> {
    /// What is seen of the entity after it.
    pub(super) entity: Arc<Entity>,
    /// What is seen of the change itself.
    pub(super) change: Cow<'a, Change>,
}

/// What somebody with this sight sees of a change; none if the entity is hidden. Attributes that are hidden or masked
/// have not changed: that they have would tell.
pub(super) fn seen<'a>(sight: &Sight, change: &'a Change, entity: &Arc<Entity>) -> Option<SeenChange<'a>> {
    let seen = sight.view(entity)?;
    if Arc::ptr_eq(&seen, entity) {
        return Some(SeenChange { entity: seen, change: Cow::Borrowed(change) });
    }
    let mut shown = change.clone();
    shown.attributes.retain(|changed| match entity.attributes.get(&changed.name) {
        Some(raw) => seen.attributes.get(&changed.name) == Some(raw),
        None => sight.sees_as_it_is(&changed.name),
    });
    Some(SeenChange { entity: seen, change: Cow::Owned(shown) })
}

/// What a change alone tells of its entity: identity, types, and the attributes that it names.
fn bare(change: &Change) -> Option<Entity> {
    let first = change.types.first()?;
    let mut entity = Entity::new(change.entity.clone(), first.clone(), change.at);
    entity.types.clone_from(&change.types);
    for attribute in &change.attributes {
        if let Some(instance) = attribute.after.as_ref().or(attribute.before.as_ref()) {
            entity.set(attribute.name.clone(), instance.clone());
        }
    }
    Some(entity)
}
