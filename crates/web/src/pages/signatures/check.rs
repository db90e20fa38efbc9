//! `GET` and `POST /{tenant}/signatures`: who signed a document, and whether it is whole. Nothing of it is kept.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;

use super::told::{Told, told};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    /// Why a file was not looked at.
    wrong: Option<String>,
    told: Option<Told>,
    /// Whether anybody is trusted at all.
    trusting: bool,
    sign_href: Option<String>,
}

/// The form.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    show(&visitor, None, None)
}

/// What was found out about a file.
pub(super) async fn look(visitor: Visitor, request: Request) -> Result<Response, Fault> {
    let posted = Posted::read(request).await;
    let posted = posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))?;
    let Some(file) = posted.files.into_iter().find(|file| !file.content.is_empty()) else {
        return show(&visitor, Some(visitor.lang().say("signatures-no-file")), None);
    };
    match visitor.app.signing.check(file.content).await {
        Ok(report) => show(&visitor, None, Some(told(&report, &file.fact.name, visitor.lang()))),
        Err(dinh_signing::Error::Pdf(fault)) => {
            show(&visitor, Some(super::told::unread(&fault, visitor.lang())), None)
        }
        Err(error) => Err(Fault::broken(visitor.taste, &error)),
    }
}

fn show(visitor: &Visitor, wrong: Option<String>, told: Option<Told>) -> Result<Response, Fault> {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let values = Values {
        page: frame(visitor, visitor.lang().say("signatures-title"), Here::Elsewhere, ""),
        wrong,
        told,
        trusting: !visitor.app.signing.settings().trust.authorities.is_empty(),
        sign_href: visitor.guest.present.is_some().then(|| visitor.href("signatures/sign")),
    };
    let mut response = private(rendered(visitor, "signatures.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
