//! What a kind says, in words: the names of its fields and what they hold.

use dinh_calendar::{Named, Period};
use dinh_cases::{Kind, Section};
use jiff::civil::Date;
use serde::Deserialize as _;
use serde_json::Value as Json;

use crate::look;
use crate::pages::cases::parts::{period, say};
use crate::words::Lang;

/// What a part of a kind is called.
pub(super) fn section(section: Section, lang: Lang) -> String {
    match section {
        Section::Whole => lang.say("kinds-section-whole"),
        Section::Basis => lang.say("kinds-section-basis"),
        Section::Variants => lang.say("kinds-section-variants"),
        Section::Roles => lang.say("kinds-section-roles"),
        Section::Parts => lang.say("kinds-section-parts"),
        Section::Results => lang.say("kinds-section-results"),
        Section::Fees => lang.say("kinds-section-fees"),
        Section::States => lang.say("kinds-section-states"),
        Section::Actions => lang.say("kinds-section-actions"),
        Section::Consultations => lang.say("kinds-section-consultations"),
        Section::Timers => lang.say("kinds-section-timers"),
        Section::Escalations => lang.say("kinds-section-escalations"),
    }
}

/// What a member is called; its code where it has no name.
pub(super) fn member(kind: &Kind, section: Section, code: &str, lang: Lang) -> String {
    let title = match section {
        Section::Whole => Some(&kind.title),
        Section::Basis => kind.basis.iter().find(|one| one.number == code).map(|one| &one.title),
        Section::Variants => kind.variant(code).map(|one| &one.title),
        Section::Roles => kind.role(code).map(|one| &one.title),
        Section::Parts => kind.part(code).map(|one| &one.title),
        Section::Results => kind.results.iter().find(|one| one.code == code).map(|one| &one.title),
        Section::Fees => kind.fees.iter().find(|one| one.code == code).map(|one| &one.title),
        Section::States => kind.state(code).map(|one| &one.title),
        Section::Actions => kind.action(code).map(|one| &one.title),
        Section::Consultations => kind.consultation(code).map(|one| &one.title),
        Section::Timers | Section::Escalations => None,
    };
    title.map_or_else(|| code.to_owned(), |title| say(title, lang))
}

/// What a field is called; as a pack writes it where it has no name of its own.
pub(super) fn name(field: &str, lang: Lang) -> String {
    match field {
        "title" => lang.say("kinds-field-title"),
        "summary" => lang.say("kinds-field-summary"),
        "valid_from" => lang.say("kinds-field-valid-from"),
        "valid_to" => lang.say("kinds-field-valid-to"),
        "procedure" => lang.say("kinds-field-procedure"),
        "form" => lang.say("kinds-field-form"),
        "number" => lang.say("kinds-field-number"),
        "timing" => lang.say("kinds-field-timing"),
        "statutory" => lang.say("kinds-field-statutory"),
        "promised" => lang.say("kinds-field-promised"),
        "counting" => lang.say("kinds-field-counting"),
        "supplements" => lang.say("kinds-field-supplements"),
        "extensions" => lang.say("kinds-field-extensions"),
        "extension" => lang.say("kinds-field-extension"),
        "when" => lang.say("kinds-field-when"),
        "tie" => lang.say("kinds-field-tie"),
        "held_by" => lang.say("kinds-field-held-by"),
        "hint" => lang.say("kinds-field-hint"),
        "required" => lang.say("kinds-field-required"),
        "required_if" => lang.say("kinds-field-required-if"),
        "originals" => lang.say("kinds-field-originals"),
        "copies" => lang.say("kinds-field-copies"),
        "files" => lang.say("kinds-field-files"),
        "served_by" => lang.say("kinds-field-served-by"),
        "variants" => lang.say("kinds-section-variants"),
        "document" => lang.say("kinds-field-document"),
        "only_if" => lang.say("kinds-field-only-if"),
        "valid_for" => lang.say("kinds-field-valid-for"),
        "amount" => lang.say("kinds-field-amount"),
        "times" => lang.say("kinds-field-times"),
        "free_if" => lang.say("kinds-field-free-if"),
        "basis" => lang.say("kinds-section-basis"),
        _ => name_of_step(field, lang),
    }
}

