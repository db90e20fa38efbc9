//! Which entities are known to exist, so that one operation is enough to write to them.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use dinh_model::{EntityId, Tenant};

/// Most entities in each half of the memory.
const HALF: usize = 50_000;

/// Entities seen lately. It may be wrong, because others delete entities too: the graph has the last word.
#[derive(Default)]
pub(super) struct Known(Mutex<Halves>);

/// What does not fit any more goes half by half: those not seen since the younger half was begun are forgotten.
#[derive(Default)]
struct Halves {
    young: HashSet<(Tenant, EntityId)>,
    old: HashSet<(Tenant, EntityId)>,
}

impl Known {
    /// Those of `ids` that are known.
    pub(super) fn among<'a>(
        &self,
        tenant: &Tenant,
        ids: impl Iterator<Item = &'a EntityId>,
    ) -> HashSet<EntityId> {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = HashSet::new();
        for id in ids {
            let key = (tenant.clone(), id.clone());
            if halves.young.contains(&key) || halves.old.remove(&key) {
                halves.learn(key);
                found.insert(id.clone());
            }
        }
        found
    }

    /// Remembers an entity.
    pub(super) fn learn(&self, tenant: &Tenant, id: &EntityId) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.learn((tenant.clone(), id.clone()));
    }

    /// Forgets an entity.
    pub(super) fn forget(&self, tenant: &Tenant, id: &EntityId) {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (tenant.clone(), id.clone());
        halves.young.remove(&key);
        halves.old.remove(&key);
    }
}

impl Halves {
    fn learn(&mut self, key: (Tenant, EntityId)) {
        if self.young.len() >= HALF && !self.young.contains(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_for_long_is_forgotten() {
        let known = Known::default();
        let tenant = Tenant::parse("thu").expect("a tenant");
        let id = |number: usize| EntityId::parse(&format!("urn:t:{number}")).expect("a URI");
        for number in 0..3 * HALF {
            known.learn(&tenant, &id(number));
            if number % 1_000 == 0 {
                assert!(!known.among(&tenant, [id(0)].iter()).is_empty(), "seen again and again");
            }
        }
        assert!(known.among(&tenant, [id(1)].iter()).is_empty());
        assert!(!known.among(&tenant, [id(3 * HALF - 1)].iter()).is_empty());
        known.forget(&tenant, &id(0));
        assert!(known.among(&tenant, [id(0)].iter()).is_empty());
        assert!(known.0.lock().expect("whole").young.len() <= HALF);
    }
}
