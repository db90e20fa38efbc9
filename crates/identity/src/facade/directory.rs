//! What accounts may do that act later on their own, for the door's subscriptions.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use dinh_access::Account;
use dinh_context::Directory;
use dinh_model::{Tenant, Timestamp};
use futures::future::BoxFuture;
use lru::LruCache;

use super::trees::FRESH;
use super::{Identity, Inner};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Moment, acting};
use crate::kept::kind;

/// Accounts in memory; those longest unused are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

/// How accounts act by themselves: nobody is at a keyboard, so that no second factor was shown lately.
pub(super) struct Standing(Mutex<LruCache<AccountId, Vec<Known>>>);

/// How an account acts in a tenant until then; none if it may not act.
#[derive(Clone)]
struct Known {
    tenant: Tenant,
    account: Option<Arc<Account>>,
    until: Timestamp,
}

impl Default for Standing {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Standing {
    fn get(&self, id: &AccountId, tenant: &Tenant) -> Option<Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(id)?.iter().find(|known| known.tenant == *tenant).cloned()
    }

    fn put(&self, id: &AccountId, fresh: Known) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = known.get_or_insert_mut(id.clone(), Vec::new);
        of_it.retain(|known| known.tenant != fresh.tenant);
        of_it.push(fresh);
    }

    /// Forgets an account that changes.
    pub(super) fn forget(&self, id: &AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop(id);
    }
}

/// Asks the accounts as long as there are any.
struct Asking(Weak<Inner>);

impl Directory for Asking {
    fn acting<'a>(&'a self, account: &'a str, tenant: &'a Tenant) -> BoxFuture<'a, Option<Arc<Account>>> {
        Box::pin(async move {
            let identity = Identity(self.0.upgrade()?);
            let id = AccountId::parse(account)?;
            let known = identity.0.standing.get(&id, tenant);
            if let Some(known) = known.as_ref().filter(|known| identity.now() < known.until) {
                return known.account.clone();
            }
            match identity.stands(&id, tenant).await {
                Ok(account) => account,
                Err(error) => {
                    // Rather as it was a minute ago than a notification lost: what is revoked is forgotten at once.
                    tracing::warn!(%error, account = %id, "what an account may do could not be read");
                    known.and_then(|known| known.account)
                }
            }
        })
    }

    fn holds<'a>(&'a self, account: &'a str, key: &'a str, tenant: &'a Tenant) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let (Some(inner), Some(id)) = (self.0.upgrade(), AccountId::parse(account)) else { return false };
            match Identity(inner).key_holds(&id, key, tenant).await {
                Ok(holds) => holds,
                Err(error) => {
                    // A key that was revoked is not believed because the disk is slow.
                    tracing::warn!(%error, account = %id, "whether a key is good could not be read");
                    false
                }
            }
        })
    }
}

impl Identity {
    /// What the door asks to learn what the owners of subscriptions may see today.
    pub fn directory(&self) -> Arc<dyn Directory> {
        Arc::new(Asking(Arc::downgrade(&self.0)))
    }

    async fn stands(&self, id: &AccountId, tenant: &Tenant) -> Result<Option<Arc<Account>>, Error> {
        let units = self.units(tenant).await?;
        // Held until it is in memory: what is changed meanwhile must not be forgotten before it is remembered.
        let _lock = self.0.locks.of(id.as_str()).await;
        let now = self.now();
        let record: Option<AccountRecord> = self.0.kept.get(kind::ACCOUNT, id.as_str()).await?;
        let moment = Moment { tenant, now, units: &units, acting_for: None, stepped_up_until: None };
        let acting = record.as_ref().and_then(|record| acting(record, &moment));
        let fresh = now.plus_micros(FRESH);
        let until = acting.as_ref().map_or(fresh, |acting| acting.until.min(fresh));
        let account = acting.map(|acting| Arc::new(acting.account));
        self.0.standing.put(id, Known { tenant: tenant.clone(), account: account.clone(), until });
        Ok(account)
    }
}
