//! What is kept of a key.

use std::collections::BTreeSet;
use std::net::IpAddr;

use dinh_model::{Tenant, Term, Timestamp};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::domain::AccountId;
use crate::secret::same;
use crate::{Error, KeyFault};

/// Most entries of each list of a scope.
const MOST: usize = 100;
/// Most requests per second that a key may be given.
const MOST_PER_SECOND: u32 = 10_000;
/// Longest life of a key, in microseconds: two years and a day, so that keys are looked after.
const LONGEST: i64 = 731 * 24 * 3600 * 1_000_000;

/// What a key may be used for. It never allows more than its account may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyScope {
    /// The tenants that it is for: at least one.
    pub tenants: BTreeSet<Tenant>,
    /// The types of entities that it is for, by their full names; none for all. Enforced below the door: the
    /// policy narrows whoever acts by the key to them ([`dinh_access::Account::types`]).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub types: BTreeSet<Term>,
    /// The roles of its account that it may use; none for all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<String>,
    /// The networks from which it may be used, as in `10.20.0.0/16`; none for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
    /// When it ends: at most two years after it is made.
    pub expires: Timestamp,
    /// Requests per second: 1 to 10,000.
    pub per_second: u32,
}

/// What is kept of a key: everything but its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRecord {
    /// The middle part of the key.
    pub id: String,
    /// The account of the device or system.
    pub account: AccountId,
    /// What people call it.
    pub title: String,
    /// SHA-256 of the secret, in hexadecimal digits.
    #[serde(rename = "hash")]
    pub(crate) secret_hash: String,
    /// The secret before the last one, and until when it is good beside it.
    #[serde(default, rename = "former", skip_serializing_if = "Option::is_none")]
    pub(crate) former: Option<(String, Timestamp)>,
    /// What it may be used for.
    pub scope: KeyScope,
    /// When it was made.
    pub made: Timestamp,
    /// By whom, as the audit writes it.
    pub made_by: String,
    /// When it was last used, to five minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Timestamp>,
    /// When it was revoked, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

impl KeyScope {
    /// Refuses a scope that is empty, endless or too large.
    pub fn check(&self, now: Timestamp) -> Result<(), Error> {
        let refuse = |field, rule| Err(Error::Key { field, rule });
        if self.tenants.is_empty() || self.tenants.len() > MOST {
            return refuse("tenants", "name 1 to 100 tenants");
        }
        if self.types.len() > MOST || self.roles.len() > MOST || self.networks.len() > MOST {
            return refuse("scope", "name at most 100 types, 100 roles and 100 networks");
        }
        if self.expires <= now || self.expires > now.plus_micros(LONGEST) {
            return refuse("expires", "a key ends in the future, and at most two years from now");
        }
        if !(1..=MOST_PER_SECOND).contains(&self.per_second) {
            return refuse("perSecond", "allow 1 to 10,000 requests per second");
        }
        Ok(())
    }
}

impl KeyRecord {
    /// Whether `hash` is that of its secret, or of the one before while that is still good.
    pub(crate) fn opens(&self, hash: &str, now: Timestamp) -> bool {
        let former = self.former.as_ref().filter(|(_, until)| now < *until);
        let of_former = former.is_some_and(|(former, _)| same(former, hash));
        same(&self.secret_hash, hash) || of_former
    }

    /// Whether it is neither revoked nor over, and for this tenant.
    pub(crate) fn holds(&self, tenant: &Tenant, now: Timestamp) -> bool {
        self.revoked.is_none() && now < self.scope.expires && self.scope.tenants.contains(tenant)
    }

    /// Why it may not be used so, if it may not.
    pub(crate) fn fault(&self, tenant: &Tenant, address: IpAddr, now: Timestamp) -> Option<KeyFault> {
        let address = address.to_canonical();
        let networks = &self.scope.networks;
        if self.revoked.is_some() {
            return Some(KeyFault::Revoked);
        }
        if now >= self.scope.expires {
            return Some(KeyFault::Expired);
        }
        if !networks.is_empty() && !networks.iter().any(|network| network.contains(&address)) {
            return Some(KeyFault::Network);
        }
        (!self.scope.tenants.contains(tenant)).then_some(KeyFault::Tenant)
    }
}
