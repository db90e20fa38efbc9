//! `GET /{tenant}/cards` and `/{tenant}/cards/standing`: the cards of one's units, what is counted of them, and the keys.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_cards::{Asked as Which, State, Use};
use dinh_credentials::card::CardKind;
use http::StatusCode;
use serde::Serialize;

use super::parts::{self, Shown};
use super::{said, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Choice, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Cards of one page.
const PAGE: usize = 100;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    cards: Vec<Shown>,
    total: u64,
    print_href: String,
    /// Whether any card of this page may be printed.
    may_print: bool,
    states: Vec<Choice>,
    new_href: String,
    standing_href: String,
    gather_href: String,
    verify_href: String,
    present_href: String,
    previous_href: Option<String>,
    next_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match super::manager(&visitor) {
        Ok(()) => show(&visitor, None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// The cards, with what came of something that was asked for.
pub(super) async fn show(
    visitor: &Visitor,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, asked) = (visitor.lang(), Asked::of(&visitor.uri));
    let state = asked.get("state").and_then(State::from_name);
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 200);
    let which = Which { state, ..Which::default() };
    let found = visitor.app.cards.of_units(&visitor.session, &which, (at - 1) * PAGE).await;
    let (cards, total) = found.map_err(|error| said::fault(visitor, error))?;
    let to = |page: usize| {
        format!("{}{}", visitor.href("cards"), asked.with("page", Some(&page.to_string())).query())
    };
    let all = Choice {
        id: String::new(),
        href: visitor.href("cards"),
        title: lang.say("cards-all"),
        current: state.is_none(),
    };
    let of_state = |one: State| Choice {
        id: one.name().to_owned(),
        href: format!("{}?state={}", visitor.href("cards"), one.name()),
        title: parts::state_word(one, lang),
        current: state == Some(one),
    };
    let values = Values {
        page: frame(visitor, lang.say("cards"), Here::Cards, ""),
        cards: cards.iter().map(|card| parts::shown(visitor, card, "cards")).collect(),
        outcome,
        total,
        print_href: visitor.href("cards/print"),
        may_print: cards.iter().any(|card| card.holds(visitor.now)),
        states: std::iter::once(all).chain(State::ALL.map(of_state)).collect(),
        new_href: visitor.href("cards/new"),
        standing_href: visitor.href("cards/standing"),
        gather_href: visitor.href("cards/check-ins"),
        verify_href: visitor.href("verify"),
        present_href: visitor.href("presentations"),
        previous_href: (at > 1).then(|| to(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&total).then(|| to(at + 1)),
    };
    let response = private(rendered(visitor, "cards.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

#[derive(Serialize)]
struct Standing {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    states: Vec<String>,
    kinds: Vec<(String, Vec<String>)>,
    months: Vec<Month>,
    /// What cards are used for, in the order of [`Month::uses`].
    uses: Vec<String>,
    keys: Vec<Key>,
    may_rotate: bool,
    keys_href: String,
    status_href: String,
}

/// What happened in a month.
#[derive(Serialize)]
struct Month {
    name: String,
    issued: String,
    lost: String,
    revoked: String,
    verified: String,
    refused: String,
    /// Uses: looked at, second factors, exemptions, check-ins.
    uses: Vec<String>,
}

/// A key that signs cards.
#[derive(Serialize)]
struct Key {
    kid: String,
    from: String,
    until: Option<String>,
    signs: bool,
}

/// What is counted, without names; and the keys.
pub(super) async fn standing(visitor: Visitor) -> Result<Response, Fault> {
    match super::manager(&visitor) {
        Ok(()) => show_standing(&visitor, None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Makes the next key.
pub(super) async fn rotate(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let (outcome, status) = match visitor.app.cards.rotate(&visitor.session, value(&pairs, "reason")).await {
        Ok(from) => {
            let when = args([("when", look::date_time(from, visitor.lang()))]);
            let text = visitor.lang().say_with("cards-key-made", &when);
            (Outcome { tone: "ok", text }, StatusCode::OK)
        }
        Err(error) => said::told(&visitor, error)?,
    };
    show_standing(&visitor, Some(outcome), status).await
}

async fn show_standing(
    visitor: &Visitor,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, cards) = (visitor.lang(), &visitor.app.cards);
    let failed = |error| said::fault(visitor, error);
    let counts = cards.counts(&visitor.session).await.map_err(failed)?;
    let keys = cards.keys_shown(&visitor.session).await.map_err(failed)?;
    let kinds = CardKind::ALL.map(|kind| {
        let of =
            State::ALL.map(|state| whole(i64::try_from(counts.of(kind, state)).unwrap_or(i64::MAX), lang));
        (parts::kind(kind, lang), of.to_vec())
    });
    let months = counts.months.iter().map(|(month, counted)| {
        let sum =
            |begins: &str| counted.iter().filter(|(name, _)| name.starts_with(begins)).map(|(_, n)| n).sum();
        let valid: i64 = sum("verified:valid");
        let verified: i64 = sum("verified:");
        Month {
            name: month.split_once('-').map_or_else(String::new, |(year, month)| format!("{month}/{year}")),
            issued: whole(sum("issued:"), lang),
            lost: whole(sum("lost:"), lang),
            revoked: whole(sum("revoke:"), lang),
            verified: whole(verified, lang),
            refused: whole(verified - valid, lang),
            uses: Use::ALL.map(|one| whole(sum(&format!("used:{}:", one.name())), lang)).to_vec(),
        }
    });
    let api = format!("/api/v1/{}/cards", visitor.session.tenant());
    let values = Standing {
        page: frame(visitor, lang.say("cards-standing"), Here::Cards, ""),
        outcome,
        back_href: visitor.href("cards"),
        states: State::ALL.map(|state| parts::state_word(state, lang)).to_vec(),
        kinds: kinds.to_vec(),
        months: months.collect(),
        uses: Use::ALL.map(|one| parts::used(one, lang)).to_vec(),
        may_rotate: !keys.is_empty(),
        keys: keys
            .into_iter()
            .map(|key| Key {
                kid: key.kid,
                from: look::date_time(key.from, lang),
                until: key.until.map(|at| look::date_time(at, lang)),
                signs: key.signs,
            })
            .collect(),
        keys_href: format!("{api}/keys"),
        status_href: format!("{api}/status"),
    };
    let response = private(rendered(visitor, "cards_standing.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

fn whole(number: i64, lang: Lang) -> String {
    let number = f64::from(i32::try_from(number).unwrap_or(i32::MAX));
    look::number(number, Some(0), lang)
}
