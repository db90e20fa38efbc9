//! `GET` and `POST /{tenant}/set-up`: the first administrator.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_identity::FirstAdministrator;
use dinh_identity::domain::Handle;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{enter, private, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

/// Whom the code makes an administrator.
#[derive(Default, Deserialize)]
pub(crate) struct First {
    code: String,
    name: String,
    email: String,
    password: String,
}

#[derive(Serialize)]
struct Values<'a> {
    page: view::Frame,
    outcome: Option<Outcome>,
    name: &'a str,
    email: &'a str,
}

/// The page; none once there is an account.
pub(in crate::pages) async fn set_up(visitor: Visitor) -> Result<Response, Fault> {
    show(&visitor, None, &First::default(), StatusCode::OK).await
}

/// Makes the first administrator, and signs them in.
pub(in crate::pages) async fn try_set_up(
    visitor: Visitor,
    Form(given): Form<First>,
) -> Result<Response, Fault> {
    let identity = &visitor.app.identity;
    let made = match Handle::email(&given.email) {
        Ok(email) => {
            let tenants =
                visitor.app.context.packs().provinces().iter().map(|province| province.tenant.clone());
            let first = FirstAdministrator {
                name: given.name.trim().to_owned(),
                email,
                password: given.password.clone(),
                tenants: tenants.collect(),
            };
            identity.set_up(&given.code, &first, &visitor.guest.from).await
        }
        Err(error) => Err(error.into()),
    };
    match made {
        Ok(signed_in) => Ok(enter(&visitor, &signed_in, &visitor.href("account")).await),
        Err(error) => {
            let outcome = said::told(&error, visitor.lang());
            show(&visitor, Some(outcome), &given, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn show(
    visitor: &Visitor,
    outcome: Option<Outcome>,
    given: &First,
    status: StatusCode,
) -> Result<Response, Fault> {
    if !visitor.app.identity.awaits_set_up().await.unwrap_or(false) {
        return Err(Fault::not_found(visitor.taste));
    }
    let page_frame = frame(visitor, visitor.lang().say("set-up"), Here::Account, "");
    let values = Values { page: page_frame, outcome, name: &given.name, email: &given.email };
    let mut response = private(page(visitor, "set_up.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
