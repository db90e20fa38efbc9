//! `GET` and `POST /{tenant}/file/{kind}`: filing a dossier, by its applicant at home or by an official at the counter.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Channel, Held, HeldAs, Kind};
use dinh_casework::{Applicant, ApplicantKind, Filing, HeldDocument};
use dinh_context::fields::{Names, Reading};
use dinh_forms::{Context, Filled, Form, Marks, NoUnits, Units, pruned};
use dinh_model::EntityId;
use dinh_model::admin::Level;
use dinh_ngsild::query::EntityQuery;
use http::StatusCode;
use jiff::civil::Date;
use serde::Serialize;

use super::parts::{self, say};
use super::{asks, one, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::entity::entity_name;
use crate::pages::fault::Fault;
use crate::pages::form::{
    FormView, Posted, PostedFile, Sheet, Tried, Wish, add_row, faults as form_faults, without_files,
};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::privacy;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Beginning of the names of the fields that are this page's own.
const OWN: &str = "filing.";
/// Most units offered.
const MOST_UNITS: usize = 1_000;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    title: String,
    summary: Option<String>,
    takes: String,
    counter: bool,
    once: String,
    typed: Typed,
    units: Vec<Pick>,
    parts: Vec<PartField>,
    form: Option<FormView>,
}

/// Who applies, as it was typed.
#[derive(Default, Serialize)]
struct Typed {
    name: String,
    number: String,
    telephone: String,
    email: String,
    address: String,
    unit: String,
}

#[derive(Serialize)]
struct Pick {
    value: String,
    title: String,
}

#[derive(Serialize)]
struct PartField {
    name: String,
    title: String,
    hint: Option<String>,
    required: bool,
    /// Which form of paper was ticked at the counter.
    paper: String,
    /// The document of the locker that serves for it: its identifier and words, if there is one.
    held: Option<(String, String)>,
}

#[derive(Serialize)]
struct Receipt {
    page: view::Frame,
    title: String,
    number: Option<String>,
    secret: Option<String>,
    due: Option<String>,
    told: String,
    case_href: String,
    follow_href: String,
    again_href: Option<String>,
    troubles: Vec<String>,
}

/// What was filled in so far.
struct Draft {
    filled: Filled,
    wish: Wish,
    tried: Tried,
    own: Vec<(String, String)>,
    files: Vec<PostedFile>,
}

impl Draft {
    fn empty(visitor: &Visitor) -> Self {
        let name = visitor.guest.present.as_ref().filter(|_| !super::works(visitor));
        let name = name.map(|present| present.account().name.clone());
        Self {
            filled: Filled::default(),
            wish: Wish::Refresh,
            tried: Tried::default(),
            own: name.map(|name| (format!("{OWN}name"), name)).into_iter().collect(),
            files: Vec::new(),
        }
    }

    fn own(&self, name: &str) -> String {
        let value = asks::value(&self.own, &format!("{OWN}{name}"));
        value.map(str::trim).unwrap_or_default().to_owned()
    }

    fn maybe(&self, name: &str) -> Option<String> {
        Some(self.own(name)).filter(|text| !text.is_empty())
    }
}

/// The empty form.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let kind = open_kind(&visitor, &code)?;
    let draft = Draft::empty(&visitor);
    show(&visitor, &kind, draft, None, StatusCode::OK).await
}

/// What was posted: filed, or shown again with what is wrong.
pub(super) async fn send(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let kind = open_kind(&visitor, &code)?;
    let bad = |says: String| Fault::bad_request(visitor.taste, says);
    let posted = Posted::read(request).await.map_err(|unreadable| bad(unreadable.0))?;
    let (own, mut pairs): (Vec<_>, Vec<_>) =
        posted.pairs.into_iter().partition(|(name, _)| name.starts_with(OWN));
    let (files, of_form): (Vec<_>, Vec<_>) =
        posted.files.into_iter().partition(|file| file.field.starts_with(OWN));
    let form = form_of(&visitor, &kind);
    let mut tried = Tried::default();
    tried.take(&of_form, &mut pairs);
    let mut filled = Filled::default();
    if let Some(form) = &form {
        let read = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        filled = read.map_err(|unreadable| bad(unreadable.to_string()))?;
        if let Wish::Add(table) = &posted.wish {
            add_row(form, &mut filled, table);
        }
    }
    let files = files.into_iter().chain(of_form).collect();
    let draft = Draft { filled, wish: posted.wish, tried, own, files };
    if draft.wish == Wish::Check {
        return filed(&visitor, &kind, form.as_deref(), draft).await;
    }
    show(&visitor, &kind, draft, None, StatusCode::OK).await
}

fn open_kind(visitor: &Visitor, code: &str) -> Result<Arc<Kind>, Fault> {
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let kind = visitor.app.casework.book().on(code, today);
    kind.cloned().ok_or_else(|| Fault::not_found(visitor.taste))
}

