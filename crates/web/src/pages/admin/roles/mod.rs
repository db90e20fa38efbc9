//! Roles, and what each may do: told from the rules themselves.

mod list;
mod one;
mod rules;

pub(super) use list::list;
pub(super) use one::one;
pub(super) use rules::{RuleView, rule_view};
