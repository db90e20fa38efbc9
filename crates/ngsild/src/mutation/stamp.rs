//! `createdAt` and `modifiedAt` of attribute instances.

use dinh_model::{Attribute, Timestamp};

/// Marks an instance and its sub-attributes as made at `now`.
pub(super) fn stamp_new(attribute: &mut Attribute, now: Timestamp) {
    attribute.created_at = now;
    attribute.modified_at = now;
    for sub in attribute.sub.values_mut().flatten() {
        stamp_new(sub, now);
    }
}

/// Marks an instance that takes the place of `old` at `now`. Sub-attributes that say the same keep their stamps.
pub(super) fn stamp_over(attribute: &mut Attribute, old: &Attribute, now: Timestamp) {
    attribute.created_at = old.created_at;
    attribute.modified_at = now;
    for (name, instances) in &mut attribute.sub {
        let before = old.sub.get(name).map(Vec::as_slice).unwrap_or_default();
        for instance in instances {
            match before.iter().find(|b| b.dataset_id == instance.dataset_id) {
                None => stamp_new(instance, now),
                Some(same) if same.says_the_same(instance) => instance.clone_from(same),
                Some(other) => stamp_over(instance, other, now),
            }
        }
    }
}
