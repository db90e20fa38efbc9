//! What is said of money that may not be moved so.

use dinh_payments::Error;
use http::StatusCode;

use crate::api::reply::{Refusal, sentence};

/// The refusal of an error, with the field and the rule where there are any.
pub(super) fn of(error: Error) -> Refusal {
    let says = sentence(&error.to_string());
    let unprocessable = |field: &'static str| {
        let refusal = Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, sentence(&error.to_string()));
        refusal.saying("field", field)
    };
    match &error {
        Error::NotOffered | Error::NoSuch(_) | Error::NoBill(_) => Refusal::http(StatusCode::NOT_FOUND, says),
        Error::NotSignedIn => Refusal::unauthorized(says),
        Error::NotYours | Error::OtherUnit => Refusal::http(StatusCode::FORBIDDEN, says),
        Error::Conflict | Error::State(_) | Error::SamePerson => Refusal::http(StatusCode::CONFLICT, says),
        Error::Twice { .. } => {
            Refusal::http(StatusCode::CONFLICT, says).saying("field", "file").saying("rule", "once")
        }
        Error::Change(_) | Error::Amount(_) | Error::Bill(_) => unprocessable("amount"),
        Error::Statement(_) | Error::OtherAccount { .. } => unprocessable("file"),
        Error::NoAccount | Error::Bank(_) => unprocessable("account"),
        Error::NoProfile(_) => unprocessable("profile"),
        Error::Text { field, .. } | Error::Card(field) | Error::Day(field) => unprocessable(field),
        Error::Qr(_) => unprocessable("qr"),
        Error::Door(_) => match error {
            Error::Door(error) => error.into(),
            _ => Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, says),
        },
        Error::Case(_) | Error::Damaged(_) | Error::Pack { .. } => {
            tracing::error!(%error, "an answer about money could not be made");
            dinh_context::Error::Nothing.into()
        }
    }
}
