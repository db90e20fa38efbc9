//! Ways: each state can be reached, and from each an end.

use std::collections::BTreeSet;

use super::{Fault, Wrong, fault};
use crate::{Clocking, Kind};

pub(super) fn check(kind: &Kind, faults: &mut Vec<Fault>) {
    let Some(first) = kind.first() else {
        faults.push(fault("state", Wrong::None));
        return;
    };
    if matches!(first.clock, Clocking::Pauses | Clocking::Over) {
        faults.push(fault(format!("state {}", first.code), Wrong::FirstClock));
    }
    let ends = kind.states.iter().filter(|state| state.is_end()).map(|state| state.code.as_str());
    let reached = closed(BTreeSet::from([first.code.as_str()]), |state| onwards(kind, state));
    let ending = closed(ends.collect(), |state| back(kind, state));
    if ending.is_empty() {
        faults.push(fault("end", Wrong::None));
    }
    for state in &kind.states {
        let at = || format!("state {}", state.code);
        if !reached.contains(state.code.as_str()) {
            faults.push(fault(at(), Wrong::Dead));
        } else if !ending.contains(state.code.as_str()) {
            faults.push(fault(at(), Wrong::Endless));
        }
        if state.is_end() != (state.clock == Clocking::Over) {
            faults.push(fault(at(), Wrong::Clock));
        }
    }
}

/// The states to which actions lead from a state.
fn onwards<'k>(kind: &'k Kind, state: &'k str) -> Vec<&'k str> {
    kind.actions_from(state).filter_map(|action| action.to.as_deref()).collect()
}

/// The states from which actions lead to a state.
fn back<'k>(kind: &'k Kind, state: &str) -> Vec<&'k str> {
    let leads = kind.actions.iter().filter(|action| action.to.as_deref() == Some(state));
    leads.flat_map(|action| action.from.iter().map(String::as_str)).collect()
}

/// All that can be reached from some states, those included.
fn closed<'k>(from: BTreeSet<&'k str>, next: impl Fn(&'k str) -> Vec<&'k str>) -> BTreeSet<&'k str> {
    let (mut all, mut waiting) = (from.clone(), Vec::from_iter(from));
    while let Some(state) = waiting.pop() {
        waiting.extend(next(state).into_iter().filter(|next| all.insert(next)));
    }
    all
}