fn form_of(visitor: &Visitor, kind: &Kind) -> Option<Arc<Form>> {
    form_on(visitor, kind, visitor.app.privacy.today())
}

/// The form of a kind, as it was on a day.
pub(super) fn form_on(visitor: &Visitor, kind: &Kind, day: Date) -> Option<Arc<Form>> {
    let (name, packs) = (kind.form.as_deref()?, &visitor.province.packs);
    packs.iter().find_map(|pack| visitor.app.display().forms.on(pack, name, day).cloned())
}

/// Files what was filled in, if nothing is wrong with it.
async fn filed(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    form: Option<&Form>,
    draft: Draft,
) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let today = visitor.app.privacy.today();
    let context = Context { today, units, files: &draft.tried };
    let mut answers = serde_json::Map::new();
    if let Some(form) = form {
        if form_faults(form, &draft.filled, &context).iter().any(|fault| !fault.soft) {
            return show(visitor, kind, draft, None, wrong).await;
        }
        let mut filled = draft.filled.clone();
        without_files(form, &mut filled);
        answers = pruned(&form.settle(&filled.answers, today).answers).into_iter().collect();
    }
    let Ok(receiving) = EntityId::parse(&draft.own("unit")) else {
        let text = visitor.lang().say("cases-file-no-unit");
        return show(visitor, kind, draft, Some(Outcome { tone: "danger", text }), wrong).await;
    };
    let filing = filing(visitor, kind, &draft, receiving, answers);
    let done = match visitor.app.casework.file(&visitor.session, filing).await {
        Ok(done) => done,
        Err(error) => {
            let (outcome, status) = said::told(visitor, error, Some(kind))?;
            return show(visitor, kind, draft, Some(outcome), status).await;
        }
    };
    let troubles = attached(visitor, kind, &done.dossier.id, draft.files).await;
    let state = kind.state(&done.dossier.state);
    let again = super::works(visitor).then(|| visitor.href(&format!("file/{}", kind.code)));
    let values = Receipt {
        page: frame(visitor, visitor.lang().say("cases-filed"), Here::Elsewhere, ""),
        title: say(&kind.title, visitor.lang()),
        number: done.dossier.number.clone(),
        secret: done.secret,
        due: done.dossier.due.map(|due| look::date_time(due, visitor.lang())),
        told: state.map(|state| say(&state.told, visitor.lang())).unwrap_or_default(),
        case_href: parts::href(visitor, &done.dossier.id),
        follow_href: visitor.href("follow"),
        again_href: again,
        troubles,
    };
    Ok(private(rendered(visitor, "case_filed.html", values)?.into_response()))
}

fn filing(
    visitor: &Visitor,
    kind: &Kind,
    draft: &Draft,
    receiving: EntityId,
    answers: serde_json::Map<String, serde_json::Value>,
) -> Filing {
    let counter = super::works(visitor);
    let subject = match visitor.session.principal() {
        dinh_access::Principal::Account(account) if !counter => account.subjects.first().cloned(),
        _ => None,
    };
    let paper = |part: &dinh_cases::Part| {
        let held_as = match draft.own(&format!("paper.{}", part.code)).as_str() {
            "original" => HeldAs::Original,
            "copy" => HeldAs::Copy,
            _ => return None,
        };
        Some((part.code.clone(), Held { held_as, files: Vec::new(), reused: None }))
    };
    let reused = |part: &dinh_cases::Part| {
        let reused = draft.maybe(&format!("reuse.{}", part.code))?;
        Some((part.code.clone(), Held { held_as: HeldAs::Reused, files: Vec::new(), reused: Some(reused) }))
    };
    let papers: BTreeMap<_, _> =
        kind.parts.iter().filter_map(|part| if counter { paper(part) } else { reused(part) }).collect();
    Filing {
        kind: kind.code.clone(),
        channel: if counter { Channel::Counter } else { Channel::Online },
        answers,
        parts: papers,
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: draft.own("name"),
            subject: subject.and_then(|subject| EntityId::parse(&subject).ok()),
            number: draft.maybe("number"),
            telephone: draft.maybe("telephone"),
            email: draft.maybe("email"),
            address: draft.maybe("address"),
            by: None,
        },
        receiving,
        competent: None,
        parent: None,
        once: draft.maybe("once"),
    }
}

/// Attaches the files of the form to the parts that their fields name, and says which were not taken, and why.
async fn attached(visitor: &Visitor, kind: &Kind, id: &EntityId, files: Vec<PostedFile>) -> Vec<String> {
    let mut troubles = Vec::new();
    for file in files {
        let part = file.field.strip_prefix(&format!("{OWN}part.")).unwrap_or(&file.field).to_owned();
        let name = file.fact.name.clone();
        if kind.part(&part).is_none() {
            continue;
        }
        let named = (file.fact.name, file.fact.media_type);
        let trouble = match privacy::looked_at(visitor, named, file.content).await {
            Ok(checked) => {
                let (name, media) = (checked.name().to_owned(), checked.kind().media_type());
                let casework = &visitor.app.casework;
                let kept =
                    casework.attach(&visitor.session, id, &part, (&name, media), checked.into_bytes()).await;
                kept.err().map(|error| said::words(&error, Some(kind), visitor.lang()))
            }
            Err(text) => Some(text),
        };
        troubles.extend(trouble.map(|why| format!("{name}: {why}")));
    }
    troubles
}

