//! What happened to accounts, in sentences.

use dinh_identity::{Event, What};
use serde_json::Value as Json;

use crate::pages::admin::titles;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// The event that the details of a note hold, if they hold one.
pub(super) fn read(details: &Json) -> Option<Event> {
    serde_json::from_value(details.clone()).ok()
}

/// An event as a sentence.
pub(super) fn say(visitor: &Visitor, what: &What) -> String {
    let lang = visitor.lang();
    match what {
        What::SignedIn { .. } => lang.say("event-signed-in"),
        What::SignInFailed { .. } => lang.say("event-sign-in-failed"),
        What::SteppedUp { .. } => lang.say("event-stepped-up"),
        What::StepUpFailed { .. } => lang.say("event-step-up-failed"),
        What::SignedOut { .. } => lang.say("event-signed-out"),
        What::SessionsRevoked { sessions } => {
            let count = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
            lang.say_with("event-sessions-revoked", &args([("count", count)]))
        }
        What::AccountMade => lang.say("event-account-made"),
        What::AccountChanged { members } => {
            let members: Vec<String> = members.iter().map(|name| member(visitor, name)).collect();
            lang.say_with("event-account-changed", &args([("members", members.join(", "))]))
        }
        What::RightsChanged { given, taken } => rights(visitor, given, taken),
        What::Locked => lang.say("event-locked"),
        What::Unlocked => lang.say("event-unlocked"),
        What::Closed => lang.say("event-closed"),
        What::Exported => lang.say("event-exported"),
        What::PasswordSet => lang.say("event-password-set"),
        What::FactorAdded { .. } => lang.say("event-factor-added"),
        What::FactorRemoved { .. } => lang.say("event-factor-removed"),
        What::RecoveryCodesMade => lang.say("event-codes-made"),
        What::RecoveryLinkMade => lang.say("event-link-made"),
        What::RecoveryLinkUsed => lang.say("event-link-used"),
        What::Linked { .. } => lang.say("event-linked"),
        What::Unlinked { .. } => lang.say("event-unlinked"),
        What::KeyMade { key } => lang.say_with("event-key-made", &args([("key", key.clone())])),
        What::KeyRotated { key } => lang.say_with("event-key-rotated", &args([("key", key.clone())])),
        What::KeyRevoked { key } => lang.say_with("event-key-revoked", &args([("key", key.clone())])),
        What::KeyRefused { .. } => lang.say("event-key-refused"),
        What::CardsCount { allowed: true } => lang.say("event-cards-count"),
        What::CardsCount { allowed: false } => lang.say("event-cards-do-not-count"),
        What::SetUpCodeMade => lang.say("event-set-up-made"),
        What::SetUpCodeUsed => lang.say("event-set-up-used"),
        What::SetUpCodeRefused => lang.say("event-set-up-refused"),
    }
}

fn member(visitor: &Visitor, name: &str) -> String {
    let lang = visitor.lang();
    match name {
        "name" => lang.say("admin-name"),
        "email" => lang.say("admin-email"),
        "phone" => lang.say("admin-phone"),
        "language" => lang.say("admin-language"),
        "subject" => lang.say("admin-subject"),
        "identity" => lang.say("admin-identity"),
        "speaksFor" => lang.say("admin-ties"),
        other => other.to_owned(),
    }
}

fn rights(visitor: &Visitor, given: &[String], taken: &[String]) -> String {
    let lang = visitor.lang();
    let all = |rights: &[String]| {
        let said: Vec<String> = rights.iter().map(|right| right_of(visitor, right)).collect();
        said.join(", ")
    };
    match (given.is_empty(), taken.is_empty()) {
        (true, true) => lang.say("event-rights-same"),
        (false, true) => lang.say_with("event-rights-given", &args([("given", all(given))])),
        (true, false) => lang.say_with("event-rights-taken", &args([("taken", all(taken))])),
        (false, false) => {
            lang.say_with("event-rights-changed", &args([("given", all(given)), ("taken", all(taken))]))
        }
    }
}

/// A right as events name it, `role:operator@urn:… from/to`, with the role's title.
fn right_of(visitor: &Visitor, right: &str) -> String {
    let Some(rest) = right.strip_prefix("role:") else { return right.to_owned() };
    let end = rest.find(['@', ' ']).unwrap_or(rest.len());
    let (code, dates) = rest.split_at(end);
    format!("{}{dates}", titles::role(visitor, code))
}
