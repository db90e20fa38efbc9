//! Money: what somebody owes and how to pay it, cash at the counter, what treasurers reconcile, give back and keep books of.

mod accounts;
mod bill;
mod card;
mod desk;
mod ledger;
mod lines;
mod receipt;
mod refunds;
mod revenue;
mod said;
mod till;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use dinh_ledger::MOST_BYTES;
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::account::private;
use super::entity::entity_name;
use super::fault::Fault;
use super::visitor::{Visitor, encode};
use crate::app::App;
use crate::words::{Lang, args};

pub(super) use card::{Card, cards};

/// Room for the form around a file.
const AROUND_FILE: usize = 64 << 10;
/// Most units that a form offers.
const MOST_UNITS: usize = 1_000;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/my-bills", get(bill::mine))
        .route("/{tenant}/bills/{id}", get(bill::page).post(bill::act))
        .route("/{tenant}/receipts/{id}", get(receipt::page))
        .route(
            "/{tenant}/money",
            get(desk::page).post(desk::import).layer(DefaultBodyLimit::max(MOST_BYTES + AROUND_FILE)),
        )
        .route("/{tenant}/money/lines", get(lines::page).post(lines::act))
        .route("/{tenant}/money/refunds", get(refunds::page).post(refunds::act))
        .route("/{tenant}/money/ledger", get(ledger::page).post(ledger::hand_over))
        .route("/{tenant}/money/ledger/table", get(ledger::download))
        .route("/{tenant}/money/revenue", get(revenue::page))
        .route("/{tenant}/money/till", get(till::page).post(till::close))
        .route("/{tenant}/money/accounts", get(accounts::page).post(accounts::put))
}

/// Where the money of a visitor's work begins, if there is any: for the navigation.
pub(super) fn place(visitor: &Visitor) -> Option<&'static str> {
    let (payments, session) = (&visitor.app.payments, &visitor.session);
    if payments.is_treasurer(session) {
        Some("money")
    } else if payments.sees_revenue(session) {
        Some("money/revenue")
    } else if payments.takes_cash(session) {
        Some("money/till")
    } else {
        None
    }
}

/// Where something stands: tone, icon and word.
#[derive(Clone, Debug, Serialize)]
struct Sign {
    tone: &'static str,
    icon: &'static str,
    word: String,
}

/// A tab of these pages.
#[derive(Clone, Debug, Serialize)]
struct Tab {
    href: String,
    title: String,
    current: bool,
}

/// A choice of a form.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: String,
    title: String,
}

/// The tabs that a visitor may open.
fn tabs(visitor: &Visitor, here: &str) -> Vec<Tab> {
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    let mut tabs = Vec::new();
    let mut add = |may: bool, path: &str, title: String| {
        if may {
            tabs.push(Tab { href: visitor.href(path), title, current: path == here });
        }
    };
    let keeps = payments.is_treasurer(session);
    add(keeps, "money", lang.say("money-desk"));
    add(keeps, "money/lines", lang.say("money-lines"));
    add(
        keeps || payments.approves(session) || payments.takes_cash(session),
        "money/refunds",
        lang.say("money-refunds"),
    );
    add(payments.takes_cash(session), "money/till", lang.say("money-till"));
    add(keeps, "money/ledger", lang.say("money-ledger"));
    add(payments.sees_revenue(session), "money/revenue", lang.say("money-revenue"));
    add(payments.keeps_accounts(session), "money/accounts", lang.say("money-accounts"));
    tabs
}

/// Whoever is not signed in goes to sign in and back; where nothing is offered there is no page.
fn present(visitor: &Visitor) -> Result<(), Box<Response>> {
    if !visitor.app.payments.is_offered() {
        return Err(Box::new(Fault::not_found(visitor.taste).into_response()));
    }
    if visitor.guest.present.is_some() {
        return Ok(());
    }
    let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
    let to = format!("{}?next={}", visitor.href("sign-in"), encode(here));
    Err(Box::new(private(Redirect::to(&to).into_response())))
}

/// Whoever may not is told that the page is not theirs.
fn only(visitor: &Visitor, may: bool) -> Result<(), Fault> {
    if may { Ok(()) } else { Err(Fault::refused(visitor.taste, StatusCode::FORBIDDEN)) }
}

fn parsed(visitor: &Visitor, id: &str) -> Result<EntityId, Fault> {
    EntityId::parse(id).map_err(|_unreadable| Fault::not_found(visitor.taste))
}

/// An amount in words and digits: `1.250.000 đồng`.
fn money(dong: i64, lang: Lang) -> String {
    lang.say_with("money-dong", &args([("amount", digits(dong, lang))]))
}

/// An amount in digits alone, for tables whose head says the unit.
fn digits(dong: i64, lang: Lang) -> String {
    let (comma, minus) = match lang {
        Lang::Vi => ('.', "\u{2212}"),
        Lang::En => (',', "\u{2212}"),
    };
    let plain = dong.unsigned_abs().to_string();
    let mut text = if dong < 0 { minus.to_owned() } else { String::new() };
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            text.push(comma);
        }
        text.push(digit);
    }
    text
}

/// The name of a unit.
async fn unit(visitor: &Visitor, id: &str) -> String {
    let Ok(parsed) = EntityId::parse(id) else { return id.to_owned() };
    match visitor.session.find(&parsed).await {
        Ok(Some(found)) => entity_name(visitor, &found.entity),
        _ => id.to_owned(),
    }
}

/// The units for which a visitor acts; all of them for administrators.
async fn units(visitor: &Visitor, all: bool) -> Vec<Choice> {
    let kind = dinh_ngsild::context::Context::core().expand("Unit");
    let query = dinh_ngsild::query::EntityQuery {
        limit: MOST_UNITS,
        ..dinh_ngsild::query::EntityQuery::of_type(kind)
    };
    let dinh_access::Principal::Account(account) = visitor.session.principal() else { return Vec::new() };
    let Ok(page) = visitor.session.query(query).await else { return Vec::new() };
    let mine = page.entities.iter().filter(|one| all || account.units.contains(one.entity.id.as_str()));
    let mut units: Vec<Choice> = mine
        .map(|one| Choice { value: one.entity.id.to_string(), title: entity_name(visitor, &one.entity) })
        .collect();
    units.sort_by(|one, other| one.title.cmp(&other.title));
    units
}

/// The value of a field of a form.
fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// What spreadsheets would compute is marked as text.
fn harmless(text: &str) -> String {
    let computes = text.starts_with(['=', '+', '@', '\t', '\r'])
        || text.starts_with('-') && text.parse::<i64>().is_err();
    if computes { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_the_language_of_whoever_reads() {
        assert_eq!(digits(1_250_000, Lang::Vi), "1.250.000");
        assert_eq!(digits(-999, Lang::En), "\u{2212}999");
        assert_eq!(digits(-1_000, Lang::En), "\u{2212}1,000");
    }
}
