//! Whether a change concerns a subscription (clause 5.8.6).

use dinh_model::{AttributeChange, Change, ChangeKind, Entity};

use super::{Subscription, Trigger};
use crate::query::Behind;

impl Subscription {
    /// True if the change calls for a notification. `entity` is the entity after the change, or before it if the
    /// change deletes it. Periodic subscriptions are not called by changes. Time – pausing, expiry, throttling – is the
    /// caller's to look at.
    pub fn matches(&self, change: &Change, entity: &Entity) -> bool {
        self.calls(change, entity) && self.meets_conditions(entity, &mut |_| None)
    }

    /// The same, where `behind` finds the entities behind relationships.
    pub fn matches_with(&self, change: &Change, entity: &Entity, behind: &mut Behind<'_>) -> bool {
        self.calls(change, entity) && self.meets_conditions(entity, behind)
    }

    /// True if the change is one of those watched for, whatever the conditions say of the entity.
    pub fn calls(&self, change: &Change, entity: &Entity) -> bool {
        self.time_interval.is_none()
            && self.selects(change.entity.as_str(), &change.types)
            && self.is_triggered(change, entity)
    }

    /// True if its condition looks at entities behind relationships.
    pub fn looks_behind(&self) -> bool {
        self.q.as_ref().is_some_and(|q| q.link_depth() > 0)
    }

    /// True if the entity is one of those subscribed and meets the conditions, whatever has changed.
    pub fn concerns(&self, entity: &Entity) -> bool {
        self.selects(entity.id.as_str(), &entity.types) && self.meets_conditions(entity, &mut |_| None)
    }

    /// True if an entity with this identifier and these types is one of those subscribed.
    pub fn selects(&self, id: &str, types: &[dinh_model::Term]) -> bool {
        self.entities.is_empty() || self.entities.iter().any(|selector| selector.matches_parts(id, types))
    }

    fn meets_conditions(&self, entity: &Entity, behind: &mut Behind<'_>) -> bool {
        self.scopes.as_ref().is_none_or(|(scopes, _)| scopes.matches(&entity.scopes))
            && self.geo.as_ref().is_none_or(|geo| geo.query.matches(entity))
            && self.q.as_ref().is_none_or(|q| q.matches_with(entity, behind))
    }

    fn is_triggered(&self, change: &Change, entity: &Entity) -> bool {
        match change.kind {
            ChangeKind::Created => {
                (self.has(Trigger::EntityCreated) || self.notices(ChangeKind::Created))
                    && self.watches_any_of(entity)
            }
            ChangeKind::Updated => change
                .attributes
                .iter()
                .any(|attribute| self.notices(attribute.kind) && self.watches(attribute.name.as_str())),
            // All attributes go with their entity.
            ChangeKind::Deleted => {
                (self.has(Trigger::EntityDeleted) || self.notices(ChangeKind::Deleted))
                    && self.watches_any_of(entity)
            }
        }
    }

    fn has(&self, trigger: Trigger) -> bool {
        self.triggers().contains(&trigger)
    }

    /// True if changes of this kind to watched attributes count.
    pub(super) fn notices(&self, kind: ChangeKind) -> bool {
        self.has(Trigger::EntityUpdated)
            || self.has(match kind {
                ChangeKind::Created => Trigger::AttributeCreated,
                ChangeKind::Updated => Trigger::AttributeUpdated,
                ChangeKind::Deleted => Trigger::AttributeDeleted,
            })
    }

    /// True if the attribute is watched.
    pub(super) fn watches(&self, name: &str) -> bool {
        self.watched.is_empty() || self.watched.iter().any(|watched| watched.as_str() == name)
    }

    /// True if no attributes are named, or the entity has one of them.
    fn watches_any_of(&self, entity: &Entity) -> bool {
        self.watched.is_empty() || self.watched.iter().any(|watched| entity.attributes.contains_key(watched))
    }

    /// True if the deletion of this attribute instance is to be told.
    pub(super) fn tells_deletion(&self, change: &AttributeChange) -> bool {
        change.kind == ChangeKind::Deleted
            && self.notices(ChangeKind::Deleted)
            && self.watches(change.name.as_str())
    }
}
