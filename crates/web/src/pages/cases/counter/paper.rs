//! The papers of a dossier (annex of Circular 03/2025/TT-VPCP), drawn from what is on record, to be printed on A4: form 01
//! receipt and appointment, 02 what is to be completed, 03 refusal to accept, 06 control of the process.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_calendar::official_day;
use dinh_cases::{Answer, Case, Channel, HeldAs, Kind, Outcome};
use dinh_casework::{Dossier, Shown};
use dinh_model::Timestamp;
use serde::Serialize;

use crate::look;
use crate::pages::account::private;
use crate::pages::cases::parts::{self, say};
use crate::pages::cases::{one, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::cases) enum Form {
    Receipt,
    Supplement,
    Refusal,
    Slip,
}

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
}

#[derive(Serialize)]
struct Line {
    title: String,
    text: String,
}

/// A hand-over, or another step on the way.
#[derive(Serialize)]
struct Passed {
    unit: String,
    what: String,
    at: String,
    result: String,
    note: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    paper: Paper,
}

impl Form {
    const ALL: [Self; 4] = [Self::Receipt, Self::Supplement, Self::Refusal, Self::Slip];

    /// Its name in addresses.
    const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Supplement => "supplement",
            Self::Refusal => "refusal",
            Self::Slip => "slip",
        }
    }

    /// Its number in the annex.
    const fn number(self) -> &'static str {
        match self {
            Self::Receipt => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Slip => "06",
        }
    }

    fn title(self, lang: Lang) -> String {
        match self {
            Self::Receipt => lang.say("counter-paper-receipt"),
            Self::Supplement => lang.say("counter-paper-supplement"),
            Self::Refusal => lang.say("counter-paper-refusal"),
            Self::Slip => lang.say("counter-paper-slip"),
        }
    }

    /// True if a case has come so far that there is such a paper. The slip is for those who work on it.
    fn is_there(self, case: &Case, own: bool) -> bool {
        match self {
            Self::Receipt => case.received.is_some(),
            Self::Supplement => !case.supplements.is_empty(),
            Self::Refusal => case.ended.is_some_and(|(_, outcome)| outcome == Outcome::NotAccepted),
            Self::Slip => case.received.is_some() && !own,
        }
    }
}

/// `GET /{tenant}/cases/{id}/paper/{form}`: a paper.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, id, form)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let form = Form::ALL.into_iter().find(|one| one.name() == form);
    let form = form.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let shown = visitor.app.casework.show(&visitor.session, &id).await;
    let shown = shown.map_err(|error| said::fault(&visitor, error))?;
    let paper = drawn(&visitor, &shown, form).await.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let values = Values {
        page: frame(&visitor, form.title(visitor.lang()), Here::Elsewhere, ""),
        back_href: parts::href(&visitor, &id),
        paper,
    };
    Ok(private(rendered(&visitor, "paper.html", values)?.into_response()))
}

/// The papers that there are of a case: address and title.
pub(in crate::pages::cases) fn of(visitor: &Visitor, shown: &Shown) -> Vec<(String, String)> {
    let Some(case) = &shown.dossier.case else { return Vec::new() };
    let base = parts::href(visitor, &shown.dossier.id);
    let there = Form::ALL.into_iter().filter(|form| form.is_there(case, shown.own));
    there.map(|form| (format!("{base}/paper/{}", form.name()), form.title(visitor.lang()))).collect()
}

/// The paper that somebody is given who was at the desk just now.
pub(super) async fn given(visitor: &Visitor, shown: &Shown) -> Option<Paper> {
    let case = shown.dossier.case.as_ref()?;
    let forms = [Form::Refusal, Form::Receipt, Form::Supplement];
    let form = forms.into_iter().find(|form| form.is_there(case, false))?;
    drawn(visitor, shown, form).await
}

async fn drawn(visitor: &Visitor, shown: &Shown, form: Form) -> Option<Paper> {
    let (lang, dossier) = (visitor.lang(), &shown.dossier);
    let case = dossier.case.as_ref().filter(|case| form.is_there(case, shown.own))?;
    let kind = visitor.app.casework.kind_of(dossier).ok()?;
    let mut lines = who(dossier, lang);
    lines.push(line(lang.say("counter-paper-what"), say(&kind.title, lang)));
    if form == Form::Receipt {
        times(&mut lines, kind, dossier, lang);
        lines.push(line(
            lang.say("counter-paper-where"),
            parts::unit(visitor, dossier.receiving.as_str()).await,
        ));
    }
    let (list_title, list) = match form {
        Form::Receipt => (lang.say("counter-paper-parts"), held(kind, case, lang)),
        Form::Supplement => (lang.say("counter-paper-lacks"), asked_for(kind, case, lang)),
        Form::Refusal | Form::Slip => (String::new(), Vec::new()),
    };
    let reason = match form {
        Form::Supplement => case.supplements.last().map(|last| last.reason.clone()),
        Form::Refusal => case.steps.iter().rev().find_map(reason),
        Form::Receipt | Form::Slip => None,
    };
    Some(Paper {
        form: form.number(),
        agency: parts::unit(visitor, dossier.receiving.as_str()).await,
        number: dossier.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        title: form.title(lang),
        day: look::date_time(visitor.now, lang),
        lines,
        list_title,
        list,
        reason,
        rows: if form == Form::Slip { passed(visitor, kind, case).await } else { Vec::new() },
        signs: signs(form, lang),
        remark: remark(form, lang),
    })
}

fn line(title: String, text: String) -> Line {
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

fn times(lines: &mut Vec<Line>, kind: &Kind, dossier: &Dossier, lang: Lang) {
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
    if let Some(due) = dossier.due {
        lines.push(line(lang.say("counter-paper-due"), look::date_time(due, lang)));
    }
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
async fn passed(visitor: &Visitor, kind: &Kind, case: &Case) -> Vec<Passed> {
    let lang = visitor.lang();
    let mut rows = Vec::new();
    let mut before: Option<&str> = None;
    for step in &case.steps {
        let moved = before != Some(step.state.as_str());
        before = Some(&step.state);
        if !moved {
            continue;
        }
        let unit = match &step.unit {
            Some(unit) => parts::unit(visitor, unit).await,
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
        Form::Slip => vec![lang.say("counter-sign-gives"), lang.say("counter-sign-takes")],
    }
}

fn remark(form: Form, lang: Lang) -> String {
    match form {
        Form::Receipt => lang.say("counter-remark-receipt"),
        Form::Supplement => lang.say("counter-remark-supplement"),
        Form::Refusal => lang.say("counter-remark-refusal"),
        Form::Slip => lang.say("counter-remark-slip"),
    }
}
