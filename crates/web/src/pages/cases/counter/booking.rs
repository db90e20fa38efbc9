//! `GET` and `POST /{tenant}/tickets/book`: an appointment at a one-stop desk.

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::Error;
use dinh_model::{EntityId, Timestamp};
use http::StatusCode;
use jiff::civil::Date;
use serde::Serialize;

use super::tickets::{chosen, href};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases::filing::{self, Pick};
use crate::pages::cases::{asks, parts, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    units: Vec<Pick>,
    unit: Option<Pick>,
    days: Vec<Day>,
    day: Option<String>,
    slots: Vec<SlotRow>,
    own: Vec<Own>,
}

#[derive(Serialize)]
struct Day {
    value: String,
    title: String,
    chosen: bool,
}

#[derive(Serialize)]
struct SlotRow {
    value: String,
    title: String,
    left: usize,
}

#[derive(Serialize)]
struct Own {
    href: String,
    says: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    show(&visitor, None, StatusCode::OK).await
}

/// Books.
pub(super) async fn book(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let lang = visitor.lang();
    let unit = EntityId::parse(asks::value(&pairs, "unit").unwrap_or_default());
    let unit = unit.map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let at = asks::value(&pairs, "at").unwrap_or_default().parse::<Timestamp>();
    let booked = match at {
        Ok(at) => visitor.app.casework.book_slot(&visitor.session, &unit, at).await,
        Err(_unreadable) => Err(Error::Slot),
    };
    let text = match booked {
        Ok(ticket) => return Ok(private(Redirect::to(&href(&visitor, &ticket.id)).into_response())),
        Err(Error::Slot) => lang.say("ticket-error-slot"),
        Err(Error::TooMany { most, .. }) => {
            let most = f64::from(u32::try_from(most).unwrap_or(u32::MAX));
            lang.say_with("ticket-error-open", &args([("most", most)]))
        }
        Err(Error::NoUnit(_)) => return Err(Fault::not_found(visitor.taste)),
        Err(error) => return Err(said::fault(&visitor, error)),
    };
    show(&visitor, Some(Outcome { tone: "danger", text }), StatusCode::CONFLICT).await
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let units = filing::numbering(visitor).await;
    let unit = chosen(visitor, &units);
    let days = casework.bookable_days();
    let asked = Asked::of(&visitor.uri).get("day").and_then(|day| day.parse::<Date>().ok());
    let day = asked.filter(|day| days.contains(day)).or_else(|| days.first().copied());
    let mut slots = Vec::new();
    if let (Some(unit), Some(day)) = (unit.as_ref().and_then(|unit| EntityId::parse(&unit.value).ok()), day) {
        let found = casework.slots(&visitor.province.tenant, &unit, day).await;
        let found = found.map_err(|error| said::fault(visitor, error))?;
        slots = found
            .iter()
            .map(|slot| SlotRow { value: slot.at.to_string(), title: look::time(slot.at), left: slot.left })
            .collect();
    }
    let mut own = Vec::new();
    let tickets = casework.own_tickets(&visitor.session).await;
    for ticket in tickets.map_err(|error| said::fault(visitor, error))? {
        let at = ticket.slot.map(|slot| look::date_time(slot, lang)).unwrap_or_default();
        let place = parts::unit(visitor, ticket.unit.as_str()).await;
        let values = args([("number", ticket.label()), ("at", at), ("unit", place)]);
        own.push(Own { href: href(visitor, &ticket.id), says: lang.say_with("ticket-own-one", &values) });
    }
    let values = Values {
        page: frame(visitor, lang.say("ticket-book-title"), Here::Elsewhere, ""),
        outcome,
        units,
        unit,
        days: days
            .iter()
            .map(|one| Day {
                value: one.to_string(),
                title: look::day(*one, lang),
                chosen: Some(*one) == day,
            })
            .collect(),
        day: day.map(|day| look::day(day, lang)),
        slots,
        own,
    };
    let mut response = private(rendered(visitor, "ticket_book.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
