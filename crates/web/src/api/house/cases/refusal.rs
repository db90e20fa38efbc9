//! What the facade says, as problem details: which field, which rule.

use dinh_cases::{AskRule, Refused};
use dinh_casework::Error;
use http::StatusCode;

use crate::api::reply::{Refusal, sentence};

/// What the facade says, as problem details with `field` and `rule`.
pub(in crate::api::house) fn of(error: Error) -> Refusal {
    let detail = sentence(&error.to_string());
    let (status, field, rule) = match &error {
        Error::NotOffered => (StatusCode::NOT_FOUND, "", "not-offered"),
        Error::NoSuch(_) | Error::NoDocument(_) => (StatusCode::NOT_FOUND, "", "unknown"),
        Error::NotSignedIn => return Refusal::unauthorized(detail),
        Error::NotYours => (StatusCode::FORBIDDEN, "", "unit"),
        Error::NotTheirCard => (StatusCode::FORBIDDEN, "card", "holder"),
        Error::NoKind(_) => (StatusCode::UNPROCESSABLE_ENTITY, "kind", "unknown"),
        Error::NoUnit(_) => (StatusCode::UNPROCESSABLE_ENTITY, "receiving", "unknown"),
        Error::NotAUnit(_) => (StatusCode::UNPROCESSABLE_ENTITY, "competent", "unknown"),
        Error::Number { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "applicant.number", "number"),
        Error::Slot => (StatusCode::UNPROCESSABLE_ENTITY, "slot", "taken"),
        Error::Text { field, .. } => (StatusCode::UNPROCESSABLE_ENTITY, *field, "text"),
        Error::Conflict => (StatusCode::CONFLICT, "version", "changed"),
        Error::Standing(_) => (StatusCode::CONFLICT, "standing", "standing"),
        Error::NotSigned => (StatusCode::CONFLICT, "signatures", "person-first"),
        Error::SignedAlready => (StatusCode::CONFLICT, "signatures", "already"),
        Error::OthersWait(_) => (StatusCode::CONFLICT, "signatures", "others-wait"),
        Error::Unsigned { .. } => (StatusCode::CONFLICT, "signatures", "unsigned"),
        Error::HalfSigned(_) => (StatusCode::CONFLICT, "signatures", "half-signed"),
        Error::Altered(_) => (StatusCode::UNPROCESSABLE_ENTITY, "content", "altered"),
        // Nothing has changed; whoever keeps the templates mends the line that is named.
        Error::Paper(_) => (StatusCode::CONFLICT, "template", "template"),
        Error::TooMany { what, .. } => (StatusCode::CONFLICT, *what, "too-many"),
        Error::Refused(refused) => return of_refused(refused, detail),
        Error::Pack { .. } | Error::Damaged(_) => {
            tracing::error!(%error, "a case could not be shown");
            return Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side.");
        }
        Error::Door(_) => {
            return match error {
                Error::Door(error) => error.into(),
                other => Refusal::http(StatusCode::INTERNAL_SERVER_ERROR, other.to_string()),
            };
        }
    };
    with(Refusal::http(status, detail), field, rule)
}

fn of_refused(refused: &Refused, detail: String) -> Refusal {
    let asked = |ask: &str| format!("asked.{ask}");
    let (status, field, rule) = match refused {
        Refused::NoAction(_) => (StatusCode::UNPROCESSABLE_ENTITY, "action".to_owned(), "unknown"),
        Refused::State { .. } => (StatusCode::CONFLICT, "action".to_owned(), "state"),
        Refused::Role { .. } => (StatusCode::FORBIDDEN, "action".to_owned(), "role"),
        Refused::StepUp(_) => (StatusCode::FORBIDDEN, "action".to_owned(), "second-factor"),
        Refused::Guard { .. } => (StatusCode::CONFLICT, "action".to_owned(), "condition"),
        Refused::Asked { ask, rule } => (StatusCode::UNPROCESSABLE_ENTITY, asked(ask), name(rule)),
        Refused::NotAsked(ask) => (StatusCode::UNPROCESSABLE_ENTITY, asked(ask), "not-asked"),
        Refused::Supplements(_) => (StatusCode::CONFLICT, "action".to_owned(), "supplements"),
        Refused::Extensions(_) => (StatusCode::CONFLICT, "action".to_owned(), "extensions"),
        Refused::Tasks(_) => (StatusCode::CONFLICT, "action".to_owned(), "opinions"),
        Refused::Proof => (StatusCode::UNPROCESSABLE_ENTITY, "proof".to_owned(), "proof"),
        Refused::Full => (StatusCode::CONFLICT, "action".to_owned(), "full"),
        Refused::Over(_) => (StatusCode::CONFLICT, "at".to_owned(), "over"),
        Refused::Sent => (StatusCode::UNPROCESSABLE_ENTITY, "sent".to_owned(), "sent"),
        Refused::Backwards => (StatusCode::CONFLICT, "at".to_owned(), "backwards"),
        Refused::Kind(_) => (StatusCode::UNPROCESSABLE_ENTITY, "kind".to_owned(), "kind"),
        Refused::Clock(_) => (StatusCode::CONFLICT, "action".to_owned(), "clock"),
    };
    let refusal = with(Refusal::http(status, detail), &field, rule);
    match refused {
        Refused::Guard { unless: Some(unless), .. } => {
            refusal.saying("reason", serde_json::json!({"vi": unless.vi, "en": unless.en}))
        }
        _ => refusal,
    }
}

fn with(refusal: Refusal, field: &str, rule: &str) -> Refusal {
    let refusal = if field.is_empty() { refusal } else { refusal.saying("field", field) };
    refusal.saying("rule", rule)
}

fn name(rule: &AskRule) -> &'static str {
    match rule {
        AskRule::Required => "required",
        AskRule::Text { .. } => "text",
        AskRule::Choice => "choice",
        AskRule::Date => "date",
        AskRule::Count(_) => "count",
        AskRule::Parts => "parts",
        AskRule::Name => "name",
        AskRule::Apart => "apart",
    }
}
