//! Documents that are numbered and issued here, for programs that act for those who sign them: what waits, signing many with one
//! confirmation, and signing one in two steps with a key that is elsewhere.

pub(crate) mod elsewhere;
pub(crate) mod list;
mod shown;
pub(crate) mod sign;
pub(crate) mod two_steps;

use dinh_signatory::Error;
use dinh_signing::Error as KeyError;
use http::StatusCode;

use crate::api::house::cases;
use crate::api::reply::{Refusal, sentence};

/// What the facade says, as problem details with `field` and `rule`.
fn refusal(error: Error) -> Refusal {
    let detail = sentence(&error.to_string());
    let (status, field, rule) = match error {
        Error::Casework(error) => return cases::refusal::of(error),
        Error::Signing(error) => return of_key(error, detail),
        Error::NotBelieved(_) => (StatusCode::CONFLICT, "key", "not-believed"),
        Error::Late => (StatusCode::SERVICE_UNAVAILABLE, "documents", "late"),
        Error::NotSeal => (StatusCode::CONFLICT, "issue", "seal"),
        Error::Unsigned => (StatusCode::CONFLICT, "signature", "no-signature"),
        Error::TooMany { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "documents", "too-many"),
    };
    Refusal::http(status, detail).saying("field", field).saying("rule", rule)
}

fn of_key(error: KeyError, detail: String) -> Refusal {
    let (status, rule) = match error {
        KeyError::Door(error) => return error.into(),
        KeyError::NoKey | KeyError::NothingWaits => (StatusCode::NOT_FOUND, "unknown"),
        KeyError::StepUp => (StatusCode::FORBIDDEN, "second-factor"),
        KeyError::OtherUnit => (StatusCode::FORBIDDEN, "unit"),
        KeyError::NoCertificate | KeyError::Withdrawn | KeyError::NotNow { .. } => {
            (StatusCode::CONFLICT, "certificate")
        }
        KeyError::Elsewhere => (StatusCode::CONFLICT, "elsewhere"),
        KeyError::TooMany { .. } => (StatusCode::CONFLICT, "too-many"),
        KeyError::Sign(_) | KeyError::Pdf(_) => (StatusCode::UNPROCESSABLE_ENTITY, "signature"),
        KeyError::Stamp(_) | KeyError::Away(_) => (StatusCode::SERVICE_UNAVAILABLE, "time-stamp"),
        error => {
            tracing::error!(%error, "a document could not be signed");
            return Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side.");
        }
    };
    Refusal::http(status, detail).saying("field", "key").saying("rule", rule)
}

/// The rule by which something was refused, for results of a batch.
fn rule(error: &Error) -> &'static str {
    use dinh_casework::Error as Case;
    match error {
        Error::Casework(Case::NoDocument(_) | Case::NoSuch(_)) => "unknown",
        Error::Casework(Case::NotYours) | Error::Signing(KeyError::OtherUnit) => "unit",
        Error::Casework(Case::NotSigned) => "person-first",
        Error::Casework(Case::SignedAlready) => "already",
        Error::Casework(Case::OthersWait(_)) => "others-wait",
        Error::Casework(Case::Unsigned { .. }) => "unsigned",
        Error::Casework(Case::HalfSigned(_)) => "half-signed",
        Error::Casework(Case::Standing(_)) => "standing",
        Error::Casework(Case::Conflict) => "changed",
        Error::Casework(_) => "case",
        Error::Signing(KeyError::StepUp) => "second-factor",
        Error::Signing(KeyError::Stamp(_) | KeyError::Away(_)) => "time-stamp",
        Error::Signing(_) => "key",
        Error::NotBelieved(_) => "not-believed",
        Error::Late => "late",
        Error::NotSeal => "seal",
        Error::Unsigned => "no-signature",
        Error::TooMany { .. } => "too-many",
    }
}
