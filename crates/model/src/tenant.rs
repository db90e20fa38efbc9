//! Tenants: provinces or towns that share one process and see nothing of each other.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A tenant's name: 1–64 characters of `a-z A-Z 0-9 _ -`. The empty name of CIM 009 clause 4.14 is
/// [`Tenant::default_tenant`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(Arc<str>);

/// Stands between the name of a tenant and the number of a snapshot.
const FROZEN: char = '~';

/// Why a text is not a tenant name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a tenant name: use 1 to 64 letters, digits, '-' or '_'")]
pub struct TenantError(pub String);

impl Tenant {
    /// Name under which the tenant without a name is kept.
    pub const DEFAULT: &'static str = "default";

    /// Checks a name from a header, a path or the command line.
    pub fn parse(name: &str) -> Result<Self, TenantError> {
        let fits = (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits { Ok(Self(name.into())) } else { Err(TenantError(name.to_owned())) }
    }

    /// Wraps a name known to be one: read back from the store.
    pub fn trusted(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The tenant of requests that name none.
    pub fn default_tenant() -> Self {
        Self(Self::DEFAULT.into())
    }

    /// True for the tenant of requests that name none.
    pub fn is_default(&self) -> bool {
        &*self.0 == Self::DEFAULT
    }

    /// The place where a snapshot of this tenant is kept. No request can name it: it has a letter that names of tenants do
    /// not have.
    #[must_use]
    pub fn frozen(&self, number: u16) -> Self {
        Self(format!("{}{FROZEN}{number}", self.base_name()).into())
    }

    /// True for a place where a snapshot is kept.
    pub fn is_frozen(&self) -> bool {
        self.0.contains(FROZEN)
    }

    /// The tenant that this is a snapshot of; itself if it is none.
    #[must_use]
    pub fn base(&self) -> Self {
        if self.is_frozen() { Self(self.base_name().into()) } else { self.clone() }
    }

    /// The name of the tenant that this is a snapshot of; its own if it is none.
    pub fn base_name(&self) -> &str {
        self.0.split_once(FROZEN).map_or(&*self.0, |(base, _)| base)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_names_a_snapshot() {
        let hue = Tenant::parse("hue").unwrap();
        let frozen = hue.frozen(7);
        assert!(frozen.is_frozen() && !hue.is_frozen());
        assert_eq!((frozen.base_name(), hue.base_name()), ("hue", "hue"));
        assert!(Tenant::parse(frozen.as_str()).is_err());
        assert_eq!((frozen.frozen(8), frozen.base()), (hue.frozen(8), hue));
    }
}
