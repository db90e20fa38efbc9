//! `GET` and `POST /{tenant}/file/{kind}`: filing a dossier, by its applicant. An official with a personal matter files here
//! too, as themselves; what a one-stop desk takes in is [`super::counter`].

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_access::Principal;
use dinh_cases::{Channel, Held, HeldAs, Kind};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Filing, HeldDocument};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::filing::{self, Draft, Pick};
use super::parts::say;
use super::{one, said};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::{FormView, Wish};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    title: String,
    summary: Option<String>,
    takes: String,
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
struct PartField {
    name: String,
    title: String,
    hint: Option<String>,
    required: bool,
    /// The document of the locker that serves for it: its identifier and words, if there is one.
    held: Option<(String, String)>,
}

/// The empty form.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let kind = filing::open_kind(&visitor, &code)?;
    let name = visitor.guest.present.as_ref().map(|present| ("name", present.account().name.clone()));
    show(&visitor, &kind, Draft::of(name), None, StatusCode::OK).await
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
    let kind = filing::open_kind(&visitor, &code)?;
    let draft = Draft::read(&visitor, &kind, request).await?;
    if draft.wish == Wish::Check {
        return filed(&visitor, &kind, draft).await;
    }
    show(&visitor, &kind, draft, None, StatusCode::OK).await
}

/// Files what was filled in, if nothing is wrong with it.
async fn filed(visitor: &Visitor, kind: &Arc<Kind>, draft: Draft) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(answers) = draft.answers(visitor, kind).await else {
        return show(visitor, kind, draft, None, wrong).await;
    };
    let Ok(receiving) = EntityId::parse(&draft.own("unit")) else {
        let text = visitor.lang().say("cases-file-no-unit");
        return show(visitor, kind, draft, Some(Outcome { tone: "danger", text }), wrong).await;
    };
    let filing = filing_of(visitor, kind, &draft, receiving, answers);
    let done = match visitor.app.casework.file(&visitor.session, filing).await {
        Ok(done) => done,
        Err(error) => {
            let (outcome, status) = said::told(visitor, error, Some(kind))?;
            return show(visitor, kind, draft, Some(outcome), status).await;
        }
    };
    let troubles = filing::attached(visitor, kind, &done.dossier.id, draft.files).await;
    filing::receipt(visitor, kind, done, troubles)
}

fn filing_of(
    visitor: &Visitor,
    kind: &Kind,
    draft: &Draft,
    receiving: EntityId,
    answers: Map<String, Json>,
) -> Filing {
    let subject = match visitor.session.principal() {
        Principal::Account(account) => account.subjects.first().cloned(),
        _ => None,
    };
    let reused = |part: &dinh_cases::Part| {
        let reused = draft.maybe(&format!("reuse.{}", part.code))?;
        Some((part.code.clone(), Held { held_as: HeldAs::Reused, files: Vec::new(), reused: Some(reused) }))
    };
    let papers: BTreeMap<_, _> = kind.parts.iter().filter_map(reused).collect();
    Filing {
        kind: kind.code.clone(),
        channel: Channel::Online,
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
            by_number: None,
        },
        receiving,
        competent: None,
        at_desk: AtDesk::default(),
        parent: None,
        once: draft.maybe("once"),
    }
}

async fn show(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    mut draft: Draft,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let form = filing::of_today(visitor, kind);
    let in_form = form.as_deref().map(filing::file_fields).unwrap_or_default();
    let own = |name: &str| draft.own(name);
    let typed = Typed {
        name: own("name"),
        number: own("number"),
        telephone: own("telephone"),
        email: own("email"),
        address: own("address"),
        unit: own("unit"),
    };
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Elsewhere, ""),
        outcome,
        title: say(&kind.title, lang),
        summary: kind.summary.as_ref().map(|summary| say(summary, lang)),
        takes: one::takes(kind, lang),
        once: draft.once(visitor),
        typed,
        units: filing::numbering(visitor).await,
        parts: part_fields(visitor, kind, &in_form).await,
        form: filing::drawn(visitor, form.as_deref(), &mut draft).await,
    };
    let mut response = private(rendered(visitor, "case_file.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

/// The documents that are handed in beside the form: those that the form does not ask for, and those that the locker has
/// already.
async fn part_fields(visitor: &Visitor, kind: &Kind, in_form: &[String]) -> Vec<PartField> {
    let lang = visitor.lang();
    let held = visitor.app.casework.own_documents(&visitor.session).await.unwrap_or_default();
    let mut fields = Vec::new();
    for part in &kind.parts {
        let serves = |one: &&HeldDocument| one.is_valid && part.served_by.contains(&one.kind);
        let serving = held.iter().find(serves).map(|found| {
            let title = args([("title", say(&found.title, lang))]);
            (found.id.to_string(), lang.say_with("cases-reuse", &title))
        });
        if in_form.contains(&part.code) && serving.is_none() {
            continue;
        }
        fields.push(PartField {
            held: serving,
            name: part.code.clone(),
            title: say(&part.title, lang),
            hint: part.hint.as_ref().map(|hint| say(hint, lang)),
            required: part.required,
        });
    }
    fields
}
