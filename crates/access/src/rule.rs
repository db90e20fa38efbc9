//! Rules: who may, or must not, do what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::{Action, Condition};

/// Whether a rule opens or shuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Opens, unless another rule shuts.
    Permit,
    /// Shuts, whatever others open.
    Forbid,
}

/// To whom a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// To everybody.
    Everybody,
    /// To those who have one of these roles.
    Roles(BTreeSet<Arc<str>>),
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique among all rules.
    pub id: Arc<str>,
    /// The pack that it comes from.
    pub pack: Arc<str>,
    /// What people call it, by language tag.
    pub titles: BTreeMap<String, String>,
    /// Whether it opens or shuts.
    pub effect: Effect,
    /// To whom it applies.
    pub whom: Whom,
    /// What it is about.
    pub actions: BTreeSet<Action>,
    /// What must hold.
    pub when: Condition,
    /// The rule as the pack writes it.
    pub text: Arc<str>,
}

/// All rules, found by role: somebody with three roles among two hundred does not read the rules of the others.
#[derive(Clone, Debug, Default)]
pub struct RuleBook {
    rules: Vec<Rule>,
    for_everybody: Vec<usize>,
    by_role: BTreeMap<Arc<str>, Vec<usize>>,
}

impl RuleBook {
    /// A book of `rules`.
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut book = Self { rules, ..Self::default() };
        for (at, rule) in book.rules.iter().enumerate() {
            match &rule.whom {
                Whom::Everybody => book.for_everybody.push(at),
                Whom::Roles(named) => {
                    for role in named {
                        book.by_role.entry(Arc::clone(role)).or_default().push(at);
                    }
                }
            }
        }
        book
    }

    /// All rules, in the order in which they were given.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules that speak to somebody with these roles, each once, in order.
    pub fn speaking_to<'a>(&'a self, roles: &BTreeSet<Arc<str>>) -> impl Iterator<Item = &'a Rule> {
        let own = roles.iter().filter_map(|role| self.by_role.get(role)).flatten();
        let at: BTreeSet<usize> = self.for_everybody.iter().chain(own).copied().collect();
        at.into_iter().filter_map(|at| self.rules.get(at))
    }
}
