//! `GET /{tenant}/kinds/{code}/{version}/against/{other}`: what one version does otherwise than another.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Change, Difference, Kind};
use serde::Serialize;

use super::{against_form, fields};
use crate::pages::cases::parts::say;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    title: String,
    older: u32,
    newer: u32,
    change: Option<String>,
    back_href: String,
    sections: Vec<SectionView>,
}

/// A part of the kinds, with what is not the same in it.
#[derive(Serialize)]
pub(super) struct SectionView {
    pub(super) title: String,
    pub(super) members: Vec<Member>,
}

#[derive(Serialize)]
pub(super) struct Member {
    title: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    fields: Vec<FieldView>,
}

/// A part of a member, as it was and as it is.
#[derive(Serialize)]
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) was: String,
    pub(super) is: String,
}

impl Member {
    pub(super) fn added(title: String, lang: Lang) -> Self {
        Self { title, tone: "ok", icon: "ok", word: lang.say("kinds-added"), fields: Vec::new() }
    }

    pub(super) fn removed(title: String, lang: Lang) -> Self {
        Self { title, tone: "danger", icon: "danger", word: lang.say("kinds-removed"), fields: Vec::new() }
    }

    pub(super) fn changed(title: String, fields: Vec<FieldView>, lang: Lang) -> Self {
        Self { title, tone: "warn", icon: "clock", word: lang.say("kinds-changed"), fields }
    }
}

/// The page. Which of the two is the older one does not depend on the order in the address.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code, version, other)): Path<(String, String, String, String)>,
) -> Result<Response, Fault> {
    let (book, lang) = (visitor.app.casework.book(), visitor.lang());
    let found = |version: &str| book.version(&code, version.parse().ok()?);
    let none = || Fault::not_found(visitor.taste);
    let (one, two) = (found(&version).ok_or_else(none)?, found(&other).ok_or_else(none)?);
    let (older, newer) = if one.version <= two.version { (one, two) } else { (two, one) };
    let values = Values {
        page: frame(&visitor, say(&newer.title, lang), Here::Elsewhere, ""),
        title: say(&newer.title, lang),
        older: older.version,
        newer: newer.version,
        change: newer.change.as_ref().map(|text| say(text, lang)),
        back_href: visitor.href(&format!("kinds/{code}/{}", newer.version)),
        sections: sections(older, newer, lang)
            .into_iter()
            .chain(against_form::section(&visitor, older, newer))
            .collect(),
    };
    Ok(rendered(&visitor, "kind_against.html", values)?.into_response())
}

/// What is different, part by part.
pub(super) fn sections(older: &Kind, newer: &Kind, lang: Lang) -> Vec<SectionView> {
    let mut sections: Vec<SectionView> = Vec::new();
    for difference in older.differences(newer) {
        let title = fields::section(difference.section, lang);
        let member = member(older, newer, &difference, lang);
        match sections.last_mut().filter(|last| last.title == title) {
            Some(last) => last.members.push(member),
            None => sections.push(SectionView { title, members: vec![member] }),
        }
    }
    sections
}

fn member(older: &Kind, newer: &Kind, difference: &Difference, lang: Lang) -> Member {
    let title = |of: &Kind| fields::member(of, difference.section, &difference.code, lang);
    let changed = match &difference.change {
        Change::Added => return Member::added(title(newer), lang),
        Change::Removed => return Member::removed(title(older), lang),
        Change::Changed(changed) => changed,
    };
    let shown = changed.iter().map(|change| {
        let was = change.was.as_ref().map(|value| fields::value(&change.field, value, older, lang));
        let is = change.is.as_ref().map(|value| fields::value(&change.field, value, newer, lang));
        let nothing = || lang.say("kinds-nothing");
        FieldView {
            name: fields::name(&change.field, lang),
            was: was.unwrap_or_else(nothing),
            is: is.unwrap_or_else(nothing),
        }
    });
    Member::changed(title(newer), shown.collect(), lang)
}

/// A sentence that says how much is different.
pub(super) fn count(sections: &[SectionView], lang: Lang) -> String {
    let members: usize = sections.iter().map(|section| section.members.len()).sum();
    let count = f64::from(u32::try_from(members).unwrap_or(u32::MAX));
    lang.say_with("kinds-differences", &args([("count", count)]))
}
