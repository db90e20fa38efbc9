//! Snapshots (CIM 009 clauses 4.3.7, 5.5.15 and 5.16): what queries found, frozen, to be asked and changed by itself.
//!
//! Each snapshot has a *place*: a tenant that no request can name ([`Tenant::frozen`]). Everything that may be done with
//! entities may be done there, by the rules of the tenant that it is of; what is personal is sealed there as anywhere,
//! and an erasure reaches it. Only whoever made a snapshot gets in. What one is and how far it has come is a record; a
//! place is emptied before another snapshot gets it.

mod content;
mod keeper;
mod news;
mod sweep;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use dinh_model::{Tenant, Timestamp};
use dinh_ngsild::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Notify};

use crate::owner::Owner;

pub use content::MOST_FROZEN;
pub(crate) use sweep::run;

/// Most snapshots kept of one tenant.
const MOST: u16 = 100;
/// Most of them that belong to one owner.
const MOST_OF_ONE: usize = 20;
/// Kind of record.
const KIND: &str = "snapshot";

/// A snapshot as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    tenant: Tenant,
    owner: Owner,
    /// The number of its place.
    place: u16,
    /// Nobody gets in any more; its place is being emptied.
    gone: bool,
    snapshot: Snapshot,
}

impl Kept {
    fn place(&self) -> Tenant {
        self.tenant.frozen(self.place)
    }

    /// The key of its record: places are few, identifiers are not.
    fn key(&self) -> String {
        format!("{}/{}", self.tenant, self.place)
    }

    /// True if it is there at `now`.
    fn holds(&self, now: Timestamp) -> bool {
        !self.gone && self.snapshot.expires_at > now
    }
}

/// All snapshots.
#[derive(Default)]
pub struct Snapshots {
    /// By their places.
    book: RwLock<BTreeMap<(Tenant, u16), Arc<Kept>>>,
    /// One change of the book at a time, so that it and the records agree.
    writing: Mutex<()>,
    /// There is something to take away.
    swept: Notify,
}

impl Snapshots {
    /// The one that is there by this identifier.
    fn find(&self, tenant: &Tenant, id: &str) -> Option<Arc<Kept>> {
        self.of(tenant).into_iter().find(|kept| !kept.gone && kept.snapshot.id.as_str() == id)
    }

    /// Those of a tenant, also such as are gone whose place is not free yet.
    fn of(&self, tenant: &Tenant) -> Vec<Arc<Kept>> {
        let book = self.book.read().unwrap_or_else(PoisonError::into_inner);
        book.range((tenant.clone(), 0)..=(tenant.clone(), u16::MAX))
            .map(|(_, kept)| Arc::clone(kept))
            .collect()
    }

    fn all(&self) -> Vec<Arc<Kept>> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
