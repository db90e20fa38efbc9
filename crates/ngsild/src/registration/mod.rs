//! Context source registrations: who else can tell something, of what, and how they are asked (clauses 4.3.6, 4.20, 5.2.9,
//! 5.2.10 and 5.12).
//!
//! A [`Registration`] is what was registered, with every name expanded. What became of the calls to the source is kept apart
//! ([`Calls`]), because it changes with every call.

mod calls;
mod json;
mod matching;
mod operation;
mod read;

use dinh_model::{EntityId, Geometry, Iri, Scope, Term, Timestamp};
use serde_json::{Map, Value as Json};

use crate::query::{DatasetId, IdPattern};
use crate::subscription::KeyValue;

pub use calls::Calls;
pub use matching::{Discovery, Types, Wanted, within_scopes};
pub use operation::Operation;

/// How a source and what is kept here stand to each other (clause 4.3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// It is one among equals: it is asked beside what is kept here, and told what is written here.
    #[default]
    Inclusive,
    /// Some attributes of one entity are there and nowhere else.
    Exclusive,
    /// What is registered is there, or at others registered so, and not here.
    Redirect,
    /// It adds what is known nowhere else; nothing is written there.
    Auxiliary,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Inclusive, Self::Exclusive, Self::Redirect, Self::Auxiliary];

    /// As a registration writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inclusive => "inclusive",
            Self::Exclusive => "exclusive",
            Self::Redirect => "redirect",
            Self::Auxiliary => "auxiliary",
        }
    }

    /// True if what is registered is not kept here (clause 4.3.6.3).
    pub fn is_proxied(self) -> bool {
        matches!(self, Self::Exclusive | Self::Redirect)
    }
}

/// Entities that a source can tell of (clause 5.2.8).
#[derive(Clone, Debug, PartialEq)]
pub struct EntityInfo {
    /// One entity.
    pub id: Option<EntityId>,
    /// Entities whose identifier fits; not looked at when `id` is given.
    pub id_pattern: Option<IdPattern>,
    /// Their types, all of which they have.
    pub types: Vec<Term>,
}

/// A part of what a source can tell (clause 5.2.10).
#[derive(Clone, Debug, PartialEq)]
pub struct Information {
    /// Of which entities; empty for any.
    pub entities: Vec<EntityInfo>,
    /// Which properties; with `relationships` empty for any attribute.
    pub properties: Vec<Term>,
    /// Which relationships.
    pub relationships: Vec<Term>,
}

impl Information {
    /// The attributes named; empty for any.
    pub fn attributes(&self) -> impl Iterator<Item = &Term> {
        self.properties.iter().chain(&self.relationships)
    }

    /// True if some attributes are named, so that others are not meant.
    pub fn names_attributes(&self) -> bool {
        !self.properties.is_empty() || !self.relationships.is_empty()
    }
}

/// A time from one instant on, up to another if there is one (clause 5.2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Its begin.
    pub start: Timestamp,
    /// Its end; none for an open one.
    pub end: Option<Timestamp>,
}

/// Where a source tells something of (clause 5.2.9): members of a registration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// `location`.
    pub location: Option<Geometry>,
    /// `observationSpace`.
    pub observation: Option<Geometry>,
    /// `operationSpace`.
    pub operation: Option<Geometry>,
}

/// How a source is called (clause 5.2.34).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Management {
    /// It is asked for what it holds itself (`local=true`).
    pub local_only: bool,
    /// Milliseconds to wait for an answer.
    pub timeout: Option<f64>,
    /// Milliseconds to leave it in peace after a failure.
    pub cooldown: Option<f64>,
}

/// What somebody registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// Its URI.
    pub id: EntityId,
    /// What the source can tell.
    pub information: Vec<Information>,
    /// Where the source answers: a URL, below which the paths of the API are.
    pub endpoint: String,
    /// How it stands to what is kept here.
    pub mode: Mode,
    /// What it answers; sorted.
    pub operations: Vec<Operation>,
    /// What it needs to be told with every call: headers.
    pub source_info: Vec<KeyValue>,
    /// The name under which it appears in `Via`.
    pub alias: Option<String>,
    /// The tenant there; the default one if none is named.
    pub tenant: Option<String>,
    /// Instances of attributes that it has; empty if it does not say.
    pub dataset_ids: Vec<DatasetId>,
    /// When the registration ends.
    pub expires_at: Option<Timestamp>,
    /// Of what places.
    pub places: Places,
    /// Of what time, by when things were observed.
    pub observed: Option<Interval>,
    /// Of what time, by when things were written.
    pub managed: Option<Interval>,
    /// Of what scopes.
    pub scopes: Vec<Scope>,
    /// How it is called.
    pub management: Management,
    /// Further properties of the source, for `csf`.
    pub properties: Vec<(Term, Json)>,
    /// Members that are given back as they came; most are read into the fields above too.
    members: Map<String, Json>,
    /// The `@context` of whoever registered: the value of an `@context` member, or `None` for the core context.
    pub context: Option<Json>,
}

impl Registration {
    /// True if it holds at the instant `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// True if the source answers an operation.
    pub fn supports(&self, operation: Operation) -> bool {
        self.operations.binary_search(&operation).is_ok()
    }

    /// True if the source tells of a past: such a one is not asked for the present (clause 5.10.2.4).
    pub fn is_temporal(&self) -> bool {
        self.observed.is_some() || self.managed.is_some()
    }

    /// The `@context` that the source is spoken to in, if it wants a certain one (clause 4.3.6.6).
    pub fn spoken_context(&self) -> Option<&str> {
        self.source_info
            .iter()
            .find(|pair| pair.key.eq_ignore_ascii_case("jsonldContext"))
            .map(|pair| pair.value.as_str())
    }

    /// The identifier as a URI.
    pub fn iri(&self) -> Iri {
        Iri::trusted(self.id.as_str())
    }
}
