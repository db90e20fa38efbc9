//! Who a value is for.

use std::fmt;

/// Who may see a value, from everybody to almost nobody. A type's schema marks its attributes and itself with one of
/// these, and everything that hides, masks or encrypts reads that one mark.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    /// Everybody.
    #[default]
    Open,
    /// The administration.
    Internal,
    /// Those who need it for a purpose: it tells something of a person (Law 91/2025/QH15, basic personal data).
    Personal,
    /// As personal, and of the kinds that the law protects most (Law 91/2025/QH15, sensitive personal data).
    Sensitive,
}

impl Privacy {
    /// All of them, from the most open on.
    pub const ALL: [Self; 4] = [Self::Open, Self::Internal, Self::Personal, Self::Sensitive];

    /// The name that packs and policies write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
        }
    }

    /// From [`Privacy::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|privacy| privacy.name() == name)
    }

    /// True for what tells something of a person: it is masked unless it is revealed for a purpose.
    pub fn is_of_a_person(self) -> bool {
        self >= Self::Personal
    }
}

impl fmt::Display for Privacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
