//! What somebody may be: roles, positions in units, and those that they speak for. All of it dated.

use dinh_model::{Iri, Tenant};
use serde::{Deserialize, Serialize};

use super::{AccountId, Days};

/// A role in one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Where.
    pub tenant: Tenant,
    /// Its code, as the packs list them.
    pub code: String,
    /// The unit that it goes with: it holds only while the account acts for that unit. None if it goes with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Iri>,
    /// When it holds.
    #[serde(default)]
    pub days: Days,
}

/// A position in a unit: an official acts for the unit and for the units below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Where.
    pub tenant: Tenant,
    /// URI of the unit.
    pub unit: Iri,
    /// What the position is called, as on the decision: `Phó Chủ tịch UBND phường`.
    pub title: String,
    /// Why the account has it.
    pub basis: Basis,
    /// When it holds. Substitution and delegation always end.
    #[serde(default)]
    pub days: Days,
}

/// Why somebody has a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Basis {
    /// They were appointed to it.
    Held,
    /// They stand in for its holder, who is away.
    Substitute {
        /// The holder.
        holder: AccountId,
    },
    /// Its holder has handed a part of the work to them.
    Delegated {
        /// The holder.
        holder: AccountId,
    },
}

/// Somebody that an account speaks for beside its own holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representation {
    /// URI of the person or enterprise.
    pub subject: Iri,
    /// On what ground.
    pub tie: Tie,
    /// When it holds.
    #[serde(default)]
    pub days: Days,
}

/// On what ground somebody speaks for somebody else (Civil Code 91/2015/QH13, articles 136 to 138).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tie {
    /// A parent speaks for a child.
    Parent,
    /// A guardian speaks for a ward.
    Guardian,
    /// The legal representative of an enterprise or organisation, or somebody that it has empowered.
    Company,
    /// Somebody that a person has empowered.
    Empowered,
}
