//! The record of an account.

use dinh_access::AccountKind;
use dinh_model::{Iri, Tenant, Timestamp};
use serde::{Deserialize, Serialize};

use super::days::day_of;
use super::{AccountId, Basis, Days, Handle, Position, ProvedIdentity, Representation, Role};
use crate::error::Misfit;
use crate::secret::Digest;

/// Most characters of a display name or of a title.
const MOST_LETTERS: usize = 200;
/// Most roles of an account, in all tenants.
const MOST_ROLES: usize = 100;
/// Most positions of an account, past ones included.
const MOST_POSITIONS: usize = 100;
/// Most persons and enterprises that an account speaks for, past ones included.
const MOST_SUBJECTS: usize = 200;
/// Most accounts at identity providers that are linked to one account.
const MOST_LINKS: usize = 10;
/// Most keys of an account, revoked ones included.
const MOST_KEYS: usize = 20;
/// Most days that a substitution or delegation may last before it must be renewed.
const LONGEST_STAND_IN: i32 = 366;

/// Everything that is kept of an account but its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// Which one.
    pub id: AccountId,
    /// What kind of holder.
    pub kind: AccountKind,
    /// The tenant whose administrators look after it.
    pub home: Tenant,
    /// What pages call the holder. Empty once the account is closed.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Address>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Address>,
    /// URI of the person, enterprise, device or system in the graph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Iri>,
    /// An identity that an authority has proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<ProvedIdentity>,
    /// Those that it speaks for beside its holder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaks_for: Vec<Representation>,
    /// Roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Positions in units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<Position>,
    /// Accounts at identity providers that may sign in here as this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<Linked>,
    /// Identifiers of its keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Whether it may be used.
    pub state: State,
    /// The language in which the holder is spoken to.
    #[serde(default)]
    pub language: Language,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub changed: Timestamp,
}

/// An e-mail address or a telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// In the form that [`Handle`] compares.
    pub text: String,
    /// When its holder has shown that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Timestamp>,
}

/// An account at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The provider's name in the configuration.
    pub provider: String,
    /// Digest of its `sub`: enough to recognise it, of no use to anybody else.
    pub subject: Digest,
    /// Since when.
    pub since: Timestamp,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It may.
    #[default]
    Active,
    /// Not until an administrator unlocks it.
    Locked,
    /// Never again. What is left of it is this record, without personal data.
    Closed,
}

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl AccountRecord {
    /// A new account without rights.
    pub fn new(id: AccountId, kind: AccountKind, home: Tenant, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            home,
            name: name.trim().to_owned(),
            email: None,
            phone: None,
            subject: None,
            identity: None,
            speaks_for: Vec::new(),
            roles: Vec::new(),
            positions: Vec::new(),
            linked: Vec::new(),
            keys: Vec::new(),
            state: State::Active,
            language: Language::Vi,
            created: now,
            changed: now,
        }
    }

    /// The addresses and numbers that it may be found by.
    pub fn handles(&self) -> Vec<Handle> {
        let email = self.email.iter().map(|address| Handle::Email(address.text.clone()));
        email.chain(self.phone.iter().map(|address| Handle::Phone(address.text.clone()))).collect()
    }

    /// Whether it has a role or a position in another tenant that is not over yet: whoever looks after it there must
    /// then not be overruled from here.
    pub fn reaches_beyond(&self, tenant: &Tenant, now: Timestamp) -> bool {
        let day = day_of(now);
        let beyond = |other: &Tenant, days: Days| other != tenant && !days.is_over(day);
        self.roles.iter().any(|role| beyond(&role.tenant, role.days))
            || self.positions.iter().any(|position| beyond(&position.tenant, position.days))
    }

    /// Refuses a record that is too large or contradicts itself.
    pub fn check(&self) -> Result<(), Misfit> {
        let letters = |text: &str| (1..=MOST_LETTERS).contains(&text.chars().count());
        if !letters(self.name.trim()) || self.name.chars().any(char::is_control) {
            return Err(Misfit::Name(MOST_LETTERS));
        }
        let bounds = [
            ("roles", self.roles.len(), MOST_ROLES),
            ("positions", self.positions.len(), MOST_POSITIONS),
            ("speaksFor", self.speaks_for.len(), MOST_SUBJECTS),
            ("linked", self.linked.len(), MOST_LINKS),
            ("keys", self.keys.len(), MOST_KEYS),
        ];
        if let Some((what, _, most)) = bounds.into_iter().find(|(_, count, most)| count > most) {
            return Err(Misfit::TooMany { what, most });
        }
        let days = self.roles.iter().map(|role| role.days);
        let days = days.chain(self.positions.iter().map(|position| position.days));
        if days.chain(self.speaks_for.iter().map(|one| one.days)).any(Days::is_backwards) {
            return Err(Misfit::Backwards);
        }
        for position in &self.positions {
            if !letters(position.title.trim()) {
                return Err(Misfit::Title(MOST_LETTERS));
            }
            let ends = position.days.length().is_some_and(|days| days <= LONGEST_STAND_IN);
            if position.basis != Basis::Held && !ends {
                return Err(Misfit::StandIn(LONGEST_STAND_IN));
            }
        }
        Ok(())
    }
}
