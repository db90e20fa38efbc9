//! What a rule asks for: conditions over who asks, what is asked for, and the circumstances.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_model::Term;

use crate::{Privacy, Relation};

/// A fact about who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfPrincipal {
    /// Its identifier, one text.
    Id,
    /// Its kind, one text.
    Kind,
    /// The codes of its roles.
    Roles,
    /// The units that it acts for.
    Units,
    /// The persons and enterprises that it speaks for.
    Subjects,
}

/// A circumstance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfContext {
    /// Why it is asked, one text.
    Purpose,
    /// Where it is asked, one text.
    Tenant,
}

/// A yes or no of who asks or of the circumstances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// Sensitive acts are open: a second factor was shown lately.
    SteppedUp,
    /// The configuration lets nobody in particular write, from where the request comes.
    OpenWrites,
}

/// Texts that are known before the entity is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Written in the rule.
    These(BTreeSet<Arc<str>>),
    /// A fact about who asks.
    Principal(OfPrincipal),
    /// A circumstance.
    Context(OfContext),
}

/// What must hold. Sets with one member stand for single texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Always or never.
    Const(bool),
    /// The contrary.
    Not(Box<Self>),
    /// All of them.
    All(Vec<Self>),
    /// One of them.
    Any(Vec<Self>),
    /// The two have a text in common.
    Meet(Texts, Texts),
    /// So surely is the holder known, or more surely.
    Assurance(u8),
    /// A yes.
    Flag(Flag),
    /// The entity has one of these types.
    Type(BTreeSet<Term>),
    /// A pack with one of these names describes the entity's type.
    Sector(BTreeSet<Arc<str>>),
    /// The data asked for is marked with one of these.
    Privacy(BTreeSet<Privacy>),
    /// The entity is tied so to one of these.
    Related(Relation, Texts),
}
