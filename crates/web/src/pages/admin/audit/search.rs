//! `GET /{tenant}/admin/audit`.

use axum::response::Response;
use dinh_access::Action;
use dinh_context::graph::{Act, AuditPage, KeptSeal};
use serde::Serialize;

use super::entry::{EntryView, Names, deed, view};
use super::filter::{DEEDS, Fields, query};
use crate::look;
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, enter, lookup, show};
use crate::pages::admin::why::{Offered, choice};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Entries on a page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    fields: Fields,
    actions: Vec<Offered>,
    entries: Vec<EntryView>,
    narrow: bool,
    next_href: Option<String>,
    first_href: Option<String>,
    audit_href: String,
    export_href: String,
    examine_href: String,
    seal: Seal,
    examined: Option<Examined>,
    trouble: Option<Trouble>,
}

/// How far the audit is sealed.
#[derive(Serialize)]
struct Seal {
    sealed: bool,
    text: String,
    stamped: bool,
}

/// What an examination of all of it has found.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Examined {
    pub(super) clean: bool,
    pub(super) text: String,
    pub(super) faults: Vec<String>,
}

/// The page.
pub(in crate::pages) async fn search(visitor: Visitor) -> Result<Response, Stop> {
    let given = Given::read(visitor.uri.query().unwrap_or_default().as_bytes());
    shown(&visitor, &given, None).await
}

/// The page, with what an examination has found.
pub(super) async fn shown(
    visitor: &Visitor,
    given: &Given,
    examined: Option<Examined>,
) -> Result<Response, Stop> {
    enter(visitor, Action::Audit)?;
    let lang = visitor.lang();
    let fault = |error| Stop::from(Fault::of(visitor.taste, error));
    let (page, trouble) = match query(visitor, given, PAGE).await? {
        Ok(query) => (visitor.session.audit(query).await.map_err(fault)?, None),
        Err(trouble) => (AuditPage::default(), Some(trouble)),
    };
    let seal = visitor.session.last_seal().await.map_err(fault)?;
    let lookup = lookup(visitor)?;
    let mut names = Names::new(&lookup);
    let mut entries = Vec::new();
    for entry in &page.entries {
        entries.push(view(visitor, entry, &mut names).await);
    }
    let fields = Fields::of(given);
    let base = visitor.href("admin/audit");
    let with = |more: String| {
        let query =
            [fields.query(), more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        if query.is_empty() { base.clone() } else { format!("{base}?{query}") }
    };
    let names = DEEDS.into_iter().chain(Act::ALL.map(Act::name));
    let values = Values {
        desk: desk(visitor, lang.say("admin-audit"), Place::Audit),
        actions: names.map(|name| choice(name, deed(name, lang), name == fields.action)).collect(),
        entries,
        narrow: fields.is_narrow(),
        next_href: page.next.map(|next| with(format!("after={next}"))),
        first_href: given.some("after").map(|_| with(String::new())),
        export_href: visitor.href("admin/audit/export"),
        examine_href: visitor.href("admin/audit/examine"),
        seal: sealed(visitor, seal.as_ref()),
        audit_href: base.clone(),
        fields,
        examined,
        trouble,
    };
    show(visitor, "admin_audit.html", values)
}

fn sealed(visitor: &Visitor, seal: Option<&KeptSeal>) -> Seal {
    let lang = visitor.lang();
    let Some(kept) = seal else {
        return Seal { sealed: false, text: lang.say("admin-audit-unsealed"), stamped: false };
    };
    let day = kept.seal.day.parse().map_or_else(
        |_| kept.seal.day.clone(),
        |day: jiff::civil::Date| crate::pages::admin::days::day(day, lang),
    );
    let values = [
        ("number", kept.seal.number.to_string()),
        ("day", day),
        ("last", kept.seal.last.to_string()),
        ("when", look::date_time(kept.seal.sealed_at, lang)),
    ];
    let text = lang.say_with("admin-audit-sealed", &args(values));
    Seal { sealed: true, text, stamped: kept.token.is_some() }
}
