//! Whose something is that acts later on its own, such as a subscription: it may never do more than its owner may then.

use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_model::Tenant;
use serde::{Deserialize, Serialize};

/// Knows what accounts may do today. Made by whoever keeps accounts, above the door.
pub trait Directory: Send + Sync {
    /// The account as it acts in a tenant now; none if there is none, or none that may act.
    fn acting(&self, account: &str, tenant: &Tenant) -> Option<Arc<Account>>;
}

/// Whose something is, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Owner {
    /// Nobody in particular, from another machine.
    Anonymous,
    /// Nobody in particular, from this machine.
    Local,
    /// Whoever shows the write key.
    Operator(Arc<str>),
    /// A part of the program.
    System(Arc<str>),
    /// The account with this identifier.
    Account(Arc<str>),
}

impl From<&Principal> for Owner {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Anonymous => Self::Anonymous,
            Principal::Local => Self::Local,
            Principal::Operator(name) => Self::Operator(Arc::clone(name)),
            Principal::System(part) => Self::System(Arc::clone(part)),
            Principal::Account(account) => Self::Account(Arc::clone(&account.id)),
        }
    }
}

impl Owner {
    /// The owner as it may act in a tenant now; none for an account that nobody knows, or that may no longer act.
    pub(crate) fn principal(&self, directory: Option<&dyn Directory>, tenant: &Tenant) -> Option<Principal> {
        Some(match self {
            Self::Anonymous => Principal::Anonymous,
            Self::Local => Principal::Local,
            Self::Operator(name) => Principal::Operator(Arc::clone(name)),
            Self::System(part) => Principal::System(Arc::clone(part)),
            Self::Account(id) => Principal::Account(directory?.acting(id, tenant)?),
        })
    }
}
