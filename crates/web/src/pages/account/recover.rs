//! `GET` and `POST /{tenant}/recover`: choosing a password with a link that an administrator has handed over.

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{private, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

/// The secret end of the link.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    link: String,
}

/// The link, and the password chosen with it.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    link: String,
    new: String,
}

#[derive(Serialize)]
struct Values<'a> {
    page: view::Frame,
    outcome: Option<Outcome>,
    link: &'a str,
    /// The password is set.
    done: bool,
    sign_in: String,
}

/// The page.
pub(in crate::pages) async fn recover(visitor: Visitor, Query(link): Query<Link>) -> Result<Response, Fault> {
    show(&visitor, &link.link, None, StatusCode::OK)
}

/// Sets the password.
pub(in crate::pages) async fn try_recover(
    visitor: Visitor,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    match visitor.app.identity.recover(&chosen.link, &chosen.new, &visitor.guest.from).await {
        Ok(()) => {
            let outcome = Outcome { tone: "ok", text: lang.say("recover-done") };
            show(&visitor, "", Some(outcome), StatusCode::OK)
        }
        Err(error) => {
            let outcome = match error.code() {
                "expired" => Outcome { tone: "danger", text: lang.say("recover-expired") },
                _ => said::told(&error, lang),
            };
            show(&visitor, &chosen.link, Some(outcome), StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn show(
    visitor: &Visitor,
    link: &str,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let done = outcome.as_ref().is_some_and(|outcome| outcome.tone == "ok");
    let values = Values {
        page: frame(visitor, visitor.lang().say("recover"), Here::Account, ""),
        outcome,
        link,
        done,
        sign_in: visitor.href("sign-in"),
    };
    let mut response = private(page(visitor, "recover.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
