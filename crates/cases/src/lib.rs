//! Floor 2: what goes by steps. One engine for dossiers, and later for field reports, incidents, orders and projects.
//!
//! A [`Kind`] of case is data in a pack: its states, the actions that lead from one to the next, who may take them, under
//! which condition, what a dossier consists of, what it costs, how long everything may take. A [`Case`] is one of that
//! kind. [`Kind::act`] is the whole machine: it takes a case, an [`Attempt`] and the working time, and answers with the
//! case as it is then and what else is to be done ([`Effect`]), or with the reason why the action cannot be taken
//! ([`Refused`]). Pure: time, identifiers and the standing of whoever acts come as arguments.
//!
//! * **Versions.** A kind has versions with dates. A case stays on the version under which it was opened; the only way
//!   to another is [`Kind::adopt`], an action of its own with its reason.
//! * **Conditions** are written in CEL (Common Expression Language), compiled when the pack is read; what they may ask is
//!   listed at [`Scope`]. One that fails to answer is a *no*.
//! * **Two clocks.** One runs for the whole case, as the law or the promise gives it, and one for each state. Both count
//!   working time as `dinh_calendar` does and stand still where a state says so.
//! * **Checked before use.** [`Kind::faults`] finds dead states, ends that cannot be reached, roles nobody holds, words
//!   that are missing and conditions that name what there is not. A pack with faults does not load.
//!
//! There is no BPMN: every one-stop shop that works is a table of states, actions, roles and times, and an official can
//! read a table.

mod book;
mod case;
mod check;
mod compare;
mod draw;
mod expr;
mod kind;
mod machine;
mod tariff;

pub use book::{Book, BookFault};
pub use case::{
    Answer, Case, Channel, Charge, Counted, Held, HeldAs, Off, Outcome, Proof, ProvedBy, Rating, StepTaken,
    Supplement, Task, TaskState,
};
pub use check::{Fault, Known, Wrong};
pub use compare::{Change, Difference, FieldChange, Section};
pub use dinh_calendar::Named;
pub use draw::{Drawing, Edge, Node};
pub use expr::{Expr, ExprFault, Scope};
pub use kind::{
    Action, Ask, AskKind, Basis, Clocking, Consultation, Does, Escalation, Fee, Kind, Merge, MergeFault,
    Number, NumberFault, Numbered, Part, RatingTerms, Result as KindResult, Role, Signer, Start, State,
    Status, Tie, Timer, Timing, Variant, When,
};
pub use machine::{Actor, AskRule, Attempt, Effect, Moved, Opening, Opinion, Refused, Wake, Woken};
pub use tariff::{CardProof, Rate, Reduction, Tariff};

#[cfg(test)]
mod tests;
