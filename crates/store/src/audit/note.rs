//! Notes: entries about what changes no entity.

use dinh_model::{EntityId, Term};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::hex;
use crate::{Error, Result, plan};

/// Most entities in a note: as many as the largest page shows.
const MAX_ENTITIES: usize = 10_000;
/// Most attributes in a note.
const MAX_ATTRIBUTES: usize = 1_000;
/// Longest reason, in bytes.
const MAX_REASON: usize = 4 << 10;
/// Largest details, in bytes of JSON.
const MAX_DETAILS: usize = 16 << 10;

/// What was done, other than changing entities and records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Somebody saw unmasked what tells something of a person.
    Reveal,
    /// Data was taken out in bulk.
    Export,
    /// Somebody signed in.
    SignIn,
    /// Somebody tried to sign in and was refused.
    SignInRefused,
    /// Somebody signed out, or was.
    SignOut,
    /// Something that the policy does not allow was tried.
    Denied,
    /// An account was created, changed or closed.
    Account,
    /// A role or a position was given or taken.
    Role,
    /// A key was made, changed or withdrawn.
    Key,
    /// The rules of access changed.
    Policy,
    /// Somebody agreed to a use of personal data, or no longer does.
    Consent,
    /// Personal data was erased.
    Erasure,
    /// The configuration or the packs in use changed.
    Configuration,
    /// Somebody asked why somebody may or may not do something.
    Explain,
    /// Another authority has put a time stamp on a seal of the audit: see [`Note::stamp`].
    Stamp,
    /// A request about personal data went a step on.
    Request,
    /// Something that was written went on to another context source.
    Forward,
    /// What is kept of the past of an entity was added to, corrected or taken away.
    History,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Reveal,
        Self::Export,
        Self::SignIn,
        Self::SignInRefused,
        Self::SignOut,
        Self::Denied,
        Self::Account,
        Self::Role,
        Self::Key,
        Self::Policy,
        Self::Consent,
        Self::Erasure,
        Self::Configuration,
        Self::Explain,
        Self::Stamp,
        Self::Request,
        Self::Forward,
        Self::History,
    ];

    /// The name in entries and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Export => "export",
            Self::SignIn => "sign-in",
            Self::SignInRefused => "sign-in-refused",
            Self::SignOut => "sign-out",
            Self::Denied => "denied",
            Self::Account => "account",
            Self::Role => "role",
            Self::Key => "key",
            Self::Policy => "policy",
            Self::Consent => "consent",
            Self::Erasure => "erasure",
            Self::Configuration => "configuration",
            Self::Explain => "explain",
            Self::Stamp => "stamp",
            Self::Request => "request",
            Self::Forward => "forward",
            Self::History => "history",
        }
    }

    /// From [`Act::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }
}

/// What an entry says about what changes no entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What was done.
    pub act: Act,
    /// The entities that it is about. "Who looked at this person" is answered from here.
    pub entities: Vec<EntityId>,
    /// The attributes that it is about.
    pub attributes: Vec<Term>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
    /// What else is worth knowing, as a JSON object; no secrets, no personal data. Null for nothing.
    pub details: Json,
}

impl Note {
    /// A note that says nothing but what was done.
    pub fn of(act: Act) -> Self {
        Self { act, entities: Vec::new(), attributes: Vec::new(), reason: None, details: Json::Null }
    }

    /// The note that binds the time stamp of a seal to the chain; to be written before the time stamp is kept.
    pub fn stamp(seal: u64, token: &[u8]) -> Self {
        Self { details: json!({"seal": seal, "token": stamp_digest(token)}), ..Self::of(Act::Stamp) }
    }

    /// The seal and the digest that such a note names.
    pub(crate) fn stamped(&self) -> Option<(u64, &str)> {
        let named = |name| self.details.get(name);
        (self.act == Act::Stamp).then_some(())?;
        Some((named("seal")?.as_u64()?, named("token")?.as_str()?))
    }

    /// Refuses what is too large.
    pub(crate) fn check(&self) -> Result<()> {
        plan::check("entities of a note", self.entities.len(), MAX_ENTITIES)?;
        plan::check("attributes of a note", self.attributes.len(), MAX_ATTRIBUTES)?;
        plan::check("bytes of a reason", self.reason.as_ref().map_or(0, String::len), MAX_REASON)?;
        let details = self.details.to_string();
        plan::check("bytes of the details of a note", details.len(), MAX_DETAILS)?;
        // What nests too deep could be written, but not read.
        let readable =
            serde_json::from_str::<Json>(&details).is_ok_and(|json| json.is_object() || json.is_null());
        if readable {
            Ok(())
        } else {
            Err(Error::Invalid("the details of a note are not a JSON object".into()))
        }
    }
}

/// How a note names a time stamp: SHA-256, in hexadecimal digits.
pub(crate) fn stamp_digest(token: &[u8]) -> String {
    hex(&Sha256::digest(token))
}
