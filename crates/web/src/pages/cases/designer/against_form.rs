//! What the form of one version asks otherwise than that of another.

use std::sync::Arc;

use dinh_cases::Kind;
use dinh_forms::{Aspect, Change, Difference, Form, Need, Text};

use super::against::{FieldView, Member, SectionView};
use crate::look;
use crate::pages::cases::filing;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Numbers from here on are what a form says where it sets no bound.
const NO_BOUND: f64 = 1e9;

/// The differences of the editions of the form that belong to two versions of a kind; none where they ask the same.
pub(super) fn section(visitor: &Visitor, older: &Kind, newer: &Kind) -> Option<SectionView> {
    let (was, is) = (edition_before(visitor, older, newer)?, filing::on(visitor, newer, newer.valid_from)?);
    let lang = visitor.lang();
    let members: Vec<Member> = was.differences(&is).iter().map(|one| member(one, lang)).collect();
    (!members.is_empty()).then(|| SectionView { title: lang.say("kinds-section-form"), members })
}

/// The edition with which the older version ended, or began where the newer one does not come after it.
fn edition_before(visitor: &Visitor, older: &Kind, newer: &Kind) -> Option<Arc<Form>> {
    let last = newer.valid_from.yesterday().ok().filter(|last| *last >= older.valid_from);
    filing::on(visitor, older, last.unwrap_or(older.valid_from))
}

fn member(difference: &Difference<'_>, lang: Lang) -> Member {
    let title = text(&difference.field.title, lang);
    match &difference.change {
        Change::Added => Member::added(title, lang),
        Change::Removed => Member::removed(title, lang),
        Change::Changed(aspects) => {
            Member::changed(title, aspects.iter().map(|aspect| shown(aspect, lang)).collect(), lang)
        }
    }
}

fn shown(aspect: &Aspect<'_>, lang: Lang) -> FieldView {
    let field = |name: String, was: String, is: String| FieldView { name, was, is };
    let nothing = || lang.say("kinds-nothing");
    let maybe = |one: Option<&Text>| one.map_or_else(nothing, |one| text(one, lang));
    let whether = |holds: bool| if holds { lang.say("kinds-yes") } else { lang.say("kinds-no") };
    let all = |texts: &[&Text]| match texts {
        [] => nothing(),
        texts => texts.iter().map(|one| text(one, lang)).collect::<Vec<_>>().join("; "),
    };
    match aspect {
        Aspect::Title(was, is) => field(lang.say("kinds-field-title"), text(was, lang), text(is, lang)),
        Aspect::Hint(was, is) => field(lang.say("kinds-field-hint"), maybe(*was), maybe(*is)),
        Aspect::Need(was, is) => field(lang.say("kinds-field-required"), need(was, lang), need(is, lang)),
        Aspect::Condition(was, is) => field(lang.say("kinds-form-condition"), whether(*was), whether(*is)),
        Aspect::Answer(was, is) => field(lang.say("kinds-form-answer"), answer(was, lang), answer(is, lang)),
        Aspect::Least(was, is) => field(lang.say("kinds-form-least"), bound(*was, lang), bound(*is, lang)),
        Aspect::Most(was, is) => field(lang.say("kinds-form-most"), bound(*was, lang), bound(*is, lang)),
        Aspect::Options(gone, added) => field(lang.say("kinds-form-options"), all(gone), all(added)),
        Aspect::Rules => {
            field(lang.say("kinds-form-rules"), lang.say("kinds-form-before"), lang.say("kinds-form-now"))
        }
    }
}

fn need(need: &Need, lang: Lang) -> String {
    match need {
        Need::Optional => lang.say("kinds-no"),
        Need::Always => lang.say("kinds-yes"),
        Need::If(_) => lang.say("kinds-form-sometimes"),
    }
}

fn bound(number: f64, lang: Lang) -> String {
    if number.abs() >= NO_BOUND { lang.say("kinds-form-no-bound") } else { look::number(number, None, lang) }
}

/// A kind of answer by its word in form files ([`dinh_forms::Kind::word`]).
fn answer(word: &str, lang: Lang) -> String {
    match word {
        "long-text" => lang.say("kinds-answer-long-text"),
        "text" => lang.say("kinds-answer-text"),
        "number" => lang.say("kinds-answer-number"),
        "money" => lang.say("kinds-answer-money"),
        "integer" => lang.say("kinds-answer-integer"),
        "date" => lang.say("kinds-answer-date"),
        "partial-date" => lang.say("kinds-answer-partial-date"),
        "time" => lang.say("kinds-answer-time"),
        "yes-no" => lang.say("kinds-answer-yes-no"),
        "choice" => lang.say("kinds-answer-choice"),
        "choices" => lang.say("kinds-answer-choices"),
        "files" => lang.say("kinds-answer-files"),
        "consent" => lang.say("kinds-answer-consent"),
        "computed" => lang.say("kinds-answer-computed"),
        "table" => lang.say("kinds-answer-table"),
        other => special(other, lang),
    }
}

/// Kinds of answer that are about people and places.
fn special(word: &str, lang: Lang) -> String {
    match word {
        "personal-id" => lang.say("kinds-answer-personal-id"),
        "old-id" => lang.say("kinds-answer-old-id"),
        "tax-code" => lang.say("kinds-answer-tax-code"),
        "telephone" => lang.say("kinds-answer-telephone"),
        "email" => lang.say("kinds-answer-email"),
        "province" => lang.say("kinds-answer-province"),
        "commune" => lang.say("kinds-answer-commune"),
        "person" => lang.say("kinds-answer-person"),
        "address" => lang.say("kinds-answer-address"),
        "parcel" => lang.say("kinds-answer-parcel"),
        _ => lang.say("kinds-answer-group"),
    }
}

fn text(text: &Text, lang: Lang) -> String {
    text.in_language(lang.tag()).to_owned()
}
