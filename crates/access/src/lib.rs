//! Floor 1: who may do what, for which purpose. Pure.
//!
//! The one door (`context`) asks [`Policy`] before every read and write and hands the answer, a [`Grant`], down
//! to `store`. A grant cannot be made anywhere else, so a store call without evidence of a decision does not compile.
//!
//! A policy is a book of [rules](Rule) that packs write (in Cedar; the crate `cedar` reads them) and a [`Catalogue`]
//! of how types and attributes are marked. Rules are not asked about one entity after another. For somebody with a
//! purpose they are narrowed once: what depends on who asks, where and why is decided, and what is left is a filter
//! over types, marks and ties (own, own unit's, assigned). The filter becomes a [`Sight`] for reading and a [`Reach`]
//! for writing, which travel in the grant and are applied by the store, below every application.

mod action;
mod catalogue;
mod condition;
mod explain;
mod filter;
mod grant;
mod judge;
mod mask;
mod narrow;
pub mod plain;
mod policy;
mod principal;
mod privacy;
mod purpose;
mod reach;
mod relation;
mod rule;
mod sight;

pub use action::Action;
pub use catalogue::{AttributeMarks, Catalogue, TypeMarks};
pub use condition::{Condition, Flag, OfContext, OfPrincipal, Texts};
pub use explain::{Explanation, Said, Verdict};
pub use grant::{Audit, Erase, Feed, Grant, InTenant, Read, Write};
pub use judge::{Judged, Outcome};
pub use mask::Mask;
pub use policy::{Denied, OpenWrites, Policy};
pub use principal::{Account, AccountKind, Principal};
pub use privacy::Privacy;
pub use purpose::Purpose;
pub use reach::{OutOfReach, Reach};
pub use relation::Relation;
pub use rule::{Effect, Rule, RuleBook, Whom};
pub use sight::{Audience, Seen, Sight};
