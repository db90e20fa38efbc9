//! `GET` and `POST /{tenant}/file/{kind}`: filing a dossier, by its applicant. An official with a personal matter files here
//! too, as themselves; what a one-stop desk takes in is [`super::counter`]. What is known already is filled in and marked, and
//! what was filled in is kept as a draft when it is asked for, and before a filing that is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Channel, Held, HeldAs, Kind};
use dinh_casework::{AtDesk, Filing, HeldDocument};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::applicant::{self, Block, Who};
use super::filing::{self, Draft, Pick};
use super::parts::say;
use super::{drafts, one, said};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::form::{FormView, Wish};
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    title: String,
    summary: Option<String>,
    takes: String,
    once: String,
    who: Block,
    unit: String,
    units: Vec<Pick>,
    parts: Vec<PartField>,
    form: Option<FormView>,
    draft_hint: String,
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

/// What a page is shown with.
struct Shown {
    outcome: Option<Outcome>,
    status: StatusCode,
    /// Whether what is known is to be filled in, and for whom it was before.
    anew: (bool, Option<String>),
}

impl Shown {
    fn again(outcome: Option<Outcome>, status: StatusCode) -> Self {
        Self { outcome, status, anew: (false, None) }
    }
}

/// The form with what is known already, or with a draft.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let kind = filing::open_kind(&visitor, &code)?;
    let asked = Asked::of(&visitor.uri);
    if let Some(id) = asked.get("draft") {
        let draft = drafts::resumed(&visitor, &kind, id).await?;
        return show(&visitor, &kind, draft, Shown::again(None, StatusCode::OK)).await;
    }
    let anew = Shown { outcome: None, status: StatusCode::OK, anew: (true, None) };
    show(&visitor, &kind, Draft::of([]), anew).await
}

/// What was posted: filed, kept, or shown again with what is wrong.
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
    match draft.wish {
        Wish::Check => filed(&visitor, &kind, draft).await,
        Wish::Keep => {
            let (outcome, status) = drafts::keep(&visitor, &kind, &draft).await;
            show(&visitor, &kind, draft, Shown::again(Some(outcome), status)).await
        }
        _ => {
            let was = draft.maybe("for-was").filter(|was| draft.maybe("for").as_ref() != Some(was));
            let anew = (was.is_some(), was);
            let shown = Shown { outcome: None, status: StatusCode::OK, anew };
            show(&visitor, &kind, draft, shown).await
        }
    }
}

/// Files what was filled in, if nothing is wrong with it. What is wrong is kept as a draft, so that nothing is lost.
async fn filed(visitor: &Visitor, kind: &Arc<Kind>, draft: Draft) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(answers) = draft.answers(visitor, kind).await else {
        let (kept, _) = drafts::keep(visitor, kind, &draft).await;
        return show(visitor, kind, draft, Shown::again(Some(kept), wrong)).await;
    };
    let Ok(receiving) = EntityId::parse(&draft.own("unit")) else {
        drafts::keep(visitor, kind, &draft).await;
        let text = visitor.lang().say("cases-file-no-unit");
        let shown = Shown::again(Some(Outcome { tone: "danger", text }), wrong);
        return show(visitor, kind, draft, shown).await;
    };
    let filing = filing_of(visitor, kind, &draft, receiving, answers).await;
    let done = match visitor.app.casework.file(&visitor.session, filing).await {
        Ok(done) => done,
        Err(error) => {
            drafts::keep(visitor, kind, &draft).await;
            let (outcome, status) = said::told(visitor, error, Some(kind))?;
            return show(visitor, kind, draft, Shown::again(Some(outcome), status)).await;
        }
    };
    let troubles = filing::attached(visitor, kind, &done.dossier.id, draft.files).await;
    filing::receipt(visitor, kind, done, troubles).await
}

async fn filing_of(
    visitor: &Visitor,
    kind: &Kind,
    draft: &Draft,
    receiving: EntityId,
    answers: Map<String, Json>,
) -> Filing {
    let reused = |part: &dinh_cases::Part| {
        let reused = draft.maybe(&format!("reuse.{}", part.code))?;
        Some((part.code.clone(), Held { held_as: HeldAs::Reused, files: Vec::new(), reused: Some(reused) }))
    };
    let papers: BTreeMap<_, _> = kind.parts.iter().filter_map(reused).collect();
    let told = draft.applicant(visitor, kind, &answers).await;
    Filing {
        kind: kind.code.clone(),
        channel: Channel::Online,
        answers,
        parts: papers,
        applicant: applicant::of(visitor, draft, told).await,
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
    shown: Shown,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let form = filing::of_today(visitor, kind);
    let in_form = form.as_deref().map(filing::file_fields).unwrap_or_default();
    let who = Who::of(visitor, &mut draft).await;
    let (anew, was) = &shown.anew;
    let known = filing::fill(visitor, kind, &mut draft, (*anew, was.as_deref())).await;
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Elsewhere, ""),
        outcome: shown.outcome,
        title: say(&kind.title, lang),
        summary: kind.summary.as_ref().map(|summary| say(summary, lang)),
        takes: one::takes(kind, lang),
        once: draft.once(visitor),
        who: applicant::block(visitor, form.as_deref(), who, (&draft, *anew), &known),
        unit: draft.own("unit"),
        units: filing::numbering(visitor).await,
        parts: part_fields(visitor, kind, &in_form).await,
        form: filing::drawn(visitor, form.as_deref(), &mut draft).await,
        draft_hint: drafts::hint(lang),
    };
    let mut response = private(rendered(visitor, "case_file.html", values)?.into_response());
    *response.status_mut() = shown.status;
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
            hint: hint(kind, part, lang),
            required: part.required && part.variants.is_empty(),
        });
    }
    fields
}

/// What is said of a part: in which variants it plays a part, if not in all, and its own words.
fn hint(kind: &Kind, part: &dinh_cases::Part, lang: Lang) -> Option<String> {
    let titles = part.variants.iter().filter_map(|code| kind.variant(code));
    let titles: Vec<String> = titles.map(|variant| say(&variant.title, lang)).collect();
    let variants = args([("titles", titles.join(", "))]);
    let only = (!titles.is_empty()).then(|| lang.say_with("citizen-part-variants", &variants));
    let own = part.hint.as_ref().map(|hint| say(hint, lang));
    let all: Vec<String> = only.into_iter().chain(own).collect();
    (!all.is_empty()).then(|| all.join(" "))
}
