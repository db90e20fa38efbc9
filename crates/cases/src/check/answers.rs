//! Conditions ask for answers that the form has.

use super::{Fault, Known, Wrong, fault};
use crate::{Does, Expr, Kind};

pub(super) fn check(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    // A form that there is not is a fault of its own; a kind without a form has no answers at all.
    let none = std::collections::BTreeSet::new();
    let fields = match &kind.form {
        Some(form) => match known.forms.get(form) {
            Some(fields) => fields,
            None => return,
        },
        None => &none,
    };
    for (at, expr) in conditions(kind) {
        for name in expr.members_of("answers").into_iter().filter(|name| !fields.contains(name)) {
            faults.push(fault(at.as_str(), Wrong::Answer(name)));
        }
    }
}

/// Every condition and computed value of a kind, with where it stands.
fn conditions(kind: &Kind) -> Vec<(String, &Expr)> {
    let mut found = Vec::new();
    found.extend(kind.variants.iter().map(|one| (format!("variant {}", one.code), &one.when)));
    found.extend(
        kind.parts.iter().filter_map(|one| Some((format!("part {}", one.code), one.required_if.as_ref()?))),
    );
    found.extend(
        kind.results.iter().filter_map(|one| Some((format!("result {}", one.code), one.only_if.as_ref()?))),
    );
    for fee in &kind.fees {
        let exprs = [&fee.times, &fee.free_if].into_iter().flatten();
        found.extend(exprs.map(|expr| (format!("fee {}", fee.code), expr)));
    }
    for action in &kind.actions {
        let at = || format!("action {}", action.code);
        found.extend(action.guard.iter().map(|guard| (at(), guard)));
        found.extend(action.does.iter().filter_map(|does| match does {
            Does::Set { to, .. } => Some((at(), to)),
            _ => None,
        }));
    }
    found
}
