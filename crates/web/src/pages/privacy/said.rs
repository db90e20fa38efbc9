//! What went wrong, in words.

use axum::response::IntoResponse as _;
use dinh_privacy::Error;
use http::StatusCode;

use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What a page says of an error, with the status of the answer; or the page that there is instead.
pub(super) fn told(visitor: &Visitor, error: Error) -> Result<(Outcome, StatusCode), Fault> {
    let lang = visitor.lang();
    let status = match &error {
        Error::Text { .. }
        | Error::Days { .. }
        | Error::NoSubject
        | Error::NotRestricted(_)
        | Error::NotYours(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TextChanged | Error::Step(_) | Error::Conflict | Error::Closed | Error::TooMany { .. } => {
            StatusCode::CONFLICT
        }
        Error::StepUp | Error::OwnRequest => StatusCode::FORBIDDEN,
        _ => return Err(fault(visitor, error)),
    };
    Ok((Outcome { tone: "danger", text: words(&error, lang) }, status))
}

/// The page that says why there is none.
pub(super) fn fault(visitor: &Visitor, error: Error) -> Fault {
    match error {
        Error::NotOffered | Error::NoSuch(_) => Fault::not_found(visitor.taste),
        Error::NotSignedIn => Fault::refused(visitor.taste, StatusCode::UNAUTHORIZED),
        Error::NotOfficer | Error::NotYours(_) | Error::StepUp | Error::OwnRequest => {
            Fault::refused(visitor.taste, StatusCode::FORBIDDEN)
        }
        Error::Door(error) => Fault::of(visitor.taste, error),
        other => {
            tracing::error!(error = %other, "a page of privacy could not be made");
            Fault::of(visitor.taste, dinh_context::Error::Nothing)
        }
    }
}

fn words(error: &Error, lang: Lang) -> String {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    match error {
        Error::Text { field, least, most } => {
            let values = args([("least", number(*least)), ("most", number(*most))]);
            match *field {
                "text" => lang.say_with("privacy-error-text", &values),
                _ => lang.say_with("privacy-error-reason", &values),
            }
        }
        Error::Days { most } => lang.say_with("privacy-error-days", &args([("most", f64::from(*most))])),
        Error::NoSubject => lang.say("privacy-error-no-subject"),
        Error::NotRestricted(_) => lang.say("privacy-error-not-restricted"),
        Error::NotYours(_) => lang.say("privacy-error-not-yours"),
        Error::TextChanged => lang.say("privacy-error-text-changed"),
        Error::Step(_) => lang.say("privacy-error-step"),
        Error::Conflict => lang.say("privacy-error-conflict"),
        Error::Closed => lang.say("privacy-error-closed"),
        Error::TooMany { what: "files", most } => {
            lang.say_with("privacy-error-too-many-files", &args([("most", number(*most))]))
        }
        Error::TooMany { most, .. } => {
            lang.say_with("privacy-error-too-many", &args([("most", number(*most))]))
        }
        Error::StepUp => lang.say("privacy-error-step-up"),
        Error::OwnRequest => lang.say("privacy-error-own-request"),
        other => other.to_string(),
    }
}

/// An answer with another status.
pub(super) fn with_status(
    mut response: axum::response::Response,
    status: StatusCode,
) -> axum::response::Response {
    *response.status_mut() = status;
    response.into_response()
}
