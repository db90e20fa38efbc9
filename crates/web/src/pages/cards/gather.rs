//! `GET` and `POST /{tenant}/cards/check-ins`, `/{tenant}/cards/check-ins/{id}`: checking in by card at a meeting or a door.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_access::Principal;
use dinh_cards::{Error, Gathering};
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::{one, said, value, verify};
use crate::look;
use crate::pages::account::private;
use crate::pages::entity::entity_name;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Most units that are offered.
const MOST_UNITS: usize = 50;

#[derive(Serialize)]
struct ListValues {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    gatherings: Vec<Row>,
    units: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    href: String,
    from: String,
    until: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    gathering: Row,
    people: Vec<(String, String, String)>,
    open: bool,
}

fn row(visitor: &Visitor, gathering: &Gathering) -> Row {
    let lang = visitor.lang();
    Row {
        title: gathering.title.clone(),
        href: visitor.href(&format!("cards/check-ins/{}", encode(gathering.id.as_str()))),
        from: look::date_time(gathering.opens, lang),
        until: look::date_time(gathering.closes, lang),
    }
}

/// The check-ins of one's units.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    match super::manager(&visitor) {
        Ok(()) => show_list(&visitor, None, StatusCode::OK).await,
        Err(other) => Ok(*other),
    }
}

/// Opens one.
pub(super) async fn open(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let moments = one::moment(value(&pairs, "from")).zip(one::moment(value(&pairs, "until")));
    let unit = EntityId::parse(value(&pairs, "unit"));
    let opened = match (moments, unit) {
        (Some(moments), Ok(unit)) => {
            let title = value(&pairs, "title");
            visitor.app.cards.open_gathering(&visitor.session, &unit, title, moments).await
        }
        _ => Err(Error::Span("check-in")),
    };
    match opened {
        Ok(id) => {
            let to = visitor.href(&format!("cards/check-ins/{}", encode(id.as_str())));
            Ok(private(Redirect::to(&to).into_response()))
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show_list(&visitor, Some(outcome), status).await
        }
    }
}

async fn show_list(
    visitor: &Visitor,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let found = visitor.app.cards.gatherings(&visitor.session).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let mut units = Vec::new();
    if let Principal::Account(account) = visitor.session.principal() {
        for unit in account.units.iter().take(MOST_UNITS) {
            let Ok(id) = EntityId::parse(unit) else { continue };
            let Ok(Some(stored)) = visitor.session.find(&id).await else { continue };
            units.push((unit.to_string(), entity_name(visitor, &stored.entity)));
        }
    }
    let values = ListValues {
        page: frame(visitor, visitor.lang().say("cards-check-ins"), Here::Cards, ""),
        outcome,
        back_href: visitor.href("cards"),
        gatherings: found.iter().map(|one| row(visitor, one)).collect(),
        units,
    };
    let response = private(rendered(visitor, "cards_check_ins.html", values)?.into_response());
    Ok(super::with_status(response, status))
}

/// One check-in.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    show(&visitor, &id, None, StatusCode::OK).await
}

/// Enters whoever shows a card.
pub(super) async fn check_in(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::manager(&visitor) {
        return Ok(*other);
    }
    let id = super::parsed(&visitor, &id)?;
    let lang = visitor.lang();
    let done = visitor.app.cards.check_in(&visitor.session, &id, value(&pairs, "text")).await;
    let (outcome, status) = match done {
        Ok((checked, entered)) => {
            let name = checked.claims.as_ref().map(|card| card.name.clone()).unwrap_or_default();
            let named = args([("name", name)]);
            if entered {
                (Outcome { tone: "ok", text: lang.say_with("cards-checked-in", &named) }, StatusCode::OK)
            } else if checked.standing == dinh_cards::Standing::Valid && !checked.looked_up {
                (
                    Outcome { tone: "ok", text: lang.say_with("cards-checked-in-before", &named) },
                    StatusCode::OK,
                )
            } else if checked.looked_up {
                let text = lang.say("cards-check-in-unsigned");
                (Outcome { tone: "danger", text }, StatusCode::UNPROCESSABLE_ENTITY)
            } else {
                let (_, text) = verify::words(checked.standing, false, lang);
                (Outcome { tone: "danger", text }, StatusCode::UNPROCESSABLE_ENTITY)
            }
        }
        Err(error) => said::told(&visitor, error)?,
    };
    show(&visitor, &id, Some(outcome), status).await
}

async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (cards, failed) = (&visitor.app.cards, |error| said::fault(visitor, error));
    let gathering = cards.gathering(&visitor.session, id).await.map_err(failed)?;
    let people = cards.presences(&visitor.session, id).await.map_err(failed)?;
    let values = Values {
        page: frame(visitor, gathering.title.clone(), Here::Cards, ""),
        outcome,
        back_href: visitor.href("cards/check-ins"),
        open: gathering.opens <= visitor.now && visitor.now < gathering.closes,
        gathering: row(visitor, &gathering),
        people: people
            .into_iter()
            .map(|one| (one.name, one.unit_name, look::date_time(one.at, visitor.lang())))
            .collect(),
    };
    let response = private(rendered(visitor, "cards_check_in.html", values)?.into_response());
    Ok(super::with_status(response, status))
}
