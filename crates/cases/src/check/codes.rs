//! Codes: each once, and each name the name of something.

use std::collections::BTreeSet;

use super::{Fault, Known, Wrong, fault};
use crate::{Kind, Signer, When};

pub(super) fn check(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    each_once("variant", kind.variants.iter().map(|one| &one.code), faults);
    each_once("role", kind.roles.iter().map(|one| &one.code), faults);
    each_once("part", kind.parts.iter().map(|one| &one.code), faults);
    each_once("result", kind.results.iter().map(|one| &one.code), faults);
    each_once("fee", kind.fees.iter().map(|one| &one.code), faults);
    each_once("state", kind.states.iter().map(|one| &one.code), faults);
    each_once("action", kind.actions.iter().map(|one| &one.code), faults);
    each_once("consultation", kind.consultations.iter().map(|one| &one.code), faults);
    each_once("timer", kind.timers.iter().map(|one| &one.code), faults);
    each_once("escalation", kind.escalations.iter().map(|one| &one.code), faults);
    each_once("kind", std::iter::once(&kind.code), faults);
    if let Some(form) = kind.form.as_ref().filter(|form| !known.forms.contains_key(*form)) {
        faults.push(fault("form", Wrong::Unknown { what: "form", code: form.clone() }));
    }
    roles(kind, known, faults);
    parts(kind, faults);
    results(kind, known, faults);
    states(kind, faults);
    timers(kind, known, faults);
    for one in kind.consultations.iter().filter(|one| one.silence_agrees && !one.mandatory) {
        faults.push(fault(format!("consultation {}", one.code), Wrong::Silence));
    }
}

fn each_once<'c>(of: &str, codes: impl Iterator<Item = &'c String>, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        let at = || format!("{of} {code}");
        if !is_code(code) {
            faults.push(fault(at(), Wrong::Code));
        }
        if !seen.insert(code) {
            faults.push(fault(at(), Wrong::Twice));
        }
    }
}

fn is_code(code: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    code.len() <= 60 && code.starts_with(|c: char| c.is_ascii_lowercase()) && code.chars().all(fits)
}

fn roles(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    for role in &kind.roles {
        let at = format!("role {}", role.code);
        if role.held_by.is_empty() && role.tie.needs_role() {
            faults.push(fault(at.as_str(), Wrong::Nobody));
        }
        for held in role.held_by.iter().filter(|held| !known.roles.contains(*held)) {
            faults.push(fault(at.as_str(), Wrong::Unknown { what: "role of the house", code: held.clone() }));
        }
    }
}

fn parts(kind: &Kind, faults: &mut Vec<Fault>) {
    for part in &kind.parts {
        for code in part.variants.iter().filter(|code| kind.variant(code).is_none()) {
            let unknown = Wrong::Unknown { what: "variant", code: code.clone() };
            faults.push(fault(format!("part {}", part.code), unknown));
        }
    }
}

fn results(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    for result in &kind.results {
        let at = || format!("result {}", result.code);
        let unknown = result.template.as_ref().filter(|template| !known.templates.contains(*template));
        if let Some(template) = unknown {
            faults.push(fault(at(), Wrong::Unknown { what: "template", code: template.clone() }));
        }
        if result.template.is_some() != result.number.is_some() {
            faults.push(fault(at(), Wrong::Numbered));
        }
        if !result.signatures.is_empty() && (result.template.is_none() || !in_order(&result.signatures)) {
            faults.push(fault(at(), Wrong::Signatures));
        }
    }
}

/// The person first, then the seal, each once (Decree 30/2020/NĐ-CP, articles 13 and 32).
fn in_order(signatures: &[Signer]) -> bool {
    matches!(signatures, [Signer::Person] | [Signer::Person, Signer::Seal])
}

fn states(kind: &Kind, faults: &mut Vec<Fault>) {
    for state in &kind.states {
        let at = format!("state {}", state.code);
        if state.national.is_some_and(|number| !(1..=10).contains(&number)) {
            faults.push(fault(at.as_str(), Wrong::National));
        }
        let Some(desk) = &state.desk else { continue };
        if kind.role(desk).is_none() {
            faults.push(fault(at, Wrong::Unknown { what: "role", code: desk.clone() }));
        } else if !kind.actions_from(&state.code).any(|action| action.by.contains(desk)) {
            faults.push(fault(at, Wrong::IdleDesk(desk.clone())));
        }
    }
}

fn timers(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    for timer in &kind.timers {
        let at = format!("timer {}", timer.code);
        if kind.state(&timer.state).is_none() {
            faults.push(fault(at.as_str(), Wrong::Unknown { what: "state", code: timer.state.clone() }));
        }
        let is_system = |code: &String| kind.role(code).is_some_and(|role| role.tie == crate::Tie::System);
        match kind.action(&timer.action) {
            None => {
                faults.push(fault(at, Wrong::Unknown { what: "action", code: timer.action.clone() }));
            }
            Some(action) if !action.by.iter().any(is_system) || !action.starts_in(&timer.state) => {
                faults.push(fault(at, Wrong::Timer));
            }
            Some(action) if action.asks.iter().any(|ask| ask.required) => {
                faults.push(fault(at, Wrong::TimerAsks));
            }
            Some(_) => {}
        }
    }
    for escalation in &kind.escalations {
        let at = format!("escalation {}", escalation.code);
        if kind.role(&escalation.role).is_none() {
            faults.push(fault(at.as_str(), Wrong::Unknown { what: "role", code: escalation.role.clone() }));
        }
        if !known.messages.contains(&escalation.message) {
            let unknown = Wrong::Unknown { what: "message", code: escalation.message.clone() };
            faults.push(fault(at.as_str(), unknown));
        }
        if matches!(escalation.when, When::Used(share) if !(1..=99).contains(&share)) {
            faults.push(fault(at, Wrong::Used));
        }
    }
}
