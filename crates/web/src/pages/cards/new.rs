//! `GET` and `POST /{tenant}/cards/new`: proposing a card for somebody of one's own unit.

use std::collections::BTreeSet;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_access::Principal;
use dinh_cards::{Asked, Error, Holder, NewCard, State};
use dinh_credentials::card::CardKind;
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::{said, value};
use crate::pages::account::private;
use crate::pages::entity::entity_name;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::privacy;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Most units that are offered, and most people of them.
const MOST_UNITS: usize = 50;
const MOST_PEOPLE: usize = 500;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    /// People who may get a card: unit and account in one value.
    people: Vec<Person>,
    codes: Vec<(String, String, bool)>,
    chosen: String,
    personal_id: String,
    reason: String,
}

#[derive(Serialize)]
struct Person {
    value: String,
    name: String,
    unit: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    match super::manager(&visitor) {
        Ok(()) => show(&visitor, &[], None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Proposes a card.
pub(super) async fn propose(visitor: Visitor, request: Request) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let posted = Posted::read(request).await;
    let posted = posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))?;
    let mut photo = None;
    let sent = posted.files.into_iter().find(|file| file.field == "photo" && !file.content.is_empty());
    if let Some(file) = sent {
        match privacy::looked_at(&visitor, (file.fact.name, file.fact.media_type), file.content).await {
            Ok(checked) if checked.kind().media_type().starts_with("image/") => {
                let (name, kind) = (checked.name().to_owned(), checked.kind().media_type().to_owned());
                photo = Some((name, kind, checked.into_bytes()));
            }
            Ok(_) => return refuse(&visitor, &posted.pairs, visitor.lang().say("cards-photo-picture")).await,
            Err(text) => return refuse(&visitor, &posted.pairs, text).await,
        }
    }
    match proposed(&visitor, &posted.pairs, photo).await {
        Ok(id) => {
            let to = visitor.href(&format!("cards/{}", encode(id.as_str())));
            Ok(private(Redirect::to(&to).into_response()))
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, &posted.pairs, Some(outcome), status).await
        }
    }
}

async fn refuse(visitor: &Visitor, pairs: &[(String, String)], text: String) -> Result<Response, Fault> {
    let outcome = Outcome { tone: "danger", text };
    show(visitor, pairs, Some(outcome), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn proposed(
    visitor: &Visitor,
    pairs: &[(String, String)],
    photo: Option<(String, String, Vec<u8>)>,
) -> Result<EntityId, Error> {
    let (account, unit) = value(pairs, "person").split_once(' ').ok_or(Error::Missing("holder"))?;
    let unit = EntityId::parse(unit).map_err(|_unreadable| Error::NoSuch("unit"))?;
    let found = visitor.app.identity.colleague(&visitor.session, &unit, account).await;
    let found = found.ok().flatten().ok_or(Error::NotManager)?;
    let given = |name: &str| Some(value(pairs, name).trim().to_owned()).filter(|text| !text.is_empty());
    let holder = Holder {
        account: found.id.to_string(),
        name: found.name,
        subject: found.subject,
        position: found.title,
        personal_id: given("personal_id"),
    };
    let new = NewCard {
        kind: CardKind::CivilServant,
        holder,
        unit: Some(unit),
        code: given("code"),
        reason: value(pairs, "reason").to_owned(),
        photo,
    };
    visitor.app.cards.propose(&visitor.session, new).await
}

async fn show(
    visitor: &Visitor,
    pairs: &[(String, String)],
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let cards = &visitor.app.cards;
    let rules = cards.rules().map_err(|error| said::fault(visitor, error))?;
    let code = value(pairs, "code");
    let codes = rules.types_on(cards.today()).map(|one| {
        let title = if lang == Lang::Vi { &one.title.vi } else { &one.title.en };
        let chosen = if code.is_empty() { one.code == "CC" } else { one.code == code };
        (one.code.clone(), format!("{} – {title}", one.code), chosen)
    });
    let values = Values {
        page: frame(visitor, lang.say("cards-new"), Here::Cards, ""),
        outcome,
        back_href: visitor.href("cards"),
        codes: codes.collect(),
        people: people(visitor).await?,
        chosen: value(pairs, "person").to_owned(),
        personal_id: value(pairs, "personal_id").to_owned(),
        reason: value(pairs, "reason").to_owned(),
    };
    let response = private(rendered(visitor, "cards_new.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// The people of one's units who have no card yet.
async fn people(visitor: &Visitor) -> Result<Vec<Person>, Fault> {
    let Principal::Account(account) = visitor.session.principal() else { return Ok(Vec::new()) };
    let found = visitor.app.cards.of_units(&visitor.session, &Asked::default(), 0).await;
    let (cards, _) = found.map_err(|error| said::fault(visitor, error))?;
    let standing = [State::Proposed, State::Active, State::Suspended];
    let have: BTreeSet<&str> = cards
        .iter()
        .filter(|card| standing.contains(&card.state) && !card.is_over(visitor.now))
        .map(|card| card.account.as_str())
        .collect();
    let mut people = Vec::new();
    for unit in account.units.iter().take(MOST_UNITS) {
        let Ok(id) = EntityId::parse(unit) else { continue };
        let Ok(Some(stored)) = visitor.session.find(&id).await else { continue };
        let name = entity_name(visitor, &stored.entity);
        let colleagues = visitor.app.identity.colleagues(&visitor.session, &id, MOST_PEOPLE).await;
        for one in colleagues.map_err(|error| Fault::broken(visitor.taste, &error))? {
            let own = *one.id.to_string() == *account.id;
            if !own && !have.contains(one.id.to_string().as_str()) {
                people.push(Person {
                    value: format!("{} {unit}", one.id),
                    name: one.name,
                    unit: name.clone(),
                });
            }
        }
    }
    Ok(people)
}
