//! Words: everything that people read is there in both languages.

use dinh_calendar::Named;

use super::{Fault, Wrong, fault};
use crate::Kind;

pub(super) fn check(kind: &Kind, faults: &mut Vec<Fault>) {
    let mut look = |at: String, words: &Named| {
        for (language, text) in [("Vietnamese", &words.vi), ("English", &words.en)] {
            if text.trim().is_empty() {
                faults.push(fault(at.as_str(), Wrong::Words(language)));
            }
        }
    };
    look("title".to_owned(), &kind.title);
    kind.summary.iter().for_each(|words| look("summary".to_owned(), words));
    kind.variants.iter().for_each(|one| look(format!("variant {}", one.code), &one.title));
    kind.roles.iter().for_each(|one| look(format!("role {}", one.code), &one.title));
    kind.parts.iter().for_each(|one| look(format!("part {}", one.code), &one.title));
    kind.results.iter().for_each(|one| look(format!("result {}", one.code), &one.title));
    kind.fees.iter().for_each(|one| look(format!("fee {}", one.code), &one.title));
    kind.consultations.iter().for_each(|one| look(format!("consultation {}", one.code), &one.title));
    for state in &kind.states {
        look(format!("state {}", state.code), &state.title);
        look(format!("state {}", state.code), &state.told);
    }
    for action in &kind.actions {
        let at = format!("action {}", action.code);
        look(at.clone(), &action.title);
        look(at.clone(), &action.done);
        action.unless.iter().for_each(|words| look(at.clone(), words));
        for ask in &action.asks {
            look(format!("{at} ask {}", ask.code), &ask.title);
            ask.choices.iter().for_each(|(_, words)| look(format!("{at} ask {}", ask.code), words));
        }
    }
}
