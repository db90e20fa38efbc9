//! Who asks.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use dinh_model::Term;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// Nobody in particular, from another machine.
    Anonymous,
    /// Nobody in particular, from this machine.
    Local,
    /// Somebody who showed the write key of the configuration.
    Operator(Arc<str>),
    /// A part of the program itself: a feed, a subscription, the command line.
    System(Arc<str>),
    /// Somebody with an account: a person, a device or another system.
    Account(Arc<Account>),
}

/// What kind of holder an account has.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// A member of the public, or somebody who speaks for an enterprise.
    #[default]
    Citizen,
    /// Somebody who acts for a unit of the administration.
    Official,
    /// A sensor, gateway or vehicle.
    Device,
    /// Another program.
    System,
}

impl AccountKind {
    /// The name that policies write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Official => "official",
            Self::Device => "device",
            Self::System => "system",
        }
    }
}

/// An account as it acts in one tenant at one moment: expired roles, ended positions and other tenants are left out
/// before it comes here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// Which one. Does not change and says nothing of the person. Empty for nobody in particular.
    pub id: Arc<str>,
    /// What kind of holder.
    pub kind: AccountKind,
    /// Codes of the roles that it has here.
    pub roles: BTreeSet<Arc<str>>,
    /// URIs of the units that it acts for, with the units below them.
    pub units: BTreeSet<Arc<str>>,
    /// URIs of the persons and enterprises that it speaks for, itself included.
    pub subjects: BTreeSet<Arc<str>>,
    /// How surely the holder is known: 0 by nothing but the account, 1 by a confirmed address, 2 by an identity that
    /// an authority has proved (NĐ 69/2024: level 2).
    pub assurance: u8,
    /// True if a second factor or a passkey was shown lately enough for sensitive acts.
    pub stepped_up: bool,
    /// The types of entities that the key is bound to by which it acts: nothing else is seen, changed or done. Empty for
    /// whoever is not bound.
    pub types: BTreeSet<Term>,
    /// The identifier of the key by which it acts; none for who has signed in. No policy asks for it: it says by what
    /// something was made that goes on by itself.
    pub key: Option<Arc<str>>,
}

impl fmt::Display for Principal {
    /// The name that the change feed and the audit record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Local => f.write_str("local"),
            Self::Operator(name) => write!(f, "operator:{name}"),
            Self::System(name) => write!(f, "system:{name}"),
            Self::Account(account) => write!(f, "account:{}", account.id),
        }
    }
}
