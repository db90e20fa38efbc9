//! The index of subscriptions: which may a change concern?

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use dinh_model::{Tenant, Term};

use super::entry::Entry;

/// Subscriptions by identity and by what they watch.
#[derive(Default)]
pub(super) struct Book(RwLock<Pages>);

#[derive(Default)]
struct Pages {
    by_id: HashMap<(Tenant, String), Arc<Entry>>,
    by_type: HashMap<(Tenant, Term), Vec<Arc<Entry>>>,
    any_type: HashMap<Tenant, Vec<Arc<Entry>>>,
    timed: Vec<Arc<Entry>>,
}

impl Book {
    /// Adds or replaces a subscription.
    pub(super) fn put(&self, entry: Arc<Entry>) {
        let mut pages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        pages.remove(&entry.tenant, &entry.id);
        if entry.subscription.interval_micros().is_some() {
            pages.timed.push(Arc::clone(&entry));
        } else {
            for key in entry.watched_types() {
                pages.list(&entry.tenant, key).push(Arc::clone(&entry));
            }
        }
        pages.by_id.insert((entry.tenant.clone(), entry.id.clone()), entry);
    }

    /// Removes a subscription.
    pub(super) fn remove(&self, tenant: &Tenant, id: &str) -> Option<Arc<Entry>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(tenant, id)
    }

    /// One subscription.
    pub(super) fn get(&self, tenant: &Tenant, id: &str) -> Option<Arc<Entry>> {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        pages.by_id.get(&(tenant.clone(), id.to_owned())).cloned()
    }

    /// All subscriptions.
    pub(super) fn all(&self) -> Vec<Arc<Entry>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_id.values().cloned().collect()
    }

    /// The subscriptions of one tenant, by identifier.
    pub(super) fn of(&self, tenant: &Tenant) -> Vec<Arc<Entry>> {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = pages.by_id.values().filter(|e| e.tenant == *tenant).cloned().collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    /// The subscriptions by time.
    pub(super) fn timed(&self) -> Vec<Arc<Entry>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).timed.clone()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_id.len()
    }

    /// The subscriptions that a change of an entity with these types may concern, each once.
    pub(super) fn candidates(&self, tenant: &Tenant, types: &[Term]) -> Vec<Arc<Entry>> {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Arc<Entry>> = pages.any_type.get(tenant).cloned().unwrap_or_default();
        for entity_type in types {
            let listed = pages.by_type.get(&(tenant.clone(), entity_type.clone()));
            for entry in listed.into_iter().flatten() {
                if types.len() == 1 || !found.iter().any(|other| Arc::ptr_eq(other, entry)) {
                    found.push(Arc::clone(entry));
                }
            }
        }
        found
    }
}

impl Pages {
    fn list(&mut self, tenant: &Tenant, key: Option<Term>) -> &mut Vec<Arc<Entry>> {
        match key {
            Some(term) => self.by_type.entry((tenant.clone(), term)).or_default(),
            None => self.any_type.entry(tenant.clone()).or_default(),
        }
    }

    fn remove(&mut self, tenant: &Tenant, id: &str) -> Option<Arc<Entry>> {
        let entry = self.by_id.remove(&(tenant.clone(), id.to_owned()))?;
        self.timed.retain(|other| !Arc::ptr_eq(other, &entry));
        for key in entry.watched_types() {
            self.list(tenant, key.clone()).retain(|other| !Arc::ptr_eq(other, &entry));
            if let Some(term) = key {
                let key = (tenant.clone(), term);
                if self.by_type.get(&key).is_some_and(Vec::is_empty) {
                    self.by_type.remove(&key);
                }
            }
        }
        Some(entry)
    }
}
