//! `GET` and `POST /{tenant}/follow`: where a case stands, for whoever shows its number and the secret of its receipt.
//! The secret is in the body of the request, never in an address.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_casework::Followed;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::parts::{self, Sign, say};
use super::said;
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

/// Longest number and secret that are looked at.
const LONGEST: usize = 60;

/// What the form says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Wish {
    number: String,
    secret: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
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
}

#[derive(Serialize)]
struct Step {
    title: String,
    at: String,
}

/// The form.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    let number = Asked::of(&visitor.uri).get("number").unwrap_or_default().to_owned();
    show(&visitor, number, false, None)
}

/// What is told.
pub(super) async fn look(visitor: Visitor, Form(wish): Form<Wish>) -> Result<Response, Fault> {
    if wish.number.len() > LONGEST || wish.secret.len() > LONGEST {
        return show(&visitor, String::new(), true, None);
    }
    let (casework, tenant) = (&visitor.app.casework, visitor.session.tenant());
    let found = casework.follow(tenant, &wish.number, &wish.secret).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    show(&visitor, wish.number, found.is_none(), found)
}

fn show(visitor: &Visitor, number: String, wrong: bool, found: Option<Followed>) -> Result<Response, Fault> {
    if !visitor.app.casework.is_offered() {
        return Err(Fault::not_found(visitor.taste));
    }
    let values = Values {
        page: frame(visitor, visitor.lang().say("cases-follow"), Here::Elsewhere, ""),
        number,
        wrong,
        found: found.map(|found| told(visitor, &found)),
    };
    let mut response = private(rendered(visitor, "follow.html", values)?.into_response());
    if wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn told(visitor: &Visitor, found: &Followed) -> Found {
    let lang = visitor.lang();
    let kind = visitor.app.casework.book().version(&found.kind.0, found.kind.1);
    let state = kind.and_then(|kind| kind.state(&found.state));
    let at = |at: Option<dinh_model::Timestamp>| at.map(|at| look::date_time(at, lang));
    let step = |step: &dinh_casework::Standing| Step {
        title: kind.map_or_else(|| step.action.clone(), |kind| parts::step(kind, &step.action, lang)),
        at: look::date_time(step.at, lang),
    };
    Found {
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
