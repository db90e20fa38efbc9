//! Maps of the entities that a question found, and of who told of each (CIM 009 clauses 4.5.25, 5.5.14 and 5.14): with one, the
//! pages of an answer hang together, whatever comes meanwhile. They are kept in memory, bounded in number, size and time: who
//! finds none makes a new one.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use dinh_model::{EntityId, Tenant, Timestamp};
use indexmap::IndexMap;
use lru::LruCache;

use crate::LinkedMaps;

/// Most maps kept; the one used least lately goes.
const MOST: NonZeroUsize = NonZeroUsize::new(1_000).expect("not zero");
/// Most entities of one map.
pub const MOST_ENTITIES: usize = 10_000;
/// How long a map lives unless somebody asks for less, in microseconds: an hour.
const USUAL: i64 = 3_600_000_000;
/// How long a map lives at most: a day.
const LONGEST: i64 = 24 * USUAL;

/// Who told of an entity: `@none` for this server, otherwise the registration.
pub const HERE: &str = "@none";

/// A map.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityMap {
    /// Its URI.
    pub id: String,
    /// The tenant that it is of.
    pub tenant: Tenant,
    /// Who may see it: whoever made it.
    pub owner: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The entities in the order in which they were found, each with who told of it.
    pub entities: IndexMap<EntityId, Vec<String>>,
    /// The maps that sources made of the same question.
    pub linked: LinkedMaps,
}

/// All maps.
#[derive(Debug)]
pub struct EntityMaps(Mutex<LruCache<String, EntityMap>>);

impl Default for EntityMaps {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl EntityMaps {
    /// When a map that is to live so many microseconds ends: no later than a day from now.
    pub fn end(now: Timestamp, lifetime: Option<i64>) -> Timestamp {
        now.plus_micros(lifetime.unwrap_or(USUAL).clamp(0, LONGEST))
    }

    /// Keeps a map.
    pub fn put(&self, map: EntityMap) {
        self.lock().put(map.id.clone(), map);
    }

    /// A map that is still good, of a tenant and of whoever made it.
    pub fn get(&self, tenant: &Tenant, owner: &str, id: &str, now: Timestamp) -> Option<EntityMap> {
        let mut maps = self.lock();
        let map = maps.get(id)?;
        let good = map.tenant == *tenant && map.owner == owner && now < map.expires_at;
        good.then(|| map.clone())
    }

    /// Removes a map; true if it was there.
    pub fn remove(&self, tenant: &Tenant, owner: &str, id: &str, now: Timestamp) -> bool {
        let there = self.get(tenant, owner, id, now).is_some();
        there && self.lock().pop(id).is_some()
    }

    /// Lets a map end at another time, no later than a day from now; true if it was there.
    pub fn postpone(
        &self,
        tenant: &Tenant,
        owner: &str,
        id: &str,
        (now, end): (Timestamp, Timestamp),
    ) -> bool {
        let Some(mut map) = self.get(tenant, owner, id, now) else { return false };
        map.expires_at = end.min(now.plus_micros(LONGEST));
        self.put(map);
        true
    }

    /// Takes entities out of a map that are found no more (clause 5.5.9.3).
    pub fn prune(&self, id: &str, gone: &BTreeSet<EntityId>) {
        if let Some(map) = self.lock().get_mut(id) {
            map.entities.retain(|entity, _| !gone.contains(entity));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<String, EntityMap>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_its_makers_and_ends() {
        let (maps, tenant, now) = (EntityMaps::default(), Tenant::trusted("hue"), Timestamp::from_micros(0));
        let map = EntityMap {
            id: "urn:x:map".to_owned(),
            tenant: tenant.clone(),
            owner: "an".to_owned(),
            expires_at: EntityMaps::end(now, Some(10 * LONGEST)),
            entities: IndexMap::from([(EntityId::trusted("urn:x:1"), vec![HERE.to_owned()])]),
            linked: LinkedMaps::new(),
        };
        assert_eq!(map.expires_at, now.plus_micros(LONGEST), "nobody asks for ever");
        maps.put(map.clone());
        assert_eq!(maps.get(&tenant, "an", "urn:x:map", now), Some(map.clone()));
        assert_eq!(maps.get(&tenant, "binh", "urn:x:map", now), None);
        assert_eq!(maps.get(&Tenant::trusted("hn"), "an", "urn:x:map", now), None);
        assert_eq!(maps.get(&tenant, "an", "urn:x:map", map.expires_at), None);
        maps.prune("urn:x:map", &BTreeSet::from([EntityId::trusted("urn:x:1")]));
        assert!(maps.get(&tenant, "an", "urn:x:map", now).is_some_and(|map| map.entities.is_empty()));
        assert!(maps.postpone(&tenant, "an", "urn:x:map", (now, now)));
        assert_eq!(maps.get(&tenant, "an", "urn:x:map", now), None);
        assert!(!maps.remove(&tenant, "an", "urn:x:map", now));
    }
}
