//! Who does something, and what.

use std::collections::{BTreeMap, BTreeSet};

use dinh_calendar::{Rules, Schedule};
use jiff::Timestamp;

use crate::{Answer, Kind, Role, Tie};

/// Somebody who does something with a case, as they stand to it. The machine takes it as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Their account; none for the program itself, and for somebody without one.
    pub account: Option<String>,
    /// The unit for which they act.
    pub unit: Option<String>,
    /// Their roles in the house.
    pub roles: BTreeSet<String>,
    /// How they stand to the case.
    pub ties: BTreeSet<Tie>,
    /// Whether they have shown a second factor lately.
    pub stepped_up: bool,
    /// Whether they worked on what the case is about.
    pub barred: bool,
}

/// An attempt to do something.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Which action.
    pub action: &'a str,
    /// Who.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
    /// What they answered to what the action asks.
    pub asked: BTreeMap<String, Answer>,
    /// Working time of the unit that handles the case.
    pub schedule: &'a Schedule,
    /// How periods are counted.
    pub rules: &'a Rules,
}

impl Actor {
    /// The program itself.
    pub fn system() -> Self {
        Self { ties: [Tie::System, Tie::Anybody].into(), stepped_up: true, ..Self::default() }
    }

    /// True if they have a role of a kind.
    pub fn has(&self, role: &Role) -> bool {
        let tied = role.tie == Tie::Anybody || self.ties.contains(&role.tie);
        tied && !(role.apart && self.barred)
            && (role.held_by.is_empty() || role.held_by.iter().any(|held| self.roles.contains(held)))
    }

    /// True if they have a role, by its code.
    pub fn holds(&self, kind: &Kind, code: &str) -> bool {
        kind.role(code).is_some_and(|role| self.has(role))
    }

    /// The first of roles, by their codes, that they have.
    pub(super) fn first_of<'r>(&self, kind: &Kind, codes: &'r [String]) -> Option<&'r str> {
        let has = |code: &&String| kind.role(code).is_some_and(|role| self.has(role));
        codes.iter().find(has).map(String::as_str)
    }
}
