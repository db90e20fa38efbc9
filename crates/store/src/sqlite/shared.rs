//! What the writer and the readers share.

use std::path::PathBuf;
use std::sync::Arc;

use dinh_model::{Clock, Entity, Tenant, Term};

use super::recall::Recall;
use crate::Options;
use crate::feed::Feed;
use crate::names::{NameId, SharedNames};
use crate::spec::{SharedSpecs, Specs};
use crate::text::{Words, words_of};
use crate::vault::{Opening, Vault};

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

    /// The tenant of a number.
    pub(super) fn tenant(&self, id: TenantId) -> Option<Tenant> {
        self.tenants.read().text(id).map(|name| Tenant::trusted(Arc::clone(name)))
    }
}
