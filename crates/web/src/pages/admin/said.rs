//! What went wrong with what an administrator typed, and beside which field it is said.

use dinh_identity::Error;

use super::given::Trouble;
use crate::pages::account;
use crate::words::{Lang, args};

/// What is said of an error, and beside which field. `address` is the field of an address that another account has.
pub(super) fn trouble(error: &Error, lang: Lang) -> Trouble {
    let (field, text) = match error.code() {
        "taken" => ("email", lang.say("admin-taken")),
        "not-an-email" => ("email", lang.say("admin-not-an-email")),
        "not-a-phone" => ("phone", lang.say("admin-not-a-phone")),
        "name-misfit" => ("name", lang.say("admin-name-misfit")),
        "title-misfit" => ("title", lang.say("admin-title-misfit")),
        "reason-misfit" => ("reason", lang.say("admin-reason-misfit")),
        "days-backwards" => ("to", lang.say("admin-days-backwards")),
        "stand-in-days" => ("to", lang.say("admin-stand-in-days")),
        "no-role" => ("role", lang.say("admin-no-role")),
        "oneself" => ("", lang.say("admin-oneself")),
        "elsewhere" => ("", lang.say("admin-elsewhere")),
        "not-active" => ("", lang.say("admin-not-active")),
        "no-such" => ("", lang.say("admin-no-such")),
        "key-misfit" => return key(error, lang),
        _ => ("", account::told(error, lang).text),
    };
    Trouble::new(field, text)
}

fn key(error: &Error, lang: Lang) -> Trouble {
    let Error::Key { field, .. } = error else { return Trouble::new("", String::new()) };
    match *field {
        "title" => Trouble::new("title", lang.say("admin-key-title-misfit")),
        "expires" => Trouble::new("expires", lang.say("admin-key-expires-misfit")),
        "perSecond" => Trouble::new("rate", lang.say("admin-key-rate-misfit")),
        "account" => Trouble::new("account", lang.say("admin-key-account-misfit")),
        _ => Trouble::new("types", lang.say("admin-key-scope-misfit")),
    }
}

/// What is said of a field that does not hold what it should: a day or a URI.
pub(super) fn misread(field: &str, lang: Lang) -> Trouble {
    let text = match field {
        "subject" | "unit" | "parent" => lang.say("admin-not-a-uri"),
        _ => lang.say("admin-not-a-day"),
    };
    Trouble::new(field, text)
}

/// Something was done.
pub(super) fn done(text: String) -> crate::pages::view::Outcome {
    crate::pages::view::Outcome { tone: "ok", text }
}

/// Something could not be done, said for the page as a whole.
pub(super) fn not_done(trouble: &Trouble, lang: Lang) -> crate::pages::view::Outcome {
    let text = if trouble.field.is_empty() {
        trouble.text.clone()
    } else {
        lang.say_with("admin-see-field", &args([("what", trouble.text.clone())]))
    };
    crate::pages::view::Outcome { tone: "danger", text }
}
