//! What the writer and the readers share.

use std::path::PathBuf;
use std::sync::Arc;

use dinh_access::Sight;
use dinh_model::{Clock, Entity, Tenant, Term};

use super::recall::Recall;
use super::wanted::Wanted;
use crate::feed::Feed;
use crate::names::{NameId, SharedNames};
use crate::spec::{SharedSpecs, Specs};
use crate::text::{Words, words_of};
use crate::vault::{Opening, Vault};
use crate::written::Written;
use crate::{Options, Stored};

/// Number of a tenant.
pub(super) type TenantId = NameId;

/// Names, tenants, declarations and the feed's latest changes.
pub(super) struct Shared {
    pub(super) file: PathBuf,
    pub(super) options: Options,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) names: SharedNames,
    pub(super) tenants: SharedNames,
    pub(super) specs: SharedSpecs,
    pub(super) feed: Feed,
    pub(super) recall: Recall,
    pub(super) wanted: Wanted,
    /// The keys of what is sealed; none if nothing is.
    pub(super) vault: Option<Arc<Vault>>,
}

impl Shared {
    /// What full text sees of an entity.
    pub(super) fn words_of(&self, entity: &Entity, specs: &Specs) -> Words {
        let vault = self.vault.as_ref().filter(|vault| vault.any_sealed(&entity.types));
        let hidden = |name: &Term| vault.is_some_and(|vault| vault.hides_words(&entity.types, name));
        words_of(entity, &specs.searchable, &hidden)
    }

    /// Opens what a tenant has sealed.
    pub(super) fn opening(&self, tenant: TenantId) -> Opening<'_> {
        Opening { vault: self.vault.as_deref(), tenants: &self.tenants, tenant }
    }

    /// The number of a tenant that has ever written something.
    pub(super) fn tenant_id(&self, tenant: &Tenant) -> Option<TenantId> {
        self.tenants.read().id(tenant.as_str())
    }

    /// An entity without what should have vanished by now; none if that is all of it. It may not be taken away yet.
    pub(super) fn alive(&self, stored: &Stored) -> Option<Stored> {
        let Some(at) = stored.entity.next_expiry() else { return Some(stored.clone()) };
        let now = self.clock.now();
        if at > now {
            return Some(stored.clone());
        }
        if stored.entity.has_expired(now) {
            return None;
        }
        let mut left = Entity::clone(&stored.entity);
        left.drop_expired(now);
        Some(Stored { entity: Arc::new(left), written: Written::default(), ..*stored })
    }

    /// What may be seen of an entity.
    pub(super) fn seen(&self, sight: &Sight, stored: &Stored) -> Option<Stored> {
        let stored = self.alive(stored)?;
        let entity = sight.view(&stored.entity)?;
        if Arc::ptr_eq(&entity, &stored.entity) {
            return Some(stored);
        }
        Some(Stored { entity, written: Written::default(), ..stored })
    }

    /// The tenant of a number.
    pub(super) fn tenant(&self, id: TenantId) -> Option<Tenant> {
        self.tenants.read().text(id).map(|name| Tenant::trusted(Arc::clone(name)))
    }
}
