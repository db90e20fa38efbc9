//! `GET` and `POST /{tenant}/my-cards`, `/{tenant}/my-cards/{id}`: the cards of whoever is signed in.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cards::{Error, Holder, NewCard};
use dinh_credentials::card::CardKind;
use dinh_model::EntityId;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::parts::{self, Shown};
use super::{said, value};
use crate::api::house::{card_issuer, card_offer};
use crate::look;
use crate::pages::account::private;
use crate::pages::entity::entity_name;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    cards: Vec<Shown>,
    organisations: Vec<Organisation>,
    account_href: String,
    verify_href: String,
    present_href: String,
    /// Whether the account is known surely enough to ask for a pilot card.
    sure: bool,
}

/// An organisation for which a card may be asked.
#[derive(Serialize)]
struct Organisation {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct OneValues {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    verify_href: String,
    card: Shown,
    qr: Option<String>,
    qr_text: Option<String>,
    steps: Vec<parts::StepRow>,
    may_report: bool,
    may_renew: bool,
    may_offer: bool,
    /// What its holder is entitled to: code, title, until when, what proves it.
    benefits: Vec<(String, String, String, String)>,
    offer: Option<Offered>,
}

/// A card that a wallet may fetch now.
#[derive(Serialize)]
struct Offered {
    href: String,
    picture: Option<String>,
    minutes: i64,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match super::present(&visitor) {
        Ok(()) => show(&visitor, None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Asks for a pilot card.
pub(super) async fn ask(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let Some(present) = &visitor.guest.present else { return Err(Fault::not_found(visitor.taste)) };
    let record = present.account();
    let organisation = EntityId::parse(value(&pairs, "organisation")).ok();
    let kind = if organisation.is_some() { CardKind::Enterprise } else { CardKind::Person };
    let holder = Holder {
        account: record.id.to_string(),
        name: record.name.clone(),
        subject: organisation.or_else(|| record.subject.clone()),
        position: None,
        personal_id: None,
    };
    let reason = value(&pairs, "reason").to_owned();
    let new = NewCard { kind, holder, unit: None, code: None, reason, photo: None };
    let (outcome, status) = match visitor.app.cards.ask_for(&visitor.session, new).await {
        Ok(_) => (Outcome { tone: "ok", text: visitor.lang().say("cards-asked") }, StatusCode::OK),
        Err(error) => said::told(&visitor, error)?,
    };
    show(&visitor, Some(outcome), status).await
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let found = visitor.app.cards.own_cards(&visitor.session).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let mut organisations = Vec::new();
    let mut sure = false;
    if let dinh_access::Principal::Account(account) = visitor.session.principal() {
        let rules = visitor.app.cards.rules().map_err(|error| said::fault(visitor, error))?;
        let least = rules.kind(CardKind::Person).map_or(u8::MAX, |kind| kind.least_assurance);
        sure = account.assurance >= least;
        for subject in &account.subjects {
            let Ok(id) = EntityId::parse(subject) else { continue };
            let Ok(Some(stored)) = visitor.session.find(&id).await else { continue };
            if stored.entity.types.iter().any(|one| one.as_str().ends_with("/Organization")) {
                organisations
                    .push(Organisation { id: id.to_string(), name: entity_name(visitor, &stored.entity) });
            }
        }
    }
    let values = Values {
        page: frame(visitor, visitor.lang().say("cards-mine"), Here::Account, ""),
        outcome,
        cards: found.iter().map(|card| parts::shown(visitor, card, "my-cards")).collect(),
        organisations,
        account_href: visitor.href("account"),
        verify_href: visitor.href("verify"),
        present_href: visitor.href("presentations"),
        sure,
    };
    let response = private(rendered(visitor, "my_cards.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// One card.
pub(super) async fn one(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    show_one(&visitor, &id, None, (None, StatusCode::OK)).await
}

/// Reports it lost, asks for a new one, or hands it to a wallet.
pub(super) async fn step(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let (cards, session, reason) = (&visitor.app.cards, &visitor.session, value(&pairs, "reason"));
    let lang = visitor.lang();
    let ok = |text| (Some(Outcome { tone: "ok", text }), StatusCode::OK);
    let mut offered = None;
    let done = match value(&pairs, "do") {
        "lost" => cards.report_lost(session, &id, reason).await.map(|()| ok(lang.say("cards-lost-done"))),
        "renew" => match cards.renew(session, &id, reason).await {
            Ok(_) => {
                let to = visitor.href("my-cards");
                return Ok(private(Redirect::to(&to).into_response()));
            }
            Err(error) => Err(error),
        },
        "offer" => cards.offer(session, &id).await.map(|offer| {
            let issuer = card_issuer(&visitor.app, &headers, session.tenant());
            let json = card_offer(&issuer, offer.kind, &offer.code).to_string();
            let href = format!("openid-credential-offer://?credential_offer={}", encode(&json));
            offered = Some(Offered { picture: parts::qr(&href), href, minutes: offer.lasts / 60 });
            (None, StatusCode::OK)
        }),
        _ => Err(Error::NoSuch("wish")),
    };
    let told = match done {
        Ok(told) => told,
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            (Some(outcome), status)
        }
    };
    show_one(&visitor, &id, offered, told).await
}

async fn show_one(
    visitor: &Visitor,
    id: &EntityId,
    offer: Option<Offered>,
    (outcome, status): (Option<Outcome>, StatusCode),
) -> Result<Response, Fault> {
    let card =
        visitor.app.cards.one(&visitor.session, id).await.map_err(|error| said::fault(visitor, error))?;
    let rules = visitor.app.cards.rules().map_err(|error| said::fault(visitor, error))?;
    let asks = rules.kind(card.kind).is_ok_and(|kind| kind.asked_by_holder);
    let holds = card.holds(visitor.now);
    let values = OneValues {
        page: frame(visitor, parts::kind(card.kind, visitor.lang()), Here::Account, ""),
        outcome,
        back_href: visitor.href("my-cards"),
        verify_href: visitor.href("verify"),
        qr: card.qr.as_deref().filter(|_| holds).and_then(parts::qr),
        qr_text: card.qr.clone().filter(|_| holds),
        steps: parts::steps(visitor, &card.steps).await,
        may_report: holds && !card.lost,
        may_renew: asks
            && card.issued.is_some()
            && matches!(card.state, dinh_cards::State::Active | dinh_cards::State::Suspended),
        may_offer: holds,
        benefits: parts::benefits(visitor, &card),
        card: parts::shown(visitor, &card, "my-cards"),
        offer,
    };
    let response = private(rendered(visitor, "my_card.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// A day and a time as pages write them, for forms of these pages.
pub(super) fn said_at(at: dinh_model::Timestamp, visitor: &Visitor) -> String {
    look::date_time(at, visitor.lang())
}
