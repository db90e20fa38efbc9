//! Which entities were on a page that was asked for lately: of some types, for whoever sees all of them.
//!
//! Which they are changes only when an entity comes, goes or gets another type; what stands in them may change all the time.

use std::num::NonZeroUsize;
use std::sync::Arc;

use dinh_access::Sight;
use lru::LruCache;

use super::shared::TenantId;
use crate::names::NameId;

/// Pages kept at most; those not asked for longest go first.
const MOST: NonZeroUsize = NonZeroUsize::new(1_024).expect("not zero");
/// Entities of a page at most: longer ones are read from the database.
pub(super) const MOST_ON_A_PAGE: usize = 128;

/// What a page is a page of. Two sights are the same if they are one: the policy keeps them.
#[derive(Clone, Debug)]
pub(super) struct PageKey {
    pub(super) sight: Arc<Sight>,
    pub(super) tenant: TenantId,
    pub(super) types: Vec<NameId>,
    pub(super) after: i64,
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl PageKey {
    fn parts(&self) -> (usize, TenantId, &[NameId], i64, usize, usize) {
        let sight = Arc::as_ptr(&self.sight).addr();
        (sight, self.tenant, &self.types, self.after, self.offset, self.limit)
    }

    #[cfg(test)]
    pub(super) fn of_tests(tenant: TenantId) -> Self {
        static SIGHT: std::sync::LazyLock<Arc<Sight>> =
            std::sync::LazyLock::new(|| Arc::new(Sight::EVERYTHING));
        Self { sight: Arc::clone(&SIGHT), tenant, types: vec![1], after: 0, offset: 0, limit: 20 }
    }
}

impl PartialEq for PageKey {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for PageKey {}

impl std::hash::Hash for PageKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

/// The pages kept.
pub(super) struct Pages(LruCache<PageKey, Vec<i64>>);

impl Default for Pages {
    fn default() -> Self {
        Self(LruCache::new(MOST))
    }
}

impl Pages {
    pub(super) fn get(&mut self, key: &PageKey) -> Option<&Vec<i64>> {
        self.0.get(key)
    }

    pub(super) fn put(&mut self, key: PageKey, keys: Vec<i64>) {
        self.0.put(key, keys);
    }

    /// Forgets the pages of a tenant.
    pub(super) fn drop_of(&mut self, tenant: TenantId) {
        let gone: Vec<PageKey> =
            self.0.iter().filter(|(key, _)| key.tenant == tenant).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.0.pop(&key);
        }
    }
}
