//! What went wrong, in words.

use dinh_cards::Error;
use http::StatusCode;

use super::{present, verify};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What a page says of an error, with the status of the answer; or the page that there is instead.
pub(in crate::pages) fn told(visitor: &Visitor, error: Error) -> Result<(Outcome, StatusCode), Fault> {
    let status = match &error {
        Error::NotManager
        | Error::StepUp
        | Error::OwnCard
        | Error::SamePerson
        | Error::NotYours
        | Error::OtherHolder
        | Error::Unproved(_) => StatusCode::FORBIDDEN,
        Error::Missing(_)
        | Error::Text { .. }
        | Error::Span(_)
        | Error::Number(_)
        | Error::Layout(_)
        | Error::NoBenefit(_)
        | Error::Unbelieved(_)
        | Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::State(_)
        | Error::HasOne
        | Error::Conflict
        | Error::NotValid(_)
        | Error::NotShown
        | Error::DoesNotHold(_)
        | Error::Spent("presentation")
        | Error::NoSuch("question")
        | Error::TooMany { .. } => StatusCode::CONFLICT,
        Error::Paper(fault) => {
            tracing::error!(%fault, "cards cannot be printed");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => return Err(fault(visitor, error)),
    };
    Ok((Outcome { tone: "danger", text: words(&error, visitor.lang()) }, status))
}

/// The page that says why there is none.
pub(super) fn fault(visitor: &Visitor, error: Error) -> Fault {
    match error {
        Error::NotOffered | Error::NoSuch(_) => Fault::not_found(visitor.taste),
        Error::NotSignedIn => Fault::refused(visitor.taste, StatusCode::UNAUTHORIZED),
        Error::NotManager | Error::StepUp => Fault::refused(visitor.taste, StatusCode::FORBIDDEN),
        Error::Door(error) => Fault::of(visitor.taste, error),
        other => Fault::broken(visitor.taste, &other),
    }
}

fn words(error: &Error, lang: Lang) -> String {
    match error {
        Error::NotManager => lang.say("cards-error-manager"),
        Error::StepUp => lang.say("cards-error-step-up"),
        Error::OwnCard => lang.say("cards-error-own"),
        Error::SamePerson => lang.say("cards-error-same"),
        Error::NotYours => lang.say("cards-error-not-yours"),
        Error::Unproved(level) => {
            lang.say_with("cards-error-unproved", &args([("level", f64::from(*level))]))
        }
        Error::State(_) | Error::NotValid(_) => lang.say("cards-error-state"),
        Error::HasOne => lang.say("cards-error-has-one"),
        Error::NotShown => lang.say("cards-error-not-shown"),
        Error::Spent(_) | Error::NoSuch("question") => lang.say("cards-error-spent"),
        Error::OtherHolder => lang.say("cards-error-other-holder"),
        Error::DoesNotHold(standing) => verify::words(*standing, false, lang).1,
        Error::Unbelieved(code) => present::refused(code, lang),
        Error::NoBenefit(_) => lang.say("cards-error-benefit"),
        Error::Conflict => lang.say("cards-error-conflict"),
        Error::TooMany { what: "cards in one print job", most } => {
            let most = f64::from(u32::try_from(*most).unwrap_or(u32::MAX));
            lang.say_with("cards-error-print-many", &args([("most", most)]))
        }
        Error::Paper(_) => lang.say("cards-error-print"),
        Error::Missing("unit.code") => lang.say("cards-error-unit-code"),
        Error::Missing("holder.position") => lang.say("cards-error-position"),
        Error::Missing(_) => lang.say("cards-error-personal-id"),
        Error::Number(_) => lang.say("cards-error-number"),
        Error::Layout(_) | Error::Refused(_) => lang.say("cards-error-long"),
        Error::Span(_) => lang.say("cards-error-span"),
        Error::Text { least, most, .. } => {
            let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
            lang.say_with("cards-error-text", &args([("least", number(*least)), ("most", number(*most))]))
        }
        other => other.to_string(),
    }
}
