//! Entities that were read lately, kept decoded, bounded in bytes.
//!
//! Tiles of one area are drawn again and again, the page of a dossier asks for the dossier, its unit and its kind from many
//! sides, a queue is looked at until it is empty; and most of it has not changed in between.
//!
//! What is kept is *sure* if it is known to be the newest without asking the database: it was read when nobody was
//! committing and nobody has committed since, or the writer has put it here itself. Before the writer commits, it
//! makes unsure what it is about to change; after, it puts the new versions of what is kept here in place, and says
//! so. What is sure is answered without the database. Of what is not, a row still says which version is true; if it is
//! the one kept here, the document need not be read, opened and decoded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dinh_model::{Entity, EntityId};
use lru::LruCache;

use super::pages::{PageKey, Pages};
use super::shared::TenantId;
use crate::Stored;
use crate::written::Written;

struct Held {
    tenant: TenantId,
    version: u64,
    entity: Arc<Entity>,
    written: Written,
    bytes: usize,
    sure: bool,
}

impl Held {
    fn stored(&self, pk: i64) -> Stored {
        let (entity, written) = (Arc::clone(&self.entity), self.written.clone());
        Stored { entity, version: self.version, place: pk.cast_unsigned(), written }
    }
}

struct Inner {
    held: LruCache<i64, Held>,
    keys: HashMap<(TenantId, EntityId), i64>,
    pages: Pages,
    bytes: usize,
    epoch: u64,
}

/// When a read has begun: what it finds is the newest if no commit has begun since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Since {
    /// The age between two forgettings.
    epoch: u64,
    /// Beginnings and ends of commits; odd while the writer commits.
    commits: u64,
}

/// An entity as it stands in the database, with the bytes that it takes decoded.
pub(super) struct Standing<'a> {
    pub(super) tenant: TenantId,
    pub(super) pk: i64,
    pub(super) version: u64,
    pub(super) entity: &'a Arc<Entity>,
    pub(super) bytes: usize,
}

/// The entities kept. Shared by all readers; the least recently used go first.
pub(super) struct Recall {
    inner: Mutex<Inner>,
    commits: AtomicU64,
    epoch: AtomicU64,
    written: Arc<AtomicUsize>,
    bound: usize,
}

impl Recall {
    pub(super) fn new(bound: usize) -> Self {
        let inner = Inner {
            held: LruCache::unbounded(),
            keys: HashMap::new(),
            pages: Pages::default(),
            bytes: 0,
            epoch: 0,
        };
        Self {
            inner: Mutex::new(inner),
            commits: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            written: Arc::default(),
            bound,
        }
    }

