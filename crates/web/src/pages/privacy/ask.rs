//! `GET` and `POST /{tenant}/my-data/requests/new`: making a request.

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::Present;
use dinh_model::EntityId;
use dinh_privacy::{Error, Kind, NewRequest};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::whose::{Subject, Whose};
use super::{said, titles};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};

/// A request as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    kind: String,
    whose: String,
    text: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    kinds: Vec<Choice>,
    whose: Vec<Subject>,
    text: String,
}

/// A kind of request to choose, with the last day for an answer if it is made today.
#[derive(Serialize)]
struct Choice {
    kind: &'static str,
    title: String,
    hint: String,
    answer_by: Option<String>,
    chosen: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match super::present(&visitor) {
        Ok(present) => show(&visitor, &present, &Asked::default(), None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Makes the request and shows it.
pub(super) async fn file(visitor: Visitor, Form(asked): Form<Asked>) -> Result<Response, Fault> {
    let present = match super::present(&visitor) {
        Ok(present) => present,
        Err(other) => return Ok(*other),
    };
    match made(&visitor, &asked).await {
        Ok(id) => {
            let to = visitor.href(&format!("my-data/requests/{}", encode(id.as_str())));
            Ok(private(Redirect::to(&to).into_response()))
        }
        Err(error) => {
            let (outcome, status) = match error {
                None => {
                    let text = visitor.lang().say("privacy-error-kind");
                    (Outcome { tone: "danger", text }, StatusCode::UNPROCESSABLE_ENTITY)
                }
                Some(error) => said::told(&visitor, error)?,
            };
            show(&visitor, &present, &asked, Some(outcome), status).await
        }
    }
}

/// The request that was made; an error without content is a form without a kind.
async fn made(visitor: &Visitor, asked: &Asked) -> Result<EntityId, Option<Error>> {
    let kind = Kind::from_name(&asked.kind).ok_or(None)?;
    let subject = match asked.whose.as_str() {
        "" => None,
        text => Some(EntityId::parse(text).map_err(|_unreadable| Some(Error::NoSubject))?),
    };
    let new = NewRequest { kind, subject, text: asked.text.clone() };
    Ok(visitor.app.privacy.file(&visitor.session, new).await.map_err(Some)?.id)
}

async fn show(
    visitor: &Visitor,
    present: &Present,
    asked: &Asked,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let mut whose = Whose::of(visitor, present, "my-data/requests/new").await;
    if whose.unsure {
        whose.all.clear();
    }
    for subject in &mut whose.all {
        subject.current = if asked.kind.is_empty() { subject.current } else { subject.id == asked.whose };
    }
    let values = Values {
        page: frame(visitor, lang.say("privacy-new-request"), Here::Account, ""),
        outcome,
        back_href: visitor.href("my-data"),
        kinds: Kind::ALL.into_iter().map(|kind| choice(visitor, kind, asked)).collect(),
        whose: whose.all,
        text: asked.text.clone(),
    };
    let response = private(rendered(visitor, "request_new.html", values)?.into_response());
    Ok(said::with_status(response, status))
}

fn choice(visitor: &Visitor, kind: Kind, asked: &Asked) -> Choice {
    let (lang, privacy) = (visitor.lang(), &visitor.app.privacy);
    let today = privacy.today();
    let edition = privacy.deadlines().on(today);
    let by = edition.map(|edition| edition.answer_by(kind, today, false, privacy.calendar()));
    Choice {
        kind: kind.name(),
        title: titles::kind(kind, lang),
        hint: titles::kind_hint(kind, lang),
        answer_by: by.map(|day| look::day(day, lang)),
        chosen: asked.kind == kind.name(),
    }
}
