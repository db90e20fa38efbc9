//! `GET` and `POST /{tenant}/counter/{kind}`: taking in a dossier at the one-stop desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Channel, Held, HeldAs, Kind};
use dinh_casework::{Applicant, ApplicantKind, Filing};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::pages::account::private;
use crate::pages::cases::filing::{self, Draft, Pick};
use crate::pages::cases::parts::say;
use crate::pages::cases::{one, only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::form::{FormView, Wish};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    title: String,
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
    required: bool,
    /// Which form of paper was ticked.
    paper: String,
}

/// The empty form.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let kind = filing::open_kind(&visitor, &code)?;
    show(&visitor, &kind, Draft::of([]), None, StatusCode::OK).await
}

/// What was posted: taken in, or shown again with what is wrong.
pub(super) async fn send(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let kind = filing::open_kind(&visitor, &code)?;
    let draft = Draft::read(&visitor, &kind, request).await?;
    if draft.wish == Wish::Check {
        return taken(&visitor, &kind, draft).await;
    }
    show(&visitor, &kind, draft, None, StatusCode::OK).await
}

/// Takes in what was filled in, if nothing is wrong with it.
async fn taken(visitor: &Visitor, kind: &Arc<Kind>, draft: Draft) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(answers) = draft.answers(visitor, kind).await else {
        return show(visitor, kind, draft, None, wrong).await;
    };
    let Ok(receiving) = EntityId::parse(&draft.own("unit")) else {
        let text = visitor.lang().say("cases-file-no-unit");
        return show(visitor, kind, draft, Some(Outcome { tone: "danger", text }), wrong).await;
    };
    let filing = filing_of(kind, &draft, receiving, answers);
    let done = match visitor.app.casework.file(&visitor.session, filing).await {
        Ok(done) => done,
        Err(error) => {
            let (outcome, status) = said::told(visitor, error, Some(kind))?;
            return show(visitor, kind, draft, Some(outcome), status).await;
        }
    };
    let troubles = filing::attached(visitor, kind, &done.dossier.id, draft.files).await;
    let again = visitor.href(&format!("counter/{}", kind.code));
    filing::receipt(visitor, kind, done, troubles, Some(again))
}

fn filing_of(kind: &Kind, draft: &Draft, receiving: EntityId, answers: Map<String, Json>) -> Filing {
    let paper = |part: &dinh_cases::Part| {
        let held_as = match draft.own(&format!("paper.{}", part.code)).as_str() {
            "original" => HeldAs::Original,
            "copy" => HeldAs::Copy,
            _ => return None,
        };
        Some((part.code.clone(), Held { held_as, files: Vec::new(), reused: None }))
    };
    let papers: BTreeMap<_, _> = kind.parts.iter().filter_map(paper).collect();
    Filing {
        kind: kind.code.clone(),
        channel: Channel::Counter,
        answers,
        parts: papers,
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: draft.own("name"),
            subject: None,
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

async fn show(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    mut draft: Draft,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let form = filing::of_today(visitor, kind);
    let own = |name: &str| draft.own(name);
    let typed = Typed {
        name: own("name"),
        number: own("number"),
        telephone: own("telephone"),
        email: own("email"),
        address: own("address"),
        unit: own("unit"),
    };
    let part = |part: &dinh_cases::Part| PartField {
        name: part.code.clone(),
        title: say(&part.title, lang),
        required: part.required,
        paper: own(&format!("paper.{}", part.code)),
    };
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Work, ""),
        outcome,
        title: say(&kind.title, lang),
        takes: one::takes(kind, lang),
        once: draft.once(visitor),
        typed,
        units: filing::of_my_units(visitor, &filing::numbering(visitor).await),
        parts: kind.parts.iter().map(part).collect(),
        form: filing::drawn(visitor, form.as_deref(), &mut draft).await,
    };
    let mut response = private(rendered(visitor, "counter_intake.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
