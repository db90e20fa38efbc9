//! A paper as it is drawn from what is on record.

use dinh_calendar::official_day;
use dinh_cases::{Answer, Case, Channel, HeldAs, Kind};
use dinh_casework::Dossier;
use dinh_model::Timestamp;
use serde::Serialize;

use super::form::Form;
use super::late;
use crate::look;
use crate::pages::cases::one;
use crate::pages::cases::parts::{self, say};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// A paper as it is drawn.
#[derive(Serialize)]
pub(in crate::pages::cases) struct Paper {
    form: &'static str,
    agency: String,
    number: String,
    title: String,
    day: String,
    lines: Vec<Line>,
    list_title: String,
    list: Vec<String>,
    reason: Option<String>,
    rows: Vec<Passed>,
    signs: Vec<String>,
    remark: String,
    /// To whom it is written, for those that are letters.
    to: String,
    /// What the dossier asks for.
    about: String,
}

#[derive(Serialize)]
pub(super) struct Line {
    title: String,
    text: String,
}

/// A hand-over, or another step on the way.
#[derive(Serialize)]
pub(super) struct Passed {
    pub(super) unit: String,
    pub(super) what: String,
    pub(super) at: String,
    pub(super) result: String,
    pub(super) note: String,
}

/// A paper in a language; none if the case has not come so far. `own` is whether its applicant looks.
pub(super) async fn drawn(
    visitor: &Visitor,
    (dossier, own): (&Dossier, bool),
    form: Form,
    lang: Lang,
) -> Option<Paper> {
    let case = dossier.case.as_ref().filter(|case| form.is_there(case, own))?;
    let kind = visitor.app.casework.kind_of(dossier).ok()?;
    let receiving = parts::unit_in(visitor, dossier.receiving.as_str(), lang).await;
    let mut lines = who(dossier, lang);
    lines.push(line(lang.say("counter-paper-what"), say(&kind.title, lang)));
    match form {
        Form::Receipt => {
            lines.extend(times(visitor, kind, dossier, lang));
            lines.push(line(lang.say("counter-paper-where"), receiving.clone()));
        }
        Form::Supplement => lines.extend(asked(kind, case, lang)),
        Form::Apology | Form::Stop => lines.extend(late::lines(visitor, kind, dossier, form, lang)),
        Form::Refusal | Form::Slip => {}
    }
    let (list_title, list) = match form {
        Form::Receipt => (lang.say("counter-paper-parts"), held(kind, case, lang)),
        Form::Supplement => (lang.say("counter-paper-lacks"), asked_for(kind, case, lang)),
        _ => (String::new(), Vec::new()),
    };
    let reason = match form {
        Form::Supplement => case.supplements.last().map(|last| last.reason.clone()),
        Form::Refusal => case.steps.iter().rev().find_map(reason),
        Form::Apology | Form::Stop => late::reason(case, form, lang),
        Form::Receipt | Form::Slip => None,
    };
    let rows = match form {
        Form::Slip => passed(visitor, kind, case, lang).await,
        Form::Apology => late::extensions(case, lang),
        _ => Vec::new(),
    };
    Some(Paper {
        form: form.number(),
        agency: receiving,
        number: dossier.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        title: form.title(lang),
        day: look::date_time(visitor.now, lang),
        lines,
        list_title,
        list,
        reason,
        rows,
        signs: signs(form, lang),
        remark: remark(form, lang),
        to: lang.say_with("papers-to", &args([("name", dossier.applicant_name.clone())])),
        about: say(&kind.title, lang),
    })
}

pub(super) fn line(title: String, text: String) -> Line {
    Line { title, text }
}

fn who(dossier: &Dossier, lang: Lang) -> Vec<Line> {
    let mut lines = vec![line(lang.say("counter-paper-of"), dossier.applicant_name.clone())];
    let Some(applicant) = &dossier.applicant else { return lines };
    let by = applicant.by.as_ref().map(|by| match &applicant.by_number {
        Some(number) => format!("{by} ({number})"),
        None => by.clone(),
    });
    for (title, text) in [
        (lang.say("cases-applicant-number"), &applicant.number),
        (lang.say("counter-paper-by"), &by),
        (lang.say("cases-address"), &applicant.address),
        (lang.say("cases-telephone"), &applicant.telephone),
        (lang.say("cases-email"), &applicant.email),
    ] {
        lines.extend(text.clone().map(|text| line(title, text)));
    }
    lines
}

