//! The page of the account.

use axum::response::{IntoResponse as _, Response};
use dinh_identity::domain::{AccountRecord, Address, Days, Language, today};
use dinh_identity::{Means, Present, SessionRecord};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::super::{private, with_session};
use super::Came;
use super::factors::{Factors, Offer};
use crate::look;
use crate::pages::entity::entity_name;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    name: String,
    my_data_href: String,
    /// Where one's cards are, where there are any.
    my_cards_href: Option<String>,
    email: String,
    phone: String,
    language: &'static str,
    roles: Vec<String>,
    positions: Vec<Position>,
    factors: Factors,
    /// True if the page should begin with asking for a factor again.
    asks_again: bool,
    next: String,
    sessions: Vec<Session>,
    offer: Option<Offer>,
    recovery: Vec<String>,
    may_close: bool,
}

#[derive(Serialize)]
struct Position {
    unit: String,
    title: String,
    unit_name: String,
    current: bool,
}

#[derive(Serialize)]
struct Session {
    id: String,
    agent: String,
    address: String,
    signed_in: String,
    seen: String,
    means: String,
    current: bool,
}

pub(super) async fn show(
    visitor: &Visitor,
    present: &Present,
    came: Came,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, identity) = (visitor.lang(), &visitor.app.identity);
    let now = current(visitor, present, &came).await;
    let present = now.as_ref().unwrap_or(present);
    let record = present.account();
    let sessions = identity.sessions(present).await.unwrap_or_default();
    let address =
        |kept: &Option<Address>| kept.as_ref().map(|address| address.text.clone()).unwrap_or_default();
    let values = Values {
        page: frame(visitor, lang.say("my-account"), Here::Account, ""),
        outcome: came.outcome,
        name: record.name.clone(),
        my_data_href: visitor.href("my-data"),
        my_cards_href: visitor
            .app
            .cards
            .is_offered(visitor.session.tenant())
            .then(|| visitor.href("my-cards")),
        email: address(&record.email),
        phone: address(&record.phone),
        language: if record.language == Language::En { "en" } else { "vi" },
        roles: roles(visitor, present),
        positions: positions(visitor, record, present).await,
        factors: Factors::of(visitor, present).await,
        asks_again: came.asks_again,
        next: came.next,
        sessions: sessions.iter().rev().map(|one| session(one, present, lang)).collect(),
        offer: came.offer.map(Offer::from),
        recovery: came.recovery,
        may_close: !record.roles.iter().any(|role| role.code == "administrator"),
    };
    let mut response = private(page(visitor, "account.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(match &came.signed_in {
        Some(signed_in) => with_session(visitor, signed_in, response),
        None => response,
    })
}

/// The account as it is after what was done: also under a new token, where the old one is good no more.
async fn current(visitor: &Visitor, present: &Present, came: &Came) -> Option<Present> {
    let (identity, tenant) = (&visitor.app.identity, &visitor.province.tenant);
    match &came.signed_in {
        Some(signed_in) => identity.session(&signed_in.token, tenant).await.ok().flatten(),
        None => identity.renewed(present, tenant).await.ok().flatten(),
    }
}

fn session(record: &SessionRecord, present: &Present, lang: Lang) -> Session {
    let means = match record.means {
        Means::Password => lang.say("means-password"),
        Means::Totp | Means::RecoveryCode => lang.say("means-code"),
        Means::Passkey => lang.say("means-passkey"),
        Means::Card => lang.say("means-card"),
        Means::Provider => lang.say("means-provider"),
        Means::RecoveryLink | Means::SetUpCode => lang.say("means-link"),
    };
    Session {
        id: record.id.clone(),
        agent: look::device(&record.from.agent),
        address: record.from.address.map(|address| address.to_string()).unwrap_or_default(),
        signed_in: look::date_time(record.signed_in, lang),
        seen: look::date_time(record.seen, lang),
        means,
        current: record.id == present.session().id,
    }
}

/// The roles that somebody has here, as people call them.
fn roles(visitor: &Visitor, present: &Present) -> Vec<String> {
    let dinh_access::Principal::Account(account) = present.principal() else { return Vec::new() };
    let titles = visitor.app.identity.role_titles();
    let title = |code: &str| titles.get(code).map(|both| visitor.title(both));
    account.roles.iter().map(|code| title(code).unwrap_or(code).to_owned()).collect()
}

/// The positions that somebody has here today.
async fn positions(visitor: &Visitor, record: &AccountRecord, present: &Present) -> Vec<Position> {
    let tenant = &visitor.province.tenant;
    let chosen = present.session().acting_for.as_ref().filter(|(of, _)| of == tenant).map(|(_, unit)| unit);
    let day = today(visitor.now);
    let here = |days: Days, of: &dinh_model::Tenant| of == tenant && days.contains(day);
    let mut positions = Vec::new();
    for position in record.positions.iter().filter(|one| here(one.days, &one.tenant)) {
        let id = EntityId::parse(position.unit.as_str()).ok();
        let found = match &id {
            Some(id) => visitor.session.find(id).await.ok().flatten(),
            None => None,
        };
        let name = found.map(|stored| entity_name(visitor, &stored.entity));
        positions.push(Position {
            unit: position.unit.to_string(),
            title: position.title.clone(),
            unit_name: name.unwrap_or_else(|| position.unit.to_string()),
            current: chosen == Some(&position.unit),
        });
    }
    positions
}
