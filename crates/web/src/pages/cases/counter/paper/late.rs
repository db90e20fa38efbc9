//! Forms 04 and 05: an apology with a new date, and that a dossier was stopped.

use dinh_cases::{Answer, Case, Kind};
use dinh_casework::Dossier;
use dinh_model::Timestamp;

use super::drawn::{Line, Passed, line};
use super::form::Form;
use crate::look;
use crate::pages::cases::parts::period;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What an apology or a notice of stopping says in lines.
pub(super) fn lines(visitor: &Visitor, kind: &Kind, dossier: &Dossier, form: Form, lang: Lang) -> Vec<Line> {
    let Some(case) = &dossier.case else { return Vec::new() };
    let at = |at: Timestamp| look::date_time(at, lang);
    let mut lines = Vec::new();
    if let Some(received) = dossier.received {
        lines.push(line(lang.say("counter-paper-received"), at(received)));
    }
    let casework = &visitor.app.casework;
    match form {
        Form::Apology => {
            let before = casework.due_before(case);
            lines.extend(before.map(|due| line(lang.say("papers-due-before"), at(due))));
            let last = case.clock.as_ref().and_then(|clock| clock.extensions().last());
            lines.extend(last.map(|last| line(lang.say("papers-more-time"), period(last.period, lang))));
            lines.extend(dossier.due.map(|due| line(lang.say("papers-due-now"), at(due))));
            let most = kind.timing_of(case.variant.as_deref()).extensions;
            let times = args([("times", number(case.extensions())), ("most", f64::from(most))]);
            lines.push(line(lang.say("papers-times"), lang.say_with("papers-times-of", &times)));
        }
        Form::Stop => {
            let ended = case.ended.map(|(ended, _)| at(ended.into()));
            lines.extend(ended.map(|ended| line(lang.say("papers-stopped-at"), ended)));
            let before = case.supplements.last().filter(|last| last.answered.is_none());
            let asked = before.map(|last| at(last.asked.into()));
            lines.extend(asked.map(|asked| line(lang.say("papers-asked-at"), asked)));
        }
        Form::Receipt | Form::Supplement | Form::Refusal | Form::Slip => {}
    }
    lines
}

/// Why: the last reason that goes with the form.
pub(super) fn reason(case: &Case, form: Form, lang: Lang) -> Option<String> {
    match form {
        Form::Apology => {
            case.clock.as_ref().and_then(|clock| clock.extensions().last()).map(|last| last.reason.clone())
        }
        // What the program stopped says why by what it is.
        Form::Stop => {
            let last = case.steps.iter().rev().find(|step| step.state == case.state);
            let said = last.and_then(|step| step.asked.get("reason")).and_then(Answer::text);
            Some(said.map_or_else(|| lang.say("papers-lapsed"), str::to_owned))
        }
        Form::Receipt | Form::Supplement | Form::Refusal | Form::Slip => None,
    }
}

/// The times that a case was put off.
pub(super) fn extensions(case: &Case, lang: Lang) -> Vec<Passed> {
    let all = case.clock.as_ref().map(dinh_calendar::Clock::extensions).unwrap_or_default();
    let row = |one: &dinh_calendar::Extension| Passed {
        unit: String::new(),
        what: period(one.period, lang),
        at: look::date_time(one.at.into(), lang),
        result: String::new(),
        note: one.reason.clone(),
    };
    all.iter().map(row).collect()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