/// The times of a receipt. The promise is the one that was given with it, whatever became of it later.
fn times(visitor: &Visitor, kind: &Kind, dossier: &Dossier, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    let case = dossier.case.as_ref();
    let at = |at: jiff::Timestamp| look::date_time(Timestamp::from(at), lang);
    lines.push(line(lang.say("cases-channel"), one::channel(dossier.channel, lang)));
    if let Some(sent) = case.and_then(|case| case.sent) {
        // A postmark tells a day and no hour.
        let by_post = dossier.channel == Channel::Post;
        let when = if by_post { look::day(official_day(sent), lang) } else { at(sent) };
        lines.push(line(lang.say("counter-sent"), when));
    }
    lines.push(line(lang.say("counter-paper-sets"), lang.say("counter-paper-one-set")));
    lines.push(line(lang.say("counter-paper-time"), one::takes(kind, lang)));
    if let Some(received) = dossier.received {
        lines.push(line(lang.say("counter-paper-received"), look::date_time(received, lang)));
    }
    let promised = case.and_then(|case| visitor.app.casework.promised(case));
    lines.extend(promised.map(|due| line(lang.say("counter-paper-due"), look::date_time(due, lang))));
    lines
}

/// At which stage more was asked for, and when.
fn asked(kind: &Kind, case: &Case, lang: Lang) -> Vec<Line> {
    let Some(last) = case.supplements.last() else { return Vec::new() };
    let stage = kind.state(&last.stage).map_or_else(|| last.stage.clone(), |state| say(&state.title, lang));
    vec![
        line(lang.say("papers-stage"), stage),
        line(lang.say("papers-asked-at"), look::date_time(last.asked.into(), lang)),
    ]
}

/// What was handed in, and in which form.
fn held(kind: &Kind, case: &Case, lang: Lang) -> Vec<String> {
    let form = |held_as: HeldAs| match held_as {
        HeldAs::Original => lang.say("cases-part-original"),
        HeldAs::Copy => lang.say("cases-part-copy"),
        HeldAs::Electronic => lang.say("cases-part-electronic"),
        HeldAs::Reused => lang.say("cases-part-reused"),
    };
    let of = |part: &dinh_cases::Part| {
        let held = case.parts.get(&part.code).filter(|held| held.is_there())?;
        let values = args([("title", say(&part.title, lang)), ("form", form(held.held_as))]);
        Some(lang.say_with("counter-paper-part", &values))
    };
    let form_itself = kind.form.iter().map(|_| lang.say("counter-paper-form"));
    form_itself.chain(kind.parts.iter().filter_map(of)).collect()
}

fn asked_for(kind: &Kind, case: &Case, lang: Lang) -> Vec<String> {
    let codes = case.supplements.last().into_iter().flat_map(|last| &last.parts);
    codes.filter_map(|code| kind.part(code)).map(|part| say(&part.title, lang)).collect()
}

fn reason(step: &dinh_cases::StepTaken) -> Option<String> {
    step.asked.get("reason").and_then(Answer::text).map(str::to_owned)
}

/// The steps that took the case from one desk to another, or to its end.
async fn passed(visitor: &Visitor, kind: &Kind, case: &Case, lang: Lang) -> Vec<Passed> {
    let mut rows = Vec::new();
    let mut before: Option<&str> = None;
    for step in &case.steps {
        let moved = before != Some(step.state.as_str());
        before = Some(&step.state);
        if !moved {
            continue;
        }
        let unit = match &step.unit {
            Some(unit) => parts::unit_in(visitor, unit, lang).await,
            None => kind.role(&step.role).map(|role| say(&role.title, lang)).unwrap_or_default(),
        };
        let result =
            if step.late { lang.say("counter-paper-late") } else { lang.say("counter-paper-in-time") };
        let note = step.asked.get("note").and_then(Answer::text).unwrap_or_default();
        rows.push(Passed {
            unit,
            what: parts::step(kind, &step.action, lang),
            at: look::date_time(Timestamp::from(step.at), lang),
            result,
            note: note.to_owned(),
        });
    }
    rows
}

fn signs(form: Form, lang: Lang) -> Vec<String> {
    match form {
        Form::Receipt => vec![lang.say("counter-sign-applicant"), lang.say("counter-sign-desk")],
        Form::Supplement => vec![lang.say("counter-sign-guide")],
        Form::Refusal => vec![lang.say("counter-sign-desk")],
        // These are signed by whoever decides, not at the desk.
        Form::Apology | Form::Stop => Vec::new(),
        Form::Slip => vec![lang.say("counter-sign-gives"), lang.say("counter-sign-takes")],
    }
}

fn remark(form: Form, lang: Lang) -> String {
    match form {
        Form::Receipt => lang.say("counter-remark-receipt"),
        Form::Supplement => lang.say("counter-remark-supplement"),
        Form::Refusal => lang.say("counter-remark-refusal"),
        Form::Apology => lang.say("papers-remark-apology"),
        Form::Stop => lang.say("papers-remark-stop"),
        Form::Slip => lang.say("counter-remark-slip"),
    }
}
