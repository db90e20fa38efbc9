//! `GET` and `POST /{tenant}/follow`: where a case stands, for whoever shows its number and the secret of its receipt.
//! The secret is in the body of the request, never in an address.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_casework::Followed;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::parts::{self, Sign, say};
use super::rating::{RatingForm, stars};
use super::{asks, complain, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

/// Longest number and secret that are looked at.
const LONGEST: usize = 60;

/// The number of a case and the secret of its receipt, as the form says them.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Code {
    pub(super) number: String,
    pub(super) secret: String,
}

/// What further forms of the page say along: `about.number`, `about.secret`.
pub(super) fn code(pairs: &[(String, String)]) -> Code {
    let text = |name| asks::value(pairs, name).unwrap_or_default().to_owned();
    Code { number: text("about.number"), secret: text("about.secret") }
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    number: String,
    wrong: bool,
    found: Option<Found>,
}

#[derive(Serialize)]
struct Found {
    number: String,
    kind: String,
    state: Sign,
    told: String,
    received: Option<String>,
    due: Option<String>,
    ended: Option<String>,
    steps: Vec<Step>,
    answer: Option<String>,
    rated: Option<String>,
    rating: Option<RatingForm>,
    complaints: Vec<complain::Choice>,
    hidden: Vec<(&'static str, String)>,
    /// The same for a form that asks for nothing else.
    plain: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct Step {
    title: String,
    at: String,
}

/// The form.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    let number = Asked::of(&visitor.uri).get("number").unwrap_or_default().to_owned();
    let code = Code { number, secret: String::new() };
    show(&visitor, &code, (false, None), None, StatusCode::OK)
}

/// What is told.
pub(super) async fn look(visitor: Visitor, Form(code): Form<Code>) -> Result<Response, Fault> {
    again(&visitor, code, None, StatusCode::OK).await
}

/// What is told after something was done.
pub(super) async fn again(
    visitor: &Visitor,
    code: Code,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if code.number.len() > LONGEST || code.secret.len() > LONGEST {
        return show(visitor, &Code::default(), (true, None), None, wrong);
    }
    let (casework, tenant) = (&visitor.app.casework, visitor.session.tenant());
    let found = casework.follow(tenant, &code.number, &code.secret).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let status = if found.is_none() { wrong } else { status };
    show(visitor, &code, (found.is_none(), outcome), found, status)
}

fn show(
    visitor: &Visitor,
    code: &Code,
    (wrong, outcome): (bool, Option<Outcome>),
    found: Option<Followed>,
    status: StatusCode,
) -> Result<Response, Fault> {
    if !visitor.app.casework.is_offered() {
        return Err(Fault::not_found(visitor.taste));
    }
    let values = Values {
        page: frame(visitor, visitor.lang().say("cases-follow"), Here::Elsewhere, ""),
        outcome,
        number: code.number.clone(),
        wrong,
        found: found.map(|found| told(visitor, &found, code)),
    };
    let mut response = private(rendered(visitor, "follow.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn told(visitor: &Visitor, found: &Followed, code: &Code) -> Found {
    let lang = visitor.lang();
    let kind = visitor.app.casework.book().version(&found.kind.0, found.kind.1);
    let state = kind.and_then(|kind| kind.state(&found.state));
    let at = |at: Option<dinh_model::Timestamp>| at.map(|at| look::date_time(at, lang));
    let step = |step: &dinh_casework::Standing| Step {
        title: kind.map_or_else(|| step.action.clone(), |kind| parts::step(kind, &step.action, lang)),
        at: look::date_time(step.at, lang),
    };
    let hidden = vec![("about.number", code.number.clone()), ("about.secret", code.secret.clone())];
    let rating = found.rate_until.map(|until| {
        let mut form = RatingForm::new(visitor.href("follow/rating"), found.rated, until, lang);
        form.hidden.extend(hidden.iter().cloned());
        form
    });
    let complaints =
        if found.about_case { Vec::new() } else { complain::choices(visitor, &visitor.href("follow")) };
    Found {
        answer: found.answer.clone(),
        rated: found.rated.map(|value| stars(value, lang)),
        rating,
        complaints,
        hidden,
        plain: vec![("number", code.number.clone()), ("secret", code.secret.clone())],
        number: found.number.clone(),
        kind: kind.map_or_else(|| found.kind.0.clone(), |kind| say(&kind.title, lang)),
        state: parts::state(state, &found.state, lang),
        told: state.map(|state| say(&state.told, lang)).unwrap_or_default(),
        received: at(found.received),
        due: at(found.due),
        ended: at(found.ended),
        steps: found.steps.iter().rev().map(step).collect(),
    }
}
