//! `GET` and `POST /{tenant}/sign-in`, `POST /{tenant}/sign-in/code`.

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::{Answer, Error};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{enter, private, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::settings::is_own_path;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(super) next: Option<String>,
}

/// Name and password.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
    #[serde(default)]
    next: Option<String>,
}

/// The second factor.
#[derive(Deserialize)]
pub(crate) struct SecondFactor {
    ticket: String,
    code: String,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Serialize)]
struct Values<'a> {
    page: view::Frame,
    outcome: Option<Outcome>,
    name: &'a str,
    next: &'a str,
    /// Half of a sign-in; none before the password was right.
    ticket: Option<&'a str>,
    by_code: bool,
    /// Where the first administrator is made, while there is none.
    set_up: Option<String>,
    passkeys: bool,
    providers: Vec<Provider>,
}

/// An identity provider that one can sign in with.
#[derive(Serialize)]
struct Provider {
    title: String,
    href: String,
}

/// The page.
pub(in crate::pages) async fn sign_in(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Fault> {
    if visitor.guest.present.is_some() {
        return Ok(private(Redirect::to(&visitor.href("account")).into_response()));
    }
    let next = place(&visitor, next.next.as_deref());
    show(&visitor, Asked { next: &next, ..Asked::default() }, StatusCode::OK).await
}

/// Name and password.
pub(in crate::pages) async fn try_sign_in(
    visitor: Visitor,
    Form(given): Form<Credentials>,
) -> Result<Response, Fault> {
    let next = place(&visitor, given.next.as_deref());
    let identity = &visitor.app.identity;
    match identity.sign_in(&given.name, &given.password, &visitor.guest.from).await {
        Ok(answer) => go_on_with(&visitor, answer, &next).await,
        Err(error) => {
            let outcome = Some(said::told(&error, visitor.lang()));
            let asked = Asked { outcome, name: &given.name, next: &next, half: None };
            show(&visitor, asked, StatusCode::UNAUTHORIZED).await
        }
    }
}

/// The second factor.
pub(in crate::pages) async fn try_code(
    visitor: Visitor,
    Form(given): Form<SecondFactor>,
) -> Result<Response, Fault> {
    let next = place(&visitor, given.next.as_deref());
    match visitor.app.identity.sign_in_second(&given.ticket, &given.code, &visitor.guest.from).await {
        Ok(signed_in) => Ok(enter(&visitor, &signed_in, &next).await),
        // A ticket is good once: whoever mistypes a code begins again.
        Err(error) => show_refused(&visitor, &error, &next).await,
    }
}

/// Sends somebody on, or asks for the second factor first.
pub(super) async fn go_on_with(visitor: &Visitor, answer: Answer, next: &str) -> Result<Response, Fault> {
    match answer {
        Answer::SignedIn(signed_in) => Ok(enter(visitor, &signed_in, next).await),
        Answer::SecondFactor { ticket, by_code } => {
            let asked = Asked { next, half: Some((&ticket, by_code)), ..Asked::default() };
            show(visitor, asked, StatusCode::OK).await
        }
    }
}

/// The page again, with why nobody was let in.
pub(super) async fn show_refused(visitor: &Visitor, error: &Error, next: &str) -> Result<Response, Fault> {
    let outcome = Some(said::told(error, visitor.lang()));
    show(visitor, Asked { outcome, next, ..Asked::default() }, StatusCode::UNAUTHORIZED).await
}

#[derive(Default)]
struct Asked<'a> {
    outcome: Option<Outcome>,
    name: &'a str,
    next: &'a str,
    half: Option<(&'a str, bool)>,
}

async fn show(visitor: &Visitor, asked: Asked<'_>, status: StatusCode) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let title = if asked.half.is_some() { lang.say("sign-in-second") } else { lang.say("sign-in") };
    let awaits = visitor.app.identity.awaits_set_up().await.unwrap_or(false);
    let values = Values {
        page: frame(visitor, title, Here::Account, ""),
        outcome: asked.outcome,
        name: asked.name,
        next: asked.next,
        ticket: asked.half.map(|(ticket, _)| ticket),
        by_code: asked.half.is_some_and(|(_, by_code)| by_code),
        set_up: awaits.then(|| visitor.href("set-up")),
        passkeys: visitor.app.identity.takes_passkeys(),
        providers: providers(visitor, asked.next),
    };
    let mut response = private(page(visitor, "sign_in.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn providers(visitor: &Visitor, next: &str) -> Vec<Provider> {
    let all = visitor.app.identity.providers().iter();
    all.map(|provider| Provider {
        title: super::provider::title(provider, visitor.lang()),
        href: visitor.href(&format!("sign-in/with/{}?next={}", provider.name(), encode(next))),
    })
    .collect()
}

/// Where to go: a page of this house, or the operations page.
pub(super) fn place(visitor: &Visitor, next: Option<&str>) -> String {
    next.filter(|next| is_own_path(next)).map_or_else(|| visitor.href(""), str::to_owned)
}
