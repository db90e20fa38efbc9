//! Rules in plain words, made from what they ask for and from nothing else: a rule whose title says something other
//! than the rule does is found out by reading on.
//!
//! Negations are moved inwards until each stands before one fact, so that nobody has to read "not (this or that)".

mod clause;
mod en;
mod matrix;
mod say;
#[cfg(test)]
mod tests;
mod vi;

pub use clause::{Clause, Summary};
pub use matrix::{Holds, of_role};
pub use say::{Names, Tongue};

use crate::Rule;

/// What a rule says, in one language.
pub fn summary(rule: &Rule, tongue: Tongue, names: &dyn Names) -> Summary {
    let say = tongue.words(names);
    let needs = clause::of(&rule.when, true, say.as_ref());
    Summary::new(say.head(rule, needs.is_some()), needs, tongue)
}