async fn show(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    mut draft: Draft,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let today = visitor.app.privacy.today();
    let context = Context { today, units, files: &draft.tried };
    let home = register
        .as_deref()
        .and_then(|register| register.at(Level::Province, &visitor.province.province_code, today))
        .map(|unit| unit.id.as_str());
    let form = form_of(visitor, kind).map(|form| {
        let checks = draft.wish == Wish::Check;
        let faults = if checks { form_faults(&form, &draft.filled, &context) } else { Vec::new() };
        // Files do not come back from a browser: they must be chosen again.
        without_files(&form, &mut draft.filled);
        let sheet = Sheet {
            form: &form,
            filled: &draft.filled,
            faults: &faults,
            marks: &Marks::new(),
            context: &context,
            home,
            lang,
        };
        (sheet.draw(), file_fields(&form))
    });
    let (form, in_form) = form.map_or((None, Vec::new()), |(view, fields)| (Some(view), fields));
    let counter = super::works(visitor);
    let own = |name: &str| draft.own(name);
    let once = draft.maybe("once").unwrap_or_else(|| visitor.app.ids.uuid().simple().to_string());
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Elsewhere, ""),
        outcome,
        title: say(&kind.title, lang),
        summary: kind.summary.as_ref().map(|summary| say(summary, lang)),
        takes: one::takes(kind, lang),
        counter,
        once,
        typed: Typed {
            name: own("name"),
            number: own("number"),
            telephone: own("telephone"),
            email: own("email"),
            address: own("address"),
            unit: own("unit"),
        },
        units: receiving_units(visitor).await,
        parts: part_fields(visitor, kind, &draft, &in_form).await,
        form,
    };
    let mut response = private(rendered(visitor, "case_file.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

/// The documents that are handed in beside the form: at a counter all of them, on paper; at home those that the form does
/// not ask for, and those that the locker has already.
async fn part_fields(visitor: &Visitor, kind: &Kind, draft: &Draft, in_form: &[String]) -> Vec<PartField> {
    let (lang, counter) = (visitor.lang(), super::works(visitor));
    let held =
        if counter { Ok(Vec::new()) } else { visitor.app.casework.own_documents(&visitor.session).await };
    let held = held.unwrap_or_default();
    let mut fields = Vec::new();
    for part in &kind.parts {
        let serves = |one: &&HeldDocument| one.is_valid && part.served_by.contains(&one.kind);
        let serving = held.iter().find(serves).map(|found| {
            let title = args([("title", say(&found.title, lang))]);
            (found.id.to_string(), lang.say_with("cases-reuse", &title))
        });
        if !counter && in_form.contains(&part.code) && serving.is_none() {
            continue;
        }
        fields.push(PartField {
            held: serving,
            name: part.code.clone(),
            title: say(&part.title, lang),
            hint: part.hint.as_ref().map(|hint| say(hint, lang)),
            required: part.required,
            paper: draft.own(&format!("paper.{}", part.code)),
        });
    }
    fields
}

/// The fields of a form that take files, by their names.
fn file_fields(form: &Form) -> Vec<String> {
    let takes_files = |field: &&dinh_forms::Field| matches!(field.kind, dinh_forms::Kind::Files(_));
    form.fields.iter().filter(takes_files).map(|field| field.name.clone()).collect()
}

/// Units that may receive dossiers: those with an electronic identifier to number by. An official sees their own.
async fn receiving_units(visitor: &Visitor) -> Vec<Pick> {
    let names = Names::default();
    let query = EntityQuery { limit: MOST_UNITS, ..EntityQuery::of_type(names.of("Unit")) };
    let Ok(page) = visitor.session.query(query).await else { return Vec::new() };
    let own = match visitor.session.principal() {
        dinh_access::Principal::Account(account) if super::works(visitor) => Some(account.units.clone()),
        _ => None,
    };
    let mut units = Vec::new();
    for stored in &page.entities {
        let id = stored.entity.id.as_str();
        let numbers = Reading { names: &names, entity: &stored.entity }.text("code").is_some();
        if numbers && own.as_ref().is_none_or(|own| own.contains(id)) {
            units.push(Pick { value: id.to_owned(), title: entity_name(visitor, &stored.entity) });
        }
    }
    units.sort_by_key(|unit| dinh_model::fold::fold(&unit.title));
    units
}