    /// Now, for whoever begins to read: before the first look at the database.
    pub(super) fn now(&self) -> Since {
        Since { epoch: self.epoch.load(Ordering::Acquire), commits: self.commits.load(Ordering::Acquire) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if what was read since then is the newest. Asked with the lock held, which commits begin and end under.
    fn is_newest(&self, since: Since) -> bool {
        since.commits.is_multiple_of(2) && self.commits.load(Ordering::Acquire) == since.commits
    }

    /// The entity of this key, if this version of it is kept.
    pub(super) fn get(&self, pk: i64, version: u64, since: Since) -> Option<Stored> {
        let mut inner = self.inner();
        let newest = self.is_newest(since) && inner.epoch == since.epoch;
        let held = inner.held.get_mut(&pk).filter(|held| held.version == version)?;
        held.sure |= newest;
        Some(held.stored(pk))
    }

    /// The entity of this name, if what is kept of it is sure.
    pub(super) fn named(&self, tenant: TenantId, id: &EntityId) -> Option<Stored> {
        let mut inner = self.inner();
        let pk = *inner.keys.get(&(tenant, id.clone()))?;
        inner.held.get(&pk).filter(|held| held.sure).map(|held| held.stored(pk))
    }

    /// The entities of a page, if it is known which they are, and all of them are sure.
    pub(super) fn page(&self, key: &PageKey) -> Option<Vec<Stored>> {
        let mut inner = self.inner();
        let Inner { held, pages, .. } = &mut *inner;
        let keys = pages.get(key)?;
        keys.iter().map(|pk| Some(held.get(pk).filter(|held| held.sure)?.stored(*pk))).collect()
    }

    /// Keeps which entities a page has, if that is still the newest.
    pub(super) fn keep_page(&self, key: PageKey, keys: Vec<i64>, since: Since) {
        let mut inner = self.inner();
        if self.is_newest(since) && inner.epoch == since.epoch {
            inner.pages.put(key, keys);
        }
    }

    /// Forgets all of them, and what readers have still in their hands.
    pub(super) fn forget(&self) {
        let mut inner = self.inner();
        inner.epoch += 1;
        self.epoch.store(inner.epoch, Ordering::Release);
        inner.held.clear();
        inner.keys.clear();
        inner.pages = Pages::default();
        inner.bytes = 0;
    }

    /// Keeps an entity, unless it alone is larger than the bound or was read before all were forgotten: what was erased
    /// must not come back by way of a reader who was under way. Answers with the room beside it.
    pub(super) fn put(&self, of: &Standing<'_>, since: Since) -> Written {
        if of.bytes > self.bound {
            return Written::default();
        }
        let mut inner = self.inner();
        if inner.epoch != since.epoch {
            return Written::default();
        }
        let sure = self.is_newest(since);
        if let Some(held) = inner.held.peek_mut(&of.pk) {
            if held.version == of.version {
                held.sure |= sure;
                return held.written.clone();
            }
            // A reader who looks at an older state does not push aside what the writer has put here since.
            if held.sure && held.version > of.version {
                return Written::default();
            }
        }
        let written = Written::room(&self.written);
        self.hold(&mut inner, of, sure, written.clone());
        written
    }

    fn hold(&self, inner: &mut Inner, of: &Standing<'_>, sure: bool, written: Written) {
        let (tenant, version, entity) = (of.tenant, of.version, Arc::clone(of.entity));
        // Deleted and made again, it has another key: nobody asks for the old one any more.
        if let Some(former) = inner.keys.insert((tenant, entity.id.clone()), of.pk).filter(|pk| *pk != of.pk)
            && let Some(gone) = inner.held.pop(&former)
        {
            inner.bytes -= gone.bytes;
        }
        inner.bytes += of.bytes;
        let held = Held { tenant, version, entity, written, bytes: of.bytes, sure };
        if let Some(before) = inner.held.put(of.pk, held) {
            inner.bytes -= before.bytes;
        }
        while inner.bytes + self.written.load(Ordering::Relaxed) > self.bound {
            let Some((_, oldest)) = inner.held.pop_lru() else { break };
            inner.bytes -= oldest.bytes;
            inner.keys.remove(&(oldest.tenant, oldest.entity.id.clone()));
        }
    }

    /// The writer is about to commit changes of these entities, and in these tenants other entities will have some type.
    pub(super) fn begin<'k>(
        &self,
        changed: impl Iterator<Item = &'k (TenantId, EntityId)>,
        retyped: impl Iterator<Item = TenantId>,
    ) {
        let mut inner = self.inner();
        self.commits.fetch_add(1, Ordering::AcqRel);
        for key in changed {
            let Some(pk) = inner.keys.get(key).copied() else { continue };
            if let Some(held) = inner.held.peek_mut(&pk) {
                held.sure = false;
            }
        }
        for tenant in retyped {
            inner.pages.drop_of(tenant);
        }
    }

    /// The commit is done, or was given up; so the changed entities stand now, those that are gone left out.
    pub(super) fn end<'e>(&self, standing: impl Iterator<Item = Standing<'e>>) {
        let mut inner = self.inner();
        for of in standing {
            // Whatever nobody reads is not kept for readers.
            let same = inner.held.peek(&of.pk).map(|held| (held.version == of.version, held.written.clone()));
            let Some((same, written)) = same else { continue };
            let written = if same { written } else { Written::room(&self.written) };
            self.hold(&mut inner, &of, true, written);
        }
        self.commits.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::{Term, Timestamp};

    use super::*;

    fn entity(id: &str) -> Arc<Entity> {
        Arc::new(Entity::new(EntityId::trusted(id), Term::from("T"), Timestamp::from_micros(0)))
    }

    fn keep(recall: &Recall, pk: i64, version: u64, bytes: usize) {
        keep_since(recall, pk, version, bytes, recall.now());
    }

    fn keep_since(recall: &Recall, pk: i64, version: u64, bytes: usize, since: Since) {
        let entity = entity(&format!("urn:x:{pk}"));
        recall.put(&Standing { tenant: 1, pk, version, entity: &entity, bytes }, since);
    }

    fn kept(recall: &Recall, pk: i64, version: u64) -> bool {
        recall.get(pk, version, Since { epoch: 0, commits: 1 }).is_some()
    }

    fn sure(recall: &Recall, pk: i64) -> Option<u64> {
        recall.named(1, &EntityId::trusted(format!("urn:x:{pk}"))).map(|stored| stored.version)
    }

    fn commit(recall: &Recall, pk: i64, version: u64, within: impl FnOnce()) {
        let (key, entity) = ((1, EntityId::trusted(format!("urn:x:{pk}"))), entity(&format!("urn:x:{pk}")));
        recall.begin([&key].into_iter(), std::iter::empty());
        within();
        let standing = Standing { tenant: 1, pk, version, entity: &entity, bytes: 100 };
        recall.end([standing].into_iter());
    }

    #[test]
    fn only_the_true_version_is_recalled() {
        let recall = Recall::new(250);
        keep(&recall, 1, 1, 100);
        assert!(kept(&recall, 1, 1) && !kept(&recall, 1, 2));
        keep(&recall, 1, 2, 120);
        assert!(!kept(&recall, 1, 1));
        keep(&recall, 2, 1, 100);
        assert!(kept(&recall, 1, 2));
        keep(&recall, 3, 1, 100);
        assert!(!kept(&recall, 2, 1), "the least recently used has left");
        assert_eq!(sure(&recall, 2), None);
        keep(&recall, 4, 1, 1_000);
        assert!(!kept(&recall, 4, 1), "too large to keep");
        assert!(kept(&recall, 3, 1), "and nothing leaves for it");
    }

    #[test]
    fn what_was_forgotten_does_not_come_back() {
        let recall = Recall::new(250);
        keep(&recall, 3, 1, 100);
        let before = recall.now();
        recall.forget();
        assert!(!kept(&recall, 3, 1));
        keep_since(&recall, 3, 1, 100, before);
        assert!(!kept(&recall, 3, 1), "it was read before all were forgotten");
        keep(&recall, 3, 1, 100);
        assert!(kept(&recall, 3, 1));
    }

    #[test]
    fn what_changes_is_unsure_until_it_stands() {
        let recall = Recall::new(1_000);
        keep(&recall, 1, 1, 100);
        assert_eq!(sure(&recall, 1), Some(1));
        let early = recall.now();
        commit(&recall, 1, 2, || {
            assert_eq!(sure(&recall, 1), None, "the database decides");
            let during = recall.now();
            keep_since(&recall, 1, 1, 100, during);
            assert_eq!(sure(&recall, 1), None, "read while somebody commits");
        });
        assert_eq!(sure(&recall, 1), Some(2), "the writer knows best");
        keep_since(&recall, 1, 1, 100, early);
        assert_eq!(sure(&recall, 1), Some(2), "an old state does not push it aside");
        keep_since(&recall, 2, 1, 100, early);
        assert_eq!(sure(&recall, 2), None, "somebody has committed since");
        keep(&recall, 2, 1, 100);
        assert_eq!(sure(&recall, 2), Some(1));
        commit(&recall, 7, 1, || ());
        assert_eq!(sure(&recall, 7), None, "what nobody reads is not kept");
        assert_eq!(sure(&recall, 2), Some(1), "and what did not change is as sure as before");
    }

    #[test]
    fn pages_hold_until_other_entities_have_their_types() {
        let recall = Recall::new(1_000);
        let key = |tenant| PageKey::of_tests(tenant);
        keep(&recall, 1, 1, 100);
        let before = recall.now();
        recall.keep_page(key(1), vec![1], before);
        assert_eq!(recall.page(&key(1)).map(|page| page.len()), Some(1));
        commit(&recall, 1, 2, || assert_eq!(recall.page(&key(1)), None, "one of them is unsure"));
        assert_eq!(recall.page(&key(1)).expect("is there")[0].version, 2);
        recall.begin(std::iter::empty(), [2].into_iter());
        recall.end(std::iter::empty());
        assert!(recall.page(&key(1)).is_some(), "elsewhere");
        recall.begin(std::iter::empty(), [1].into_iter());
        recall.end(std::iter::empty());
        assert_eq!(recall.page(&key(1)), None);
        recall.keep_page(key(1), vec![1], before);
        assert_eq!(recall.page(&key(1)), None, "read before");
    }
}
