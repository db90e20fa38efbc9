//! `GET` and `POST /{tenant}/privacy/{id}`: one request, for the officer who settles it.

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_model::EntityId;
use dinh_privacy::{By, DataRequest, Decision, Error, Kind, Step};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::about::About;
use super::files::{self, FileRow};
use super::parts::{self, Lead, StepRow, lead};
use super::{said, titles};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// A decision as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Wish {
    r#do: String,
    version: u64,
    others: Option<String>,
    days: String,
    reason: String,
    answer: String,
    changed: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    number: String,
    kind: String,
    corrects: bool,
    effect: Option<String>,
    state: parts::State,
    due: Option<parts::State>,
    received: String,
    acknowledge_by: String,
    answer_by: String,
    involves_others: bool,
    subject: Option<Lead>,
    text: String,
    extension_reason: Option<String>,
    answer: Option<String>,
    kept: Vec<parts::KeptRow>,
    steps: Vec<StepRow>,
    version: u64,
    /// The steps that can be taken now.
    may: Vec<&'static str>,
    most_days: u16,
    typed: Typed,
    files: Vec<FileRow>,
}

/// What was typed into a form that was not taken.
#[derive(Default, Serialize)]
struct Typed {
    reason: String,
    answer: String,
    changed: String,
}

/// The page.
pub(super) async fn page(About { visitor, id }: About) -> Result<Response, Fault> {
    show(&visitor, &id, None, Typed::default(), StatusCode::OK).await
}

/// Takes a step.
pub(super) async fn step(About { visitor, id }: About, Form(wish): Form<Wish>) -> Result<Response, Fault> {
    let typed =
        Typed { reason: wish.reason.clone(), answer: wish.answer.clone(), changed: wish.changed.clone() };
    let lang = visitor.lang();
    let Some(decision) = decision(&wish) else {
        let text = lang.say("privacy-error-changed");
        let outcome = Some(Outcome { tone: "danger", text });
        return show(&visitor, &id, outcome, typed, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match visitor.app.privacy.settle(&visitor.session, &id, wish.version, decision).await {
        Ok(_) => {
            let outcome = Some(Outcome { tone: "ok", text: lang.say("privacy-step-taken") });
            show(&visitor, &id, outcome, Typed::default(), StatusCode::OK).await
        }
        Err(Error::StepUp) => Ok(to_account(&visitor)),
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, &id, Some(outcome), typed, status).await
        }
    }
}

/// What the form says; none if it names no step, or an entity that is none.
fn decision(wish: &Wish) -> Option<Decision> {
    let reason = wish.reason.clone();
    Some(match wish.r#do.as_str() {
        "acknowledge" => Decision::Acknowledge { involves_others: wish.others.is_some() },
        "extend" => Decision::Extend { days: wish.days.trim().parse().unwrap_or_default(), reason },
        "complete" => {
            let changed = match wish.changed.trim() {
                "" => None,
                text => Some(EntityId::parse(text).ok()?),
            };
            Decision::Complete { answer: wish.answer.clone(), changed }
        }
        "refuse" => Decision::Refuse { reason },
        _ => return None,
    })
}

/// Where the second factor is shown, and the way back.
fn to_account(visitor: &Visitor) -> Response {
    let next = encode(visitor.uri.path());
    private(Redirect::to(&format!("{}?next={next}", visitor.href("account"))).into_response())
}

async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, privacy) = (visitor.lang(), &visitor.app.privacy);
    let request = match privacy.request_to_settle(&visitor.session, id).await {
        Ok(request) => request,
        Err(Error::StepUp) => return Ok(to_account(visitor)),
        Err(error) => return Err(said::fault(visitor, error)),
    };
    let edition = privacy.deadlines().on(request.edition);
    let files = privacy.attachments(&visitor.session, &request).await;
    let files = files.map_err(|error| said::fault(visitor, error))?;
    let base = visitor.href(&format!("privacy/{}", encode(request.id.as_str())));
    let values = Values {
        files: files::rows(&files, &base, lang),
        page: frame(
            visitor,
            lang.say_with("privacy-request-number", &args([("number", request.number.clone())])),
            Here::Elsewhere,
            "",
        ),
        outcome,
        back_href: visitor.href("privacy"),
        number: request.number.clone(),
        kind: titles::kind(request.kind, lang),
        corrects: request.kind == Kind::Correct,
        effect: effect(visitor, &request),
        state: titles::state(request.state, lang),
        due: parts::due(visitor, &request),
        received: look::date_time(request.received, lang),
        acknowledge_by: look::day(request.acknowledge_by, lang),
        answer_by: look::day(request.answer_by, lang),
        involves_others: request.involves_others,
        subject: subject(visitor, &request).await?,
        text: request.text.clone().unwrap_or_default(),
        extension_reason: request.extension_reason.clone(),
        answer: request.answer.clone(),
        kept: parts::kept(visitor, &request),
        steps: parts::steps(visitor, &request),
        version: request.version,
        may: request.state.steps(By::Officer).into_iter().map(Step::name).collect(),
        most_days: edition.and_then(dinh_privacy::Edition::extension_days).unwrap_or_default(),
        typed,
    };
    let response = private(rendered(visitor, "request_settle.html", values)?.into_response());
    Ok(said::with_status(response, status))
}

/// What completing the request does by itself.
fn effect(visitor: &Visitor, request: &DataRequest) -> Option<String> {
    let lang = visitor.lang();
    request.subject.as_ref()?;
    match request.kind {
        Kind::Restrict => Some(lang.say("privacy-effect-restrict")),
        Kind::Lift => Some(lang.say("privacy-effect-lift")),
        Kind::Withdraw => Some(lang.say("privacy-effect-withdraw")),
        Kind::Access | Kind::Copy => Some(lang.say("privacy-effect-export")),
        Kind::Erase => Some(lang.say("privacy-effect-erase")),
        Kind::Correct | Kind::Object => None,
    }
}

async fn subject(visitor: &Visitor, request: &DataRequest) -> Result<Option<Lead>, Fault> {
    let Some(id) = &request.subject else { return Ok(None) };
    let found = visitor.session.find(id).await.map_err(|error| Fault::of(visitor.taste, error))?;
    Ok(Some(match found {
        Some(stored) => lead(visitor, &stored),
        None => Lead { name: id.to_string(), href: visitor.entity_href(id.as_str()) },
    }))
}
