//! Why somebody asks.

use std::fmt;

/// Why somebody asks. Recorded with what is done; personal data is revealed for a stated purpose only.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Running the province's services.
    #[default]
    Operations,
    /// A member of the public looks at what is open.
    PublicInformation,
    /// Keeping the system itself in order.
    Maintenance,
    /// Settling a case that somebody has brought.
    CaseHandling,
    /// Saving life, health or property.
    Emergency,
    /// Checking how others have acted.
    Inspection,
    /// Counting, without an interest in any one person.
    Statistics,
    /// Somebody looks at what is kept of themselves.
    OwnData,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Operations,
        Self::PublicInformation,
        Self::Maintenance,
        Self::CaseHandling,
        Self::Emergency,
        Self::Inspection,
        Self::Statistics,
        Self::OwnData,
    ];

    /// The name that policies, requests and records write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::PublicInformation => "public-information",
            Self::Maintenance => "maintenance",
            Self::CaseHandling => "case-handling",
            Self::Emergency => "emergency",
            Self::Inspection => "inspection",
            Self::Statistics => "statistics",
            Self::OwnData => "own-data",
        }
    }

    /// From [`Purpose::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
