//! What went wrong, in words.

use dinh_cases::{AskRule, Case, Kind, Refused};
use dinh_casework::{Error, NumberRule, Signer};
use http::StatusCode;

use super::parts::{period, say};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What a page says of an error, with the status of the answer; or the page that there is instead.
pub(super) fn told(
    visitor: &Visitor,
    error: Error,
    kind: Option<&Kind>,
) -> Result<(Outcome, StatusCode), Fault> {
    let status = match &error {
        Error::Refused(Refused::Role { .. } | Refused::StepUp(_)) | Error::NotYours | Error::NotTheirCard => {
            StatusCode::FORBIDDEN
        }
        Error::Refused(Refused::Asked { .. } | Refused::NotAsked(_) | Refused::Sent | Refused::Proof)
        | Error::Text { .. }
        | Error::Number { .. }
        | Error::NoUnit(_)
        | Error::NotAUnit(_)
        | Error::Altered(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Refused(_)
        | Error::Conflict
        | Error::Slot
        | Error::Standing(_)
        | Error::NotSigned
        | Error::SignedAlready
        | Error::OthersWait(_)
        | Error::Unsigned { .. }
        | Error::HalfSigned(_)
        | Error::Paper(_)
        | Error::TooMany { .. } => StatusCode::CONFLICT,
        _ => return Err(fault(visitor, error)),
    };
    Ok((Outcome { tone: "danger", text: words(&error, kind, visitor.lang()) }, status))
}

/// The page that says why there is none.
pub(super) fn fault(visitor: &Visitor, error: Error) -> Fault {
    match error {
        Error::NotOffered | Error::NoSuch(_) | Error::NoDocument(_) | Error::NoKind(_) => {
            Fault::not_found(visitor.taste)
        }
        Error::NotSignedIn => Fault::refused(visitor.taste, StatusCode::UNAUTHORIZED),
        Error::NotYours => Fault::refused(visitor.taste, StatusCode::FORBIDDEN),
        Error::TooMany { .. } => Fault::bad_request(visitor.taste, error.to_string()),
        Error::Door(error) => Fault::of(visitor.taste, error),
        other => {
            tracing::error!(error = %other, "a page of cases could not be made");
            Fault::of(visitor.taste, dinh_context::Error::Nothing)
        }
    }
}

/// An error in words.
pub(super) fn words(error: &Error, kind: Option<&Kind>, lang: Lang) -> String {
    match error {
        Error::Refused(refused) => refused_words(refused, kind, lang),
        Error::Conflict => lang.say("cases-error-conflict"),
        Error::NoSuch(_) => lang.say("cases-error-none"),
        Error::NotYours => lang.say("cases-error-role"),
        Error::NotTheirCard => lang.say("exemption-error-other"),
        Error::TooMany { most, .. } => {
            lang.say_with("cases-error-too-many", &args([("most", number(*most))]))
        }
        Error::Number { rule } => match rule {
            NumberRule::Person => lang.say("counter-number-person"),
            NumberRule::Tax => lang.say("counter-number-tax"),
            NumberRule::Authority => lang.say("counter-number-authority"),
        },
        Error::Standing(_) => lang.say("papers-error-standing"),
        Error::NotSigned => lang.say("signing-person-first"),
        Error::SignedAlready => lang.say("signing-already"),
        Error::OthersWait(serial) => {
            lang.say_with("signing-others-wait", &args([("serial", serial.clone())]))
        }
        Error::Unsigned { serial, signer } => {
            let values = args([("serial", serial.clone())]);
            match signer {
                Signer::Person => lang.say_with("signing-lacks-person", &values),
                Signer::Seal => lang.say_with("signing-lacks-seal", &values),
            }
        }
        Error::HalfSigned(serial) => lang.say_with("signing-half", &args([("serial", serial.clone())])),
        Error::Altered(_) => lang.say("papers-altered-told"),
        Error::Paper(wrong) => lang.say_with("papers-template-wrong", &args([("reason", wrong.to_string())])),
        Error::Slot => lang.say("ticket-error-slot"),
        Error::NoUnit(_) | Error::NotAUnit(_) => lang.say("counter-error-unit"),
        Error::Text { least, most, .. } => {
            lang.say_with("cases-error-text", &args([("least", number(*least)), ("most", number(*most))]))
        }
        other => other.to_string(),
    }
}

fn refused_words(refused: &Refused, kind: Option<&Kind>, lang: Lang) -> String {
    let state = |code: &str| {
        let state = kind.and_then(|kind| kind.state(code));
        state.map_or_else(|| code.to_owned(), |state| say(&state.title, lang))
    };
    match refused {
        Refused::State { state: code, .. } => {
            lang.say_with("cases-error-state", &args([("state", state(code))]))
        }
        Refused::Role { .. } => lang.say("cases-error-role"),
        Refused::StepUp(_) => lang.say("cases-error-step-up"),
        Refused::Guard { unless: Some(unless), .. } => say(unless, lang),
        Refused::Guard { unless: None, .. } => lang.say("cases-error-guard"),
        Refused::Asked { ask, rule } => {
            let asks = kind.into_iter().flat_map(|kind| &kind.actions).flat_map(|action| &action.asks);
            let title = asks.into_iter().find(|one| one.code == *ask);
            let field = title.map_or_else(|| ask.clone(), |one| say(&one.title, lang));
            let values = args([("field", field), ("rule", rule_words(rule, lang))]);
            lang.say_with("cases-error-asked", &values)
        }
        Refused::NotAsked(_) | Refused::NoAction(_) => lang.say("cases-error-action"),
        Refused::Supplements(most) => {
            lang.say_with("cases-error-supplements", &args([("most", f64::from(*most))]))
        }
        Refused::Extensions(most) => {
            let longest = kind.and_then(|kind| kind.timing.extension).map(|one| period(one, lang));
            let values = args([("most", most.to_string()), ("longest", longest.unwrap_or_default())]);
            lang.say_with("cases-error-extensions", &values)
        }
        Refused::Tasks(missing) => lang.say_with("cases-error-tasks", &args([("count", number(*missing))])),
        Refused::Over(_) => lang.say("citizen-error-rate-over"),
        Refused::Sent => {
            let most = f64::from(i32::try_from(Case::MOST_DAYS_BEFORE).unwrap_or(i32::MAX));
            lang.say_with("counter-error-sent", &args([("most", most)]))
        }
        Refused::Proof => lang.say("exemption-error-nothing"),
        Refused::Full => lang.say("cases-error-full"),
        Refused::Backwards => lang.say("cases-error-backwards"),
        Refused::Kind(_) | Refused::Clock(_) => lang.say("cases-error-kind"),
    }
}

fn rule_words(rule: &AskRule, lang: Lang) -> String {
    match rule {
        AskRule::Required => lang.say("cases-rule-required"),
        AskRule::Text { least, most } => {
            lang.say_with("cases-rule-text", &args([("least", number(*least)), ("most", number(*most))]))
        }
        AskRule::Choice => lang.say("cases-rule-choice"),
        AskRule::Date => lang.say("cases-rule-date"),
        AskRule::Count(most) => lang.say_with("cases-rule-count", &args([("most", most.to_string())])),
        AskRule::Parts => lang.say("cases-rule-parts"),
        AskRule::Apart => lang.say("citizen-rule-apart"),
        AskRule::Name => lang.say("cases-rule-name"),
    }
}

fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
