//! How an entity is tied to people and units.

/// How an entity is tied to people and units: a type's schema marks the relationships that mean this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// The person or enterprise that it is about or belongs to.
    Owner,
    /// The unit that is in charge of it.
    Unit,
    /// The account that it is assigned to.
    Assignee,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Unit, Self::Assignee];

    /// The attribute of a resource that policies write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owners",
            Self::Unit => "units",
            Self::Assignee => "assignees",
        }
    }

    /// From [`Relation::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.name() == name)
    }
}
