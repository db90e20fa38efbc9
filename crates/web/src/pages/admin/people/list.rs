//! `GET /{tenant}/admin/people`: accounts, by name, kind, state and role.

use std::collections::BTreeMap;

use axum::response::Response;
use dinh_identity::domain::State;
use dinh_identity::{Known, Wanted};
use dinh_model::Iri;
use serde::Serialize;

use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, failed, office, show};
use crate::pages::admin::titles;
use crate::pages::admin::why::{Offered, choice};
use crate::pages::asked::Asked;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;

/// Accounts on a page.
const PAGE: usize = 50;
/// The last page that can be turned to.
const MAX_PAGE: usize = 400;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    words: String,
    kinds: Vec<Offered>,
    states: Vec<Offered>,
    roles: Vec<Offered>,
    rows: Vec<Row>,
    from: usize,
    to: usize,
    total: usize,
    cut_off: bool,
    previous_href: Option<String>,
    next_href: Option<String>,
    form: PersonForm,
    outcome: Option<Outcome>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    kind: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    roles: Vec<String>,
    address: String,
    elsewhere: bool,
}

/// The form of a new account.
#[derive(Serialize)]
struct PersonForm {
    typed: BTreeMap<String, String>,
    kinds: Vec<Offered>,
    roles: Vec<Offered>,
    trouble: Option<Trouble>,
    open: bool,
    home: String,
}

/// The page.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Stop> {
    shown(&visitor, &Given::default(), None, None).await
}

/// The page with what was typed for a new account, and what came of it.
pub(super) async fn shown(
    visitor: &Visitor,
    given: &Given,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
) -> Result<Response, Stop> {
    let office = office(visitor)?;
    let (asked, lang) = (Asked::of(&visitor.uri), visitor.lang());
    let state = asked.get("state").unwrap_or_default();
    let kind = asked.get("kind").and_then(titles::kind_named);
    let wanted = Wanted {
        words: asked.words().unwrap_or_default(),
        kind,
        state: titles::STATES.iter().find(|(name, _)| *name == state).map(|(_, state)| *state),
        role: asked.get("role").map(str::to_owned),
        unit: asked.get("unit").and_then(|unit| Iri::parse(unit).ok()),
    };
    let page = asked.number("page").unwrap_or(1).clamp(1, MAX_PAGE);
    let offset = (page - 1) * PAGE;
    let found = office.list(&wanted, offset, PAGE).await.map_err(|error| failed(visitor, &error))?;
    let turned = |to: usize| {
        let query = asked.with("page", Some(&to.to_string())).query();
        visitor.href(&format!("admin/people{query}"))
    };
    let to = offset + found.accounts.len();
    let values = Values {
        desk: desk(visitor, lang.say("admin-people"), Place::People),
        kinds: kinds(kind.map(dinh_access::AccountKind::name), visitor),
        states: titles::STATES
            .iter()
            .map(|(name, one)| choice(name, titles::state(*one, lang).1, *name == state))
            .collect(),
        roles: roles(visitor, wanted.role.as_deref().unwrap_or_default()),
        rows: found.accounts.iter().map(|known| row(visitor, known)).collect(),
        from: if found.accounts.is_empty() { 0 } else { offset + 1 },
        to,
        total: found.total,
        cut_off: found.cut_off,
        previous_href: (page > 1).then(|| turned(page - 1)),
        next_href: (to < found.total && page < MAX_PAGE).then(|| turned(page + 1)),
        form: form(visitor, given, trouble),
        words: wanted.words,
        outcome,
    };
    show(visitor, "admin_people.html", values)
}

fn row(visitor: &Visitor, known: &Known) -> Row {
    let (record, lang) = (&known.record, visitor.lang());
    let (tone, state) = titles::state(record.state, lang);
    let here = record.roles.iter().filter(|role| role.tenant == visitor.province.tenant);
    let mut roles: Vec<String> = here.map(|role| titles::role(visitor, &role.code)).collect();
    roles.dedup();
    Row {
        href: visitor.href(&format!("admin/people/{}", record.id)),
        name: if record.name.is_empty() { lang.say("admin-no-name") } else { record.name.clone() },
        kind: titles::kind(record.kind, lang),
        tone,
        icon: match record.state {
            State::Active => "ok",
            State::Locked => "warn",
            State::Closed => "silent",
        },
        state,
        roles,
        address: record.handles().first().map(ToString::to_string).unwrap_or_default(),
        elsewhere: !known.cared_for,
    }
}

fn form(visitor: &Visitor, given: &Given, trouble: Option<Trouble>) -> PersonForm {
    let mut typed = given.again();
    for name in ["name", "email", "phone", "subject", "reason", "to"] {
        typed.entry(name.to_owned()).or_default();
    }
    let kind = given.some("kind").unwrap_or("official");
    PersonForm {
        typed,
        kinds: kinds(Some(kind), visitor),
        roles: roles(visitor, given.get("role")),
        open: trouble.is_some(),
        trouble,
        home: visitor.title(&visitor.province.title).to_owned(),
    }
}

fn kinds(chosen: Option<&str>, visitor: &Visitor) -> Vec<Offered> {
    let all = titles::KINDS.iter();
    all.map(|kind| choice(kind.name(), titles::kind(*kind, visitor.lang()), Some(kind.name()) == chosen))
        .collect()
}

/// The roles that can be given, to choose from.
pub(in crate::pages::admin) fn roles(visitor: &Visitor, chosen: &str) -> Vec<Offered> {
    let all = visitor.app.identity.roles().iter().filter(|role| role.given);
    all.map(|role| choice(&role.code, visitor.title(&role.title).to_owned(), role.code == chosen)).collect()
}
