//! What went wrong with an account, in words.

use dinh_identity::Error;

use crate::look;
use crate::pages::view::Outcome;
use crate::words::{Lang, args};

/// What a page says of an error; faults of ours go to the log.
pub(super) fn told(error: &Error, lang: Lang) -> Outcome {
    let text = match error {
        Error::TooSoon { until } => {
            lang.say_with("account-too-soon", &args([("when", look::date_time(*until, lang))]))
        }
        other => lang.say(key(other)),
    };
    if error.is_ours() {
        tracing::error!(%error, "an account could not be used");
    }
    Outcome { tone: "danger", text }
}

fn key(error: &Error) -> &'static str {
    match error.code() {
        "sign-in-refused" => "account-refused",
        "wrong-code" => "account-wrong-code",
        "busy" => "account-busy",
        "expired" => "account-expired",
        "not-signed-in" => "account-not-signed-in",
        "step-up" => "account-step-up-needed",
        "confirm" => "account-confirm-needed",
        "taken" => "account-taken",
        "not-active" => "account-not-active",
        "not-an-email" | "not-a-phone" => "account-not-an-address",
        "name-misfit" => "account-name-misfit",
        "password-short" => "account-password-short",
        "password-long" => "account-password-long",
        "password-common" => "account-password-common",
        "password-personal" => "account-password-personal",
        "no-such" => "account-no-such",
        "too-many" => "account-too-many",
        _ => "account-failed",
    }
}
