//! Actions: what they name is there, and what they do has what it needs.

use super::{Fault, Known, Wrong, fault};
use crate::{Action, AskKind, Clocking, Does, Kind};

pub(super) fn check(kind: &Kind, known: &Known, faults: &mut Vec<Fault>) {
    for action in &kind.actions {
        let at = format!("action {}", action.code);
        let unknown = |what, code: &String| fault(at.as_str(), Wrong::Unknown { what, code: code.clone() });
        let states = action.from.iter().chain(&action.to);
        faults.extend(states.filter(|code| kind.state(code).is_none()).map(|code| unknown("state", code)));
        faults.extend(
            action.by.iter().filter(|code| kind.role(code).is_none()).map(|code| unknown("role", code)),
        );
        if action.from.is_empty() || action.by.is_empty() {
            faults.push(fault(at.as_str(), Wrong::None));
        }
        for ask in &action.asks {
            if (ask.kind == AskKind::Choice) == ask.choices.is_empty() {
                faults.push(fault(format!("{at} ask {}", ask.code), Wrong::Choices));
            }
        }
        for does in &action.does {
            faults.extend(wrong(kind, known, action, does).map(|wrong| fault(at.as_str(), wrong)));
        }
    }
}

fn wrong(kind: &Kind, known: &Known, action: &Action, does: &Does) -> Option<Wrong> {
    let needs = |does, asked: AskKind, needs| {
        let asks = action.asks.iter().any(|ask| ask.kind == asked && ask.required);
        (!asks).then_some(Wrong::Asks { does, needs })
    };
    let unknown = |what, code: &String| Some(Wrong::Unknown { what, code: code.clone() });
    match does {
        Does::AskMore => needs("ask-more", AskKind::Reason, "reason").or_else(|| {
            let to = action.to.as_deref().and_then(|to| kind.state(to));
            (!to.is_some_and(|to| matches!(to.clock, Clocking::Pauses | Clocking::Waiting)))
                .then_some(Wrong::NoPause)
        }),
        Does::Extend => needs("extend", AskKind::Reason, "reason").or_else(|| {
            let timings = kind.variants.iter().filter_map(|variant| variant.timing.as_ref());
            let allows =
                timings.chain([&kind.timing]).any(|one| one.extensions > 0 && one.extension.is_some());
            (!allows).then_some(Wrong::NoExtension)
        }),
        Does::HandTo => needs("hand-to", AskKind::Unit, "unit"),
        Does::Consult { consultation } => match kind.consultation(consultation) {
            None => unknown("consultation", consultation),
            Some(_) => needs("consult", AskKind::Unit, "unit"),
        },
        Does::Notify { role, .. } if kind.role(role).is_none() => unknown("role", role),
        Does::Notify { message, .. } if !known.messages.contains(message) => unknown("message", message),
        Does::Open { kind: code } if !known.kinds.contains(code) => unknown("kind", code),
        Does::DrawUp | Does::GiveUp if kind.results.iter().all(|result| result.template.is_none()) => {
            Some(Wrong::Unknown { what: "result with a template", code: String::new() })
        }
        Does::Issue { .. } if kind.results.is_empty() => {
            Some(Wrong::Unknown { what: "result", code: String::new() })
        }
        Does::Number
        | Does::Set { .. }
        | Does::Clock { .. }
        | Does::MoreCame
        | Does::Assign
        | Does::Notify { .. }
        | Does::Open { .. }
        | Does::DrawUp
        | Does::GiveUp
        | Does::Issue { .. } => None,
    }
}
