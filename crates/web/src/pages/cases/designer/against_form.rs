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
    let field = |name: &str, was: String, is: String| FieldView { name: lang.say(name), was, is };
    let nothing = || lang.say("kinds-nothing");
    let maybe = |one: Option<&Text>| one.map_or_else(nothing, |one| text(one, lang));
    let whether = |holds: bool| lang.say(if holds { "kinds-yes" } else { "kinds-no" });
    let all = |texts: &[&Text]| match texts {
        [] => nothing(),
        texts => texts.iter().map(|one| text(one, lang)).collect::<Vec<_>>().join("; "),
    };
    match aspect {
        Aspect::Title(was, is) => field("kinds-field-title", text(was, lang), text(is, lang)),
        Aspect::Hint(was, is) => field("kinds-field-hint", maybe(*was), maybe(*is)),
        Aspect::Need(was, is) => field("kinds-field-required", need(was, lang), need(is, lang)),
        Aspect::Condition(was, is) => field("kinds-form-condition", whether(*was), whether(*is)),
        Aspect::Answer(was, is) => field("kinds-form-answer", answer(was, lang), answer(is, lang)),
        Aspect::Least(was, is) => field("kinds-form-least", bound(*was, lang), bound(*is, lang)),
        Aspect::Most(was, is) => field("kinds-form-most", bound(*was, lang), bound(*is, lang)),
        Aspect::Options(gone, added) => field("kinds-form-options", all(gone), all(added)),
        Aspect::Rules => field("kinds-form-rules", lang.say("kinds-form-before"), lang.say("kinds-form-now")),
    }
}

fn need(need: &Need, lang: Lang) -> String {
    lang.say(match need {
        Need::Optional => "kinds-no",
        Need::Always => "kinds-yes",
        Need::If(_) => "kinds-form-sometimes",
    })
}

fn bound(number: f64, lang: Lang) -> String {
    if number.abs() >= NO_BOUND { lang.say("kinds-form-no-bound") } else { look::number(number, None, lang) }
}

fn answer(word: &str, lang: Lang) -> String {
    lang.say(&format!("kinds-answer-{word}"))
}

fn text(text: &Text, lang: Lang) -> String {
    text.in_language(lang.tag()).to_owned()
}
