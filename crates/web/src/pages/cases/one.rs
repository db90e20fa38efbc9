//! `GET` and `POST /{tenant}/cases/{id}`: one case with everything on it, for whoever works on it or applied.

use std::collections::{BTreeMap, BTreeSet};

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cases::{Case, Kind, Opinion, TaskState};
use dinh_casework::{Error, Shown};
use dinh_forms::{Context, NoFiles, NoUnits, SummaryGroup, Units};
use dinh_model::{EntityId, Timestamp};
use http::StatusCode;
use serde::Serialize;

use super::parts::{self, Sign, period, say};
use super::rating::{self, RatingForm};
use super::{asks, complain, counter, exemption, filing, issued, notices, portal, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::money;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// Name by which an opinion is given.
const OPINION: &str = "opinion";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    back: String,
    number: String,
    kind: String,
    told: String,
    state: Sign,
    due: Option<Sign>,
    facts: Vec<Fact>,
    summary: Vec<SummaryGroup>,
    parts: Vec<PartRow>,
    fees: Vec<Fact>,
    /// What is asked for it, with how to pay it.
    bills: Vec<money::Card>,
    /// What a card has taken off, and what one could still take off.
    proved: Vec<(String, String)>,
    exemption: Option<exemption::Offered>,
    supplement: Option<Asked>,
    tasks: Vec<TaskRow>,
    steps: Vec<StepRow>,
    version: u64,
    forms: Vec<asks::Form>,
    masked: bool,
    /// Where it is moved to another version of its kind, for whoever may.
    version_href: Option<String>,
    /// The case that it is a part of or about.
    parent: Option<(String, parts::Row)>,
    /// The cases that are parts of it or about it.
    children: Vec<parts::Row>,
    answer: Option<String>,
    rating: Option<RatingForm>,
    rated: Option<(String, Option<String>)>,
    complaints: Vec<complain::Choice>,
    /// Papers of the dossier that can be printed: address, title and address of the PDF.
    papers: Vec<(String, String, String)>,
    /// What was numbered and issued of it, for those who issue it: address, title, and where it stands.
    issued: Vec<(String, String, Sign)>,
    /// Where files are sent, while the case is open.
    attach_href: Option<String>,
    /// What another system sent of it, if it was filed there, for those who work on it.
    arrival_href: Option<String>,
    /// What of that did not come into the form.
    unread: Vec<portal::CameRow>,
    /// What the applicant could not be told, for those who work on it.
    untold: Vec<notices::Row>,
    notices_href: String,
}

/// A word and what it is.
#[derive(Serialize)]
struct Fact {
    title: String,
    text: String,
}

/// A document of the dossier.
#[derive(Serialize)]
struct PartRow {
    code: String,
    title: String,
    state: Sign,
    required: bool,
    /// Addresses of its files.
    files: Vec<String>,
}

/// What the applicant was asked.
#[derive(Serialize)]
struct Asked {
    reason: String,
    parts: Vec<String>,
    at: String,
}

/// An opinion.
#[derive(Serialize)]
struct TaskRow {
    number: u32,
    unit: String,
    question: String,
    state: Sign,
    opinion: Option<String>,
    mine: bool,
}

/// A step that was taken.
#[derive(Serialize)]
struct StepRow {
    title: String,
    at: String,
    by: String,
    late: bool,
    notes: Vec<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    show(&visitor, &parsed(&visitor, &id)?, None, StatusCode::OK).await
}

/// Takes an action.
pub(super) async fn act(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = parsed(&visitor, &id)?;
    let (casework, session) = (&visitor.app.casework, &visitor.session);
    let shown = casework.show(session, &id).await.map_err(|error| said::fault(&visitor, error))?;
    let kind = casework.kind_of(&shown.dossier).map_err(|error| said::fault(&visitor, error))?.clone();
    let wanted = asks::value(&pairs, "do").unwrap_or_default();
    let version = asks::value(&pairs, "version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let done = if wanted == OPINION {
        let opinion = Opinion {
            task: asks::value(&pairs, "task").and_then(|text| text.parse().ok()).unwrap_or_default(),
            text: asks::value(&pairs, "opinion").unwrap_or_default(),
            agrees: asks::value(&pairs, "agrees") == Some("yes"),
        };
        casework.opine(session, (&id, version), &opinion).await
    } else {
        let asked = kind.action(wanted).map(|action| asks::read(&pairs, action)).unwrap_or_default();
        casework.act(session, (&id, version), wanted, asked, BTreeMap::new()).await
    };
    match done {
        Ok(_) => {
            let said = kind.action(wanted).map(|action| say(&action.done, visitor.lang()));
            let text = said.unwrap_or_else(|| visitor.lang().say("cases-step-opinion"));
            show(&visitor, &id, Some(Outcome { tone: "ok", text }), StatusCode::OK).await
        }
        Err(Error::Refused(dinh_cases::Refused::StepUp(_))) => Ok(to_account(&visitor)),
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error, Some(&kind))?;
            show(&visitor, &id, Some(outcome), status).await
        }
    }
}

