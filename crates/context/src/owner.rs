//! Whose something is that acts later on its own, such as a subscription: it may never do more than its owner may then.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal};
use dinh_model::{Tenant, Term};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// Knows what accounts may do today. Made by whoever keeps accounts, above the door.
pub trait Directory: Send + Sync {
    /// The account as it acts in a tenant now; none if there is none, or none that may act.
    fn acting<'a>(&'a self, account: &'a str, tenant: &'a Tenant) -> BoxFuture<'a, Option<Arc<Account>>>;
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
    /// A device or system that came by a key: never more than the key allowed then.
    Key {
        /// Its account.
        account: Arc<str>,
        /// The types that the key is bound to; empty if it is not.
        types: BTreeSet<Term>,
        /// The roles that the key may use.
        roles: BTreeSet<Arc<str>>,
    },
}

impl From<&Principal> for Owner {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Anonymous => Self::Anonymous,
            Principal::Local => Self::Local,
            Principal::Operator(name) => Self::Operator(Arc::clone(name)),
            Principal::System(part) => Self::System(Arc::clone(part)),
            Principal::Account(account) if comes_by_key(account) => Self::Key {
                account: Arc::clone(&account.id),
                types: account.types.clone(),
                roles: account.roles.clone(),
            },
            Principal::Account(account) => Self::Account(Arc::clone(&account.id)),
        }
    }
}

fn comes_by_key(account: &Account) -> bool {
    matches!(account.kind, AccountKind::Device | AccountKind::System) || !account.types.is_empty()
}

impl Owner {
    /// True if what it owns is the business of `principal`, too: the same account, by a key that allows no less.
    pub(crate) fn is(&self, principal: &Principal) -> bool {
        match (self, Self::from(principal)) {
            (Self::Key { account, types, roles }, Self::Key { account: by, types: bound, roles: has }) => {
                *account == by && *types == bound && roles.is_subset(&has)
            }
            (own, other) => *own == other,
        }
    }

    /// The owner as it may act in a tenant now; none for an account that nobody knows, or that may no longer act.
    pub(crate) async fn principal(
        &self,
        directory: Option<&dyn Directory>,
        tenant: &Tenant,
    ) -> Option<Principal> {
        Some(match self {
            Self::Anonymous => Principal::Anonymous,
            Self::Local => Principal::Local,
            Self::Operator(name) => Principal::Operator(Arc::clone(name)),
            Self::System(part) => Principal::System(Arc::clone(part)),
            Self::Account(id) => Principal::Account(directory?.acting(id, tenant).await?),
            Self::Key { account, types, roles } => {
                let mut acting = Account::clone(&*directory?.acting(account, tenant).await?);
                acting.types.clone_from(types);
                acting.roles.retain(|role| roles.contains(role));
                Principal::Account(Arc::new(acting))
            }
        })
    }
}
