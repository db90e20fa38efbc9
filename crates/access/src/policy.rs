//! The policy: reading is open, writing asks for a reason to trust.

use std::marker::PhantomData;

use dinh_model::Tenant;

use crate::{Feed, Grant, Principal, Purpose, Read, Write};

/// From where nobody in particular may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenWrites {
    /// From nowhere: every write shows the key.
    Never,
    /// From this machine only.
    #[default]
    Local,
    /// From anywhere. For closed networks and conformance tests.
    Anywhere,
}

/// Why somebody was not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Writing from here needs the write key.
    #[error("writing needs the write key in the Authorization header (Bearer …)")]
    NeedsKey,
    /// The feed of all tenants is for parts of the program and for operators.
    #[error("the change feed of all tenants is open to the program's own parts and to operators only")]
    NeedsOperator,
}

/// Decides who may do what.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// From where nobody in particular may write.
    pub open_writes: OpenWrites,
}

impl Policy {
    /// May `principal` read in `tenant`?
    pub fn read(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Read>, Denied> {
        Ok(grant(principal, tenant, purpose))
    }

    /// May `principal` write in `tenant`?
    pub fn write(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
    ) -> Result<Grant<Write>, Denied> {
        let trusted = match principal {
            Principal::System(_) | Principal::Operator(_) => true,
            Principal::Local => self.open_writes != OpenWrites::Never,
            Principal::Anonymous => self.open_writes == OpenWrites::Anywhere,
        };
        if trusted { Ok(grant(principal, tenant, purpose)) } else { Err(Denied::NeedsKey) }
    }

    /// May `principal` follow the change feed of all tenants and keep the store in order?
    pub fn feed(&self, principal: &Principal, purpose: Purpose) -> Result<Grant<Feed>, Denied> {
        match principal {
            Principal::System(_) | Principal::Operator(_) => {
                Ok(grant(principal, &Tenant::default_tenant(), purpose))
            }
            Principal::Local | Principal::Anonymous => Err(Denied::NeedsOperator),
        }
    }
}

fn grant<Kind>(principal: &Principal, tenant: &Tenant, purpose: Purpose) -> Grant<Kind> {
    Grant { tenant: tenant.clone(), principal: principal.clone(), purpose, kind: PhantomData }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_follows_the_place_and_the_key() {
        let tenant = Tenant::default_tenant();
        let may = |open_writes, principal: &Principal| {
            Policy { open_writes }.write(principal, &tenant, Purpose::Operations).is_ok()
        };
        let operator = Principal::Operator("k1".into());
        for (open, anonymous, local) in [
            (OpenWrites::Never, false, false),
            (OpenWrites::Local, false, true),
            (OpenWrites::Anywhere, true, true),
        ] {
            assert_eq!(may(open, &Principal::Anonymous), anonymous);
            assert_eq!(may(open, &Principal::Local), local);
            assert!(may(open, &operator));
        }
    }

    #[test]
    fn the_feed_of_all_tenants_is_for_the_house() {
        let may = |principal: &Principal| Policy::default().feed(principal, Purpose::Operations).is_ok();
        assert!(may(&Principal::System("delivery".into())));
        assert!(may(&Principal::Operator("k1".into())));
        assert!(!may(&Principal::Local));
        assert!(!may(&Principal::Anonymous));
    }
}