pub(super) fn parsed(visitor: &Visitor, id: &str) -> Result<EntityId, Fault> {
    EntityId::parse(id).map_err(|_unreadable| Fault::not_found(visitor.taste))
}

/// Where the second factor is shown, and the way back.
fn to_account(visitor: &Visitor) -> Response {
    let next = encode(visitor.uri.path());
    private(Redirect::to(&format!("{}?next={next}", visitor.href("account"))).into_response())
}

pub(super) async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let shown = casework.show(&visitor.session, id).await.map_err(|error| said::fault(visitor, error))?;
    let dossier = &shown.dossier;
    let kind = casework.kind_of(dossier).map_err(|error| said::fault(visitor, error))?;
    let row = parts::row(visitor, dossier);
    let state = kind.state(&dossier.state);
    let (back, back_href) = if shown.own {
        (lang.say("cases-mine"), visitor.href("my-cases"))
    } else {
        (lang.say("cases-work"), visitor.href("work"))
    };
    let case = dossier.case.as_ref();
    let base = parts::href(visitor, &dossier.id);
    let (synced, arrival_href, unread) = portal::of_case(visitor, &dossier.id, shown.own).await;
    let values = Values {
        page: frame(visitor, format!("{} · {}", row.number, row.kind), Here::Elsewhere, ""),
        outcome,
        back_href,
        back,
        number: row.number,
        kind: row.kind,
        told: state.map(|state| say(&state.told, lang)).unwrap_or_default(),
        state: row.state,
        due: row.due,
        facts: facts(visitor, &shown).await.into_iter().chain(synced.map(fact)).collect(),
        arrival_href,
        unread,
        summary: match case {
            Some(case) => answers(visitor, kind, case).await,
            None => Vec::new(),
        },
        parts: case.map(|case| part_rows(kind, case, &base, lang)).unwrap_or_default(),
        fees: case.map(|case| fees(kind, case, lang)).unwrap_or_default(),
        bills: money::cards(visitor, &dossier.id).await,
        proved: case.map(|case| exemption::proved(visitor, kind, case)).unwrap_or_default(),
        exemption: exemption::offered(visitor, &dossier.id, &base).await,
        supplement: case.and_then(|case| supplement(kind, case, lang)),
        tasks: tasks(visitor, &shown).await,
        steps: steps(visitor, kind, &shown).await,
        version: dossier.version,
        forms: asks::forms(visitor, kind, &shown.actions, &dossier.handling).await,
        masked: case.is_none(),
        version_href: versions(visitor, &shown).await.then(|| format!("{base}/version")),
        parent: shown.parent.as_ref().map(|parent| above(visitor, kind, parent)),
        children: shown.children.iter().map(|child| parts::row(visitor, child)).collect(),
        answer: shown.answer.clone(),
        rating: RatingForm::of(visitor, &shown),
        rated: rating::said_of(dossier, lang),
        complaints: if shown.own && !kind.about_case {
            complain::choices(visitor, &base)
        } else {
            Vec::new()
        },
        papers: counter::papers(visitor, &shown),
        issued: issued::of_case(visitor, dossier).await,
        attach_href: case.filter(|case| case.ended.is_none()).map(|_| format!("{base}/files")),
        untold: notices::of_case(visitor, &dossier.id, shown.own).await,
        notices_href: visitor.href("notices"),
    };
    let mut response = private(rendered(visitor, "case.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

/// Whether there is another version of its kind to which whoever looks may move a case.
async fn versions(visitor: &Visitor, shown: &Shown) -> bool {
    let (casework, dossier) = (&visitor.app.casework, &shown.dossier);
    if casework.book().versions(&dossier.kind).count() < 2 {
        return false;
    }
    casework.adoptable(&visitor.session, &dossier.id).await.is_ok_and(|versions| !versions.is_empty())
}

/// The case that a case is a part of, or about: which of the two, and the case.
fn above(visitor: &Visitor, kind: &Kind, parent: &dinh_casework::Dossier) -> (String, parts::Row) {
    let lang = visitor.lang();
    let how = if kind.about_case { lang.say("citizen-about-parent") } else { lang.say("citizen-parent") };
    (how, parts::row(visitor, parent))
}

async fn facts(visitor: &Visitor, shown: &Shown) -> Vec<Fact> {
    let (lang, dossier) = (visitor.lang(), &shown.dossier);
    let mut facts = Vec::new();
    let mut add = |title: String, text: String| facts.push(Fact { title, text });
    add(lang.say("cases-applicant"), dossier.applicant_name.clone());
    if let Some(applicant) = &dossier.applicant {
        for (title, text) in [
            (lang.say("cases-applicant-number"), &applicant.number),
            (lang.say("cases-telephone"), &applicant.telephone),
            (lang.say("cases-email"), &applicant.email),
            (lang.say("cases-address"), &applicant.address),
            (lang.say("counter-paper-by"), &applicant.by),
        ] {
            if let Some(text) = text {
                add(title, text.clone());
            }
        }
    }
    add(lang.say("cases-channel"), channel(dossier.channel, lang));
    add(lang.say("cases-opened"), look::date_time(dossier.opened, lang));
    if let Some(sent) = dossier.case.as_ref().and_then(|case| case.sent) {
        add(lang.say("counter-sent"), look::date_time(Timestamp::from(sent), lang));
    }
    if let Some(at) = dossier.received {
        add(lang.say("cases-received"), look::date_time(at, lang));
    }
    if let Some(at) = dossier.due {
        add(lang.say("cases-due-at"), look::date_time(at, lang));
    }
    if let Some((at, _)) = dossier.ended {
        add(lang.say("cases-ended"), look::date_time(at, lang));
    }
    add(lang.say("cases-receiving"), parts::unit(visitor, dossier.receiving.as_str()).await);
    if dossier.handling != dossier.receiving {
        add(lang.say("cases-handling"), parts::unit(visitor, dossier.handling.as_str()).await);
    }
    if dossier.competent != dossier.receiving {
        add(lang.say("cases-competent"), parts::unit(visitor, dossier.competent.as_str()).await);
    }
    facts
}

fn fact((title, text): (String, String)) -> Fact {
    Fact { title, text }
}

pub(super) fn channel(channel: dinh_cases::Channel, lang: Lang) -> String {
    use dinh_cases::Channel;
    match channel {
        Channel::Online => lang.say("cases-channel-online"),
        Channel::Counter => lang.say("cases-channel-counter"),
        Channel::Post => lang.say("cases-channel-post"),
        Channel::Assisted => lang.say("cases-channel-assisted"),
        Channel::Offline => lang.say("cases-channel-offline"),
        Channel::Case => lang.say("cases-channel-case"),
    }
}

/// What was answered, as the form that was open then says it.
async fn answers(visitor: &Visitor, kind: &Kind, case: &Case) -> Vec<SummaryGroup> {
    let opened = dinh_calendar::official_day(case.opened);
    let Some(form) = filing::on(visitor, kind, opened) else { return Vec::new() };
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let context = Context { today: opened, units, files: &NoFiles };
    form.summary(&case.answers, visitor.lang().tag(), &context)
}

fn part_rows(kind: &Kind, case: &Case, base: &str, lang: Lang) -> Vec<PartRow> {
    use dinh_cases::HeldAs;
    let parts = kind.parts.iter().filter(|part| part.is_of(case.variant.as_deref()));
    let sign = |part: &dinh_cases::Part| match case.parts.get(&part.code).filter(|held| held.is_there()) {
        None => Sign { tone: "off", icon: "silent", word: lang.say("cases-part-none") },
        Some(held) => {
            let word = match held.held_as {
                HeldAs::Original => lang.say("cases-part-original"),
                HeldAs::Copy => lang.say("cases-part-copy"),
                HeldAs::Electronic => lang.say("cases-part-electronic"),
                HeldAs::Reused => lang.say("cases-part-reused"),
            };
            Sign { tone: "ok", icon: "ok", word }
        }
    };
    let files = |part: &dinh_cases::Part| {
        let held = case.parts.get(&part.code).into_iter().flat_map(|held| &held.files);
        held.map(|file| format!("{base}/files/{}", encode(file))).collect()
    };
    let row = |part: &dinh_cases::Part| PartRow {
        code: part.code.clone(),
        title: say(&part.title, lang),
        state: sign(part),
        required: part.required,
        files: files(part),
    };
    parts.map(row).collect()
}

fn fees(kind: &Kind, case: &Case, lang: Lang) -> Vec<Fact> {
    let money = |amount: u64| {
        let amount = f64::from(u32::try_from(amount).unwrap_or(u32::MAX));
        lang.say_with("cases-dong", &args([("amount", look::number(amount, Some(0), lang))]))
    };
    let charges = kind.charges_of(case).unwrap_or_default().into_iter().filter(|charge| charge.amount > 0);
    let title = |code: &str| kind.fees.iter().find(|fee| fee.code == code).map(|fee| say(&fee.title, lang));
    charges.filter_map(|one| Some(Fact { title: title(&one.fee)?, text: money(one.amount) })).collect()
}

fn supplement(kind: &Kind, case: &Case, lang: Lang) -> Option<Asked> {
    let open = case.open_supplement()?;
    let title = |code: &String| kind.part(code).map_or_else(|| code.clone(), |part| say(&part.title, lang));
    Some(Asked {
        reason: open.reason.clone(),
        parts: open.parts.iter().map(title).collect(),
        at: look::date_time(Timestamp::from(open.asked), lang),
    })
}

async fn tasks(visitor: &Visitor, shown: &Shown) -> Vec<TaskRow> {
    let lang = visitor.lang();
    let units = match visitor.session.principal() {
        dinh_access::Principal::Account(account) => account.units.clone(),
        _ => BTreeSet::default(),
    };
    let mut rows = Vec::new();
    let tasks = shown.dossier.case.iter().flat_map(|case| &case.tasks);
    for task in tasks {
        let (tone, icon, word) = match task.state {
            TaskState::Asked => {
                let due = look::date_time(Timestamp::from(task.due), lang);
                ("watch", "clock", lang.say_with("cases-task-asked", &args([("due", due)])))
            }
            TaskState::Given if task.agrees == Some(true) => ("ok", "ok", lang.say("cases-task-agrees")),
            TaskState::Given => ("warn", "warn", lang.say("cases-task-disagrees")),
            TaskState::TakenBack => ("off", "silent", lang.say("cases-task-over")),
        };
        rows.push(TaskRow {
            number: task.number,
            unit: parts::unit(visitor, &task.unit).await,
            question: task.question.clone(),
            state: Sign { tone, icon, word },
            opinion: task.opinion.clone(),
            mine: task.state == TaskState::Asked && units.contains(task.unit.as_str()),
        });
    }
    rows
}

async fn steps(visitor: &Visitor, kind: &Kind, shown: &Shown) -> Vec<StepRow> {
    let lang = visitor.lang();
    let mut rows = Vec::new();
    for step in shown.dossier.case.iter().flat_map(|case| &case.steps).rev() {
        let role = kind.role(&step.role).map(|role| say(&role.title, lang));
        let unit = match &step.unit {
            Some(unit) => Some(parts::unit(visitor, unit).await),
            None => None,
        };
        let by = [role, unit].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let notes = step.asked.values().filter_map(|answer| answer.text());
        rows.push(StepRow {
            title: parts::step(kind, &step.action, lang),
            at: look::date_time(Timestamp::from(step.at), lang),
            by,
            late: step.late,
            notes: notes.filter(|text| !text.starts_with("urn:")).map(str::to_owned).collect(),
        });
    }
    rows
}

/// The time that a kind takes, in words: what is promised, and what the law gives.
pub(super) fn takes(kind: &Kind, lang: Lang) -> String {
    let law = period(kind.timing.statutory, lang);
    match &kind.timing.promised {
        Some(promised) => {
            let values = args([("promised", period(*promised, lang)), ("law", law)]);
            lang.say_with("cases-takes-promised", &values)
        }
        None => law,
    }
}
