//! `GET` and `POST /{tenant}/cards/{id}`: one card, for those who manage it.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cards::{Card, Error, NewBenefit, State, Step, Task};
use dinh_model::{EntityId, Timestamp};
use http::StatusCode;
use serde::Serialize;

use super::parts::{self, Shown};
use super::{mine, said, value, version};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    print_href: String,
    task_href: String,
    card: Shown,
    qr: Option<String>,
    printed: Option<String>,
    steps: Vec<parts::StepRow>,
    /// What may be done now.
    actions: Vec<Action>,
    may_print: bool,
    may_send: bool,
    task: Option<(String, String, String, String)>,
    /// What its holder is entitled to: code, title, until when, what proves it.
    benefits: Vec<(String, String, String, String)>,
    /// What may be entered, as code and title.
    entitlements: Vec<(String, String)>,
}

/// Something that may be done: name, button, tone.
#[derive(Serialize)]
struct Action {
    name: &'static str,
    title: String,
    danger: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    show(&visitor, &id, None, StatusCode::OK).await
}

/// A step.
pub(super) async fn step(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let (cards, session, reason) = (&visitor.app.cards, &visitor.session, value(&pairs, "reason"));
    let at = (&id, version(&pairs));
    let done = match value(&pairs, "do") {
        "approve" => cards.decide(session, at, true, reason).await,
        "refuse" => cards.decide(session, at, false, reason).await,
        "suspend" => cards.step(session, at, Step::Suspend, reason).await,
        "resume" => cards.step(session, at, Step::Resume, reason).await,
        "revoke" => cards.step(session, at, Step::Revoke, reason).await,
        "entitle" => match value(&pairs, "until").parse() {
            Ok(until) => {
                let text = |name: &str| value(&pairs, name).to_owned();
                let new = NewBenefit { code: text("benefit"), until, proof: text("proof") };
                cards.entitle(session, at, new, reason).await
            }
            Err(_not_a_day) => Err(Error::Span("benefit")),
        },
        "disentitle" => cards.disentitle(session, at, value(&pairs, "benefit"), reason).await,
        "renew" => match cards.renew(session, &id, reason).await {
            Ok(newer) => {
                let to = visitor.href(&format!("cards/{}", encode(newer.as_str())));
                return Ok(private(Redirect::to(&to).into_response()));
            }
            Err(error) => Err(error),
        },
        _ => Err(Error::NoSuch("wish")),
    };
    told(&visitor, &id, done).await
}

/// Says what the holder is sent for.
pub(super) async fn send(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let moments = moment(value(&pairs, "from")).zip(moment(value(&pairs, "until")));
    let done = match moments {
        Some((from, until)) => {
            let text = |name: &str| value(&pairs, name).to_owned();
            let task = Task { title: text("title"), place: text("place"), from, until };
            visitor
                .app
                .cards
                .send(&visitor.session, (&id, version(&pairs)), task, value(&pairs, "reason"))
                .await
        }
        None => Err(Error::Span("task")),
    };
    told(&visitor, &id, done).await
}

/// A moment as forms send it, in the time of Viet Nam.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(jiff::tz::Offset::constant(7).to_timestamp(local).ok()?.into())
}

async fn told(visitor: &Visitor, id: &EntityId, done: Result<(), Error>) -> Result<Response, Fault> {
    let (outcome, status) = match done {
        Ok(()) => (Outcome { tone: "ok", text: visitor.lang().say("cards-done") }, StatusCode::OK),
        Err(error) => said::told(visitor, error)?,
    };
    show(visitor, id, Some(outcome), status).await
}

async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let card =
        visitor.app.cards.one(&visitor.session, id).await.map_err(|error| said::fault(visitor, error))?;
    let action = |name, title, danger| Action { name, title, danger };
    let actions = match card.state {
        State::Proposed => vec![
            action("approve", lang.say("cards-do-approve"), false),
            action("refuse", lang.say("cards-do-refuse"), true),
        ],
        State::Active => vec![
            action("suspend", lang.say("cards-do-suspend"), false),
            action("renew", lang.say("cards-do-renew"), false),
            action("revoke", lang.say("cards-do-revoke"), true),
        ],
        State::Suspended => vec![
            action("resume", lang.say("cards-do-resume"), false),
            action("renew", lang.say("cards-do-renew"), false),
            action("revoke", lang.say("cards-do-revoke"), true),
        ],
        State::Revoked | State::Refused => Vec::new(),
    };
    let path = |below: &str| visitor.href(&format!("cards/{}/{below}", encode(id.as_str())));
    let values = Values {
        page: frame(visitor, card.name.clone(), Here::Cards, ""),
        outcome,
        back_href: visitor.href("cards"),
        print_href: path("print"),
        task_href: path("task"),
        qr: card.qr.as_deref().and_then(parts::qr),
        printed: card.printed.clone(),
        steps: parts::steps(visitor, &card.steps).await,
        actions,
        may_print: card.holds(visitor.now),
        may_send: card.holds(visitor.now) && card.unit.is_some(),
        task: card.task.as_ref().filter(|task| card.holds(visitor.now) && visitor.now < task.until).map(
            |task| {
                let at = |moment| mine::said_at(moment, visitor);
                (task.title.clone(), task.place.clone(), at(task.from), at(task.until))
            },
        ),
        benefits: parts::benefits(visitor, &card),
        entitlements: entitlements(visitor, &card),
        card: parts::shown(visitor, &card, "cards"),
    };
    let response = private(rendered(visitor, "cards_one.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// What the holder of a card may be entitled to, where that may be entered.
fn entitlements(visitor: &Visitor, card: &Card) -> Vec<(String, String)> {
    let Ok(rules) = visitor.app.cards.rules() else { return Vec::new() };
    let of_kind = rules.benefits_of(card.kind).filter(|_| card.holds(visitor.now));
    of_kind.map(|one| (one.code.clone(), parts::benefit(visitor, &one.code))).collect()
}
