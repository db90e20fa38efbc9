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

    /// Whether a key of an account is good in a tenant now: neither revoked nor over.
    fn holds<'a>(&'a self, account: &'a str, key: &'a str, tenant: &'a Tenant) -> BoxFuture<'a, bool>;
}

/// Why something acts no more whose owner is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Its account is locked or closed.
    #[error("the account that owns it is locked or closed")]
    Account,
    /// The key that made it is not good any more.
    #[error("the key by which it was made was revoked or has expired; make it again with a good key")]
    Key,
    /// Its owner may read nothing here any more.
    #[error("its owner may read nothing here any more")]
    Rights,
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
        /// Which key; those of before this was kept stand for the account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<Arc<str>>,
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
                key: account.key.clone(),
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
            (
                Self::Key { account, types, roles, key: _ },
                Self::Key { account: by, types: bound, roles: has, key: _ },
            ) => *account == by && *types == bound && roles.is_subset(&has),
            (own, other) => *own == other,
        }
    }

    /// The owner as it may act in a tenant now, or why it may not.
    pub(crate) async fn principal(
        &self,
        directory: Option<&dyn Directory>,
        tenant: &Tenant,
    ) -> Result<Principal, Halt> {
        Ok(match self {
            Self::Anonymous => Principal::Anonymous,
            Self::Local => Principal::Local,
            Self::Operator(name) => Principal::Operator(Arc::clone(name)),
            Self::System(part) => Principal::System(Arc::clone(part)),
            Self::Account(id) => {
                let directory = directory.ok_or(Halt::Account)?;
                Principal::Account(directory.acting(id, tenant).await.ok_or(Halt::Account)?)
            }
            Self::Key { account, types, roles, key } => {
                let directory = directory.ok_or(Halt::Account)?;
                let acting = directory.acting(account, tenant).await.ok_or(Halt::Account)?;
                if let Some(key) = key
                    && !directory.holds(account, key, tenant).await
                {
                    return Err(Halt::Key);
                }
                let mut acting = Account::clone(&*acting);
                acting.types.clone_from(types);
                acting.roles.retain(|role| roles.contains(role));
                Principal::Account(Arc::new(acting))
            }
        })
    }
}
