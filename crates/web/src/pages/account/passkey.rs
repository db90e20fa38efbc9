//! Passkeys: what a page's script asks for, and what the browser answers. Without scripts there are no passkeys; whoever
//! has none signs in with a password.

use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use dinh_identity::passkey::Doubt;
use dinh_identity::{Error, PasskeyQuestion};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::enter::{place, show_refused};
use super::own::to_sign_in;
use super::{enter, private, said};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// Most characters of an answer: a few keys and signatures.
const MOST: usize = 20_000;

/// What the browser's passkey has answered.
#[derive(Deserialize)]
pub(in crate::pages) struct Given {
    ticket: String,
    answer: String,
    #[serde(default)]
    next: Option<String>,
}

/// `POST /{tenant}/sign-in/passkey/question`: what to ask a passkey, to sign in or to step up.
pub(in crate::pages) async fn question(visitor: Visitor) -> Response {
    asked(&visitor, visitor.app.identity.passkey_question())
}

/// `POST /{tenant}/account/passkey/question`: what to ask for a new passkey.
pub(in crate::pages) async fn offer(visitor: Visitor) -> Response {
    match &visitor.guest.present {
        Some(present) => asked(&visitor, visitor.app.identity.passkey_offer(present).await),
        None => to_sign_in(&visitor),
    }
}

/// `POST /{tenant}/sign-in/passkey`: signs in whoever's passkey has answered.
pub(in crate::pages) async fn try_passkey(
    visitor: Visitor,
    Form(given): Form<Given>,
) -> Result<Response, Fault> {
    let next = place(&visitor, given.next.as_deref());
    let (identity, from) = (&visitor.app.identity, &visitor.guest.from);
    let signed_in = match answer(&given.answer) {
        Ok(answer) => identity.sign_in_passkey(&given.ticket, &answer, from).await,
        Err(error) => Err(error),
    };
    match signed_in {
        Ok(signed_in) => Ok(enter(&visitor, &signed_in, &next).await),
        Err(error) => show_refused(&visitor, &error, &next).await,
    }
}

/// Reads what the browser says in the name of a passkey.
pub(super) fn answer(text: &str) -> Result<Value, Error> {
    let read = (text.len() <= MOST).then(|| serde_json::from_str(text).ok()).flatten();
    read.ok_or_else(|| Doubt::Malformed("answer").into())
}

fn asked(visitor: &Visitor, question: Result<PasskeyQuestion, Error>) -> Response {
    match question {
        Ok(PasskeyQuestion { options, ticket }) => {
            private(Json(json!({"options": options, "ticket": ticket})).into_response())
        }
        Err(error) => {
            let told = said::told(&error, visitor.lang());
            let body = Json(json!({"detail": told.text}));
            private((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
        }
    }
}
