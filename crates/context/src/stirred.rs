//! What was changed of subscriptions and registrations, for whoever keeps other sources in step with them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use dinh_model::Tenant;
use tokio::sync::Notify;

/// Something that was changed: one subscription of a tenant, or its registrations.
pub type Stir = (Tenant, Option<String>);

/// What was changed and nobody has looked at yet; each once.
#[derive(Debug, Default)]
pub struct Stirred {
    all: Mutex<BTreeSet<Stir>>,
    wake: Notify,
}

impl Stirred {
    /// A subscription was made, changed or removed.
    pub(crate) fn subscription(&self, tenant: &Tenant, id: &str) {
        self.note((tenant.clone(), Some(id.to_owned())));
    }

    /// A registration was made, changed or removed.
    pub(crate) fn registrations(&self, tenant: &Tenant) {
        self.note((tenant.clone(), None));
    }

    /// A subscription is to be looked at once more.
    pub fn again(&self, tenant: &Tenant, id: &str) {
        self.subscription(tenant, id);
    }

    fn note(&self, stir: Stir) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).insert(stir);
        self.wake.notify_one();
    }

    /// Waits until something was changed, and takes all of it. One looks.
    pub async fn next(&self) -> BTreeSet<Stir> {
        loop {
            let all = std::mem::take(&mut *self.all.lock().unwrap_or_else(PoisonError::into_inner));
            if !all.is_empty() {
                return all;
            }
            self.wake.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_changed_is_told_once() {
        let (stirred, tenant) = (Stirred::default(), Tenant::trusted("hue"));
        stirred.subscription(&tenant, "urn:x:1");
        stirred.subscription(&tenant, "urn:x:1");
        stirred.registrations(&tenant);
        let told = stirred.next().await;
        assert_eq!(
            told,
            BTreeSet::from([(tenant.clone(), Some("urn:x:1".to_owned())), (tenant.clone(), None)])
        );
        let (told, ()) = tokio::join!(stirred.next(), async { stirred.registrations(&tenant) });
        assert_eq!(told, BTreeSet::from([(tenant.clone(), None)]));
    }
}