fn name_of_step(field: &str, lang: Lang) -> String {
    match field {
        "told" => lang.say("kinds-field-told"),
        "national" => lang.say("kinds-field-national"),
        "desk" => lang.say("kinds-field-desk"),
        "clock" => lang.say("kinds-field-clock"),
        "limit" => lang.say("kinds-field-limit"),
        "ends" => lang.say("kinds-field-ends"),
        "done" => lang.say("kinds-field-done"),
        "from" => lang.say("kinds-field-from"),
        "to" => lang.say("kinds-field-to"),
        "by" => lang.say("kinds-field-by"),
        "guard" => lang.say("kinds-field-guard"),
        "unless" => lang.say("kinds-field-unless"),
        "ask" => lang.say("kinds-field-ask"),
        "do" => lang.say("kinds-field-do"),
        "batch" => lang.say("kinds-field-batch"),
        "step_up" => lang.say("kinds-field-step-up"),
        "mandatory" => lang.say("kinds-field-mandatory"),
        "silence_agrees" => lang.say("kinds-field-silence"),
        "confidential" => lang.say("kinds-field-confidential"),
        "state" => lang.say("kinds-field-state"),
        "after" => lang.say("kinds-field-after"),
        "action" => lang.say("kinds-field-action"),
        "role" => lang.say("kinds-field-role"),
        "message" => lang.say("kinds-field-message"),
        "template" => lang.say("papers-field-template"),
        other => other.to_owned(),
    }
}

/// What a field holds, as text for people. Codes that a kind has a name for are told by it.
pub(super) fn value(field: &str, value: &Json, kind: &Kind, lang: Lang) -> String {
    if let Ok(named) = Named::deserialize(value) {
        return say(&named, lang);
    }
    if let Ok(found) = Period::deserialize(value) {
        return period(found, lang);
    }
    match value {
        Json::Null => "–".to_owned(),
        Json::Bool(true) => lang.say("kinds-yes"),
        Json::Bool(false) => lang.say("kinds-no"),
        Json::String(text) => word(field, text, kind, lang),
        Json::Array(all) if all.iter().all(|one| !one.is_object()) => {
            let all: Vec<String> = all.iter().map(|one| self::value(field, one, kind, lang)).collect();
            all.join(", ")
        }
        Json::Array(all) => {
            let all: Vec<String> = all.iter().map(|one| self::value(field, one, kind, lang)).collect();
            all.join("; ")
        }
        Json::Object(fields) => {
            if let Some(title) = fields.get("title").and_then(|title| Named::deserialize(title).ok()) {
                return say(&title, lang);
            }
            let told = fields.iter().map(|(field, inner)| {
                let shown = self::value(field, inner, kind, lang);
                if field == "what" { shown } else { format!("{}: {shown}", name(field, lang)) }
            });
            told.collect::<Vec<_>>().join(", ")
        }
        Json::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| look::number(number, Some(0), lang))
        }
    }
}

fn word(field: &str, text: &str, kind: &Kind, lang: Lang) -> String {
    if let Ok(day) = text.parse::<Date>() {
        return look::day(day, lang);
    }
    let title = match field {
        "from" | "to" | "state" => kind.state(text).map(|state| &state.title),
        "by" | "role" | "desk" => kind.role(text).map(|role| &role.title),
        "action" => kind.action(text).map(|action| &action.title),
        "variants" => kind.variant(text).map(|variant| &variant.title),
        "parts" => kind.part(text).map(|part| &part.title),
        _ => None,
    };
    title.map_or_else(|| text.to_owned(), |title| say(title, lang))
}
