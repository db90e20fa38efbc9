//! What went wrong with an account, in words.

use dinh_identity::Error;

use crate::look;
use crate::pages::view::Outcome;
use crate::words::{Lang, args};

/// What a page says of an error; faults of ours go to the log.
pub(in crate::pages) fn told(error: &Error, lang: Lang) -> Outcome {
    let text = match error {
        Error::TooSoon { until } => {
            lang.say_with("account-too-soon", &args([("when", look::date_time(*until, lang))]))
        }
        other => said(other, lang),
    };
    if error.is_ours() {
        tracing::error!(%error, "an account could not be used");
    }
    Outcome { tone: "danger", text }
}

fn said(error: &Error, lang: Lang) -> String {
    match error.code() {
        "sign-in-refused" => lang.say("account-refused"),
        "wrong-code" => lang.say("account-wrong-code"),
        "busy" => lang.say("account-busy"),
        "expired" => lang.say("account-expired"),
        "not-signed-in" => lang.say("account-not-signed-in"),
        "step-up" => lang.say("account-step-up-needed"),
        "confirm" => lang.say("account-confirm-needed"),
        "cards-do-not-count" => lang.say("account-cards-do-not-count"),
        "taken" => lang.say("account-taken"),
        "not-active" => lang.say("account-not-active"),
        "not-an-email" | "not-a-phone" => lang.say("account-not-an-address"),
        "name-misfit" => lang.say("account-name-misfit"),
        "password-short" => lang.say("account-password-short"),
        "password-long" => lang.say("account-password-long"),
        "password-common" => lang.say("account-password-common"),
        "password-breached" => lang.say("account-password-breached"),
        "password-personal" => lang.say("account-password-personal"),
        "no-such" => lang.say("account-no-such"),
        "too-many" => lang.say("account-too-many"),
        "oneself" => lang.say("account-oneself"),
        "no-provider" => lang.say("account-no-provider"),
        "provider-state" => lang.say("account-provider-state"),
        "provider-refused" => lang.say("account-provider-refused"),
        "provider-unreachable" => lang.say("account-provider-unreachable"),
        "provider-no-account" => lang.say("account-provider-no-account"),
        "provider-claim" | "provider-not-believed" => lang.say("account-provider-not-believed"),
        "passkey-refused" => lang.say("account-passkey-refused"),
        _ => lang.say("account-failed"),
    }
}
