//! What somebody wants to do.

use std::fmt;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See data. What tells something of a person is seen masked.
    Read,
    /// See unmasked what tells something of a person. Every time is recorded.
    Reveal,
    /// Create, change or remove data.
    Write,
    /// Take data out in bulk.
    Export,
    /// Erase for good what is kept of somebody, with its history and its keys.
    Erase,
    /// Follow the changes of all tenants and keep the store in order.
    Follow,
    /// Run accounts, units, roles and keys.
    Administer,
    /// Read the records of who did what.
    Audit,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Reveal,
        Self::Write,
        Self::Export,
        Self::Erase,
        Self::Follow,
        Self::Administer,
        Self::Audit,
    ];

    /// The name that policies write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Reveal => "reveal",
            Self::Write => "write",
            Self::Export => "export",
            Self::Erase => "erase",
            Self::Follow => "follow",
            Self::Administer => "administer",
            Self::Audit => "audit",
        }
    }

    /// From [`Action::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// True for what is done to entities, where the answer may depend on the entity; the rest is allowed or not.
    pub const fn is_about_data(self) -> bool {
        matches!(self, Self::Read | Self::Reveal | Self::Write | Self::Export | Self::Erase)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
