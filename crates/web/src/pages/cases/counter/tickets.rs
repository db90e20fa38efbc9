//! `GET` and `POST /{tenant}/tickets`: taking a number at a kiosk, without an account. `GET` and `POST /{tenant}/tickets/{id}`:
//! where it stands. `GET /{tenant}/tickets/wall`: the numbers called, for a large screen.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::{Place, Ticket, TicketState};
use dinh_model::EntityId;
use http::header::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases::filing::{self, Pick};
use crate::pages::cases::{asks, one, parts, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Seconds after which a ticket is looked at anew.
const TICKET_EVERY: &str = "20";
/// Seconds after which the wall is.
const WALL_EVERY: &str = "5";

#[derive(Serialize)]
struct Kiosk {
    page: view::Frame,
    units: Vec<Desk>,
    /// The unit of the kiosk, once it is known.
    unit: Option<Pick>,
    waiting: String,
    book_href: String,
    wall_href: String,
}

/// A desk that gives out numbers.
#[derive(Serialize)]
struct Desk {
    href: String,
    title: String,
}

#[derive(Serialize)]
struct One {
    page: view::Frame,
    label: String,
    unit: String,
    said: String,
    more: Option<String>,
    /// Whether it is the turn of whoever has it.
    turn: bool,
    cancels: bool,
    kiosk_href: String,
}

#[derive(Serialize)]
struct WallValues {
    page: view::Frame,
    unit: String,
    calls: Vec<Call>,
    said: String,
}

#[derive(Serialize)]
struct Call {
    label: String,
    window: String,
    is_called: bool,
}

/// The kiosk.
pub(super) async fn kiosk(visitor: Visitor) -> Result<Response, Fault> {
    offered(&visitor)?;
    let units = filing::numbering(&visitor).await;
    let unit = chosen(&visitor, &units);
    let (mut waiting, mut at) = (String::new(), String::new());
    if let Some(unit) = unit.as_ref().and_then(|unit| EntityId::parse(&unit.value).ok()) {
        let wall = visitor.app.casework.wall(&visitor.province.tenant, &unit).await;
        let wall = wall.map_err(|error| said::fault(&visitor, error))?;
        waiting = waits(&visitor, wall.waiting, wall.mean_wait);
        at = format!("?unit={}", encode(unit.as_str()));
    }
    let desk = |unit: Pick| Desk {
        href: visitor.href(&format!("tickets?unit={}", encode(&unit.value))),
        title: unit.title,
    };
    let values = Kiosk {
        page: frame(&visitor, visitor.lang().say("ticket-take-title"), Here::Elsewhere, ""),
        units: units.into_iter().map(desk).collect(),
        unit,
        waiting,
        book_href: visitor.href(&format!("tickets/book{at}")),
        wall_href: visitor.href(&format!("tickets/wall{at}")),
    };
    Ok(rendered(&visitor, "tickets.html", values)?.into_response())
}

/// Takes a number.
pub(super) async fn take(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    offered(&visitor)?;
    let unit = EntityId::parse(asks::value(&pairs, "unit").unwrap_or_default());
    let unit = unit.map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let taken = visitor.app.casework.take_ticket(&visitor.province.tenant, &unit).await;
    match taken {
        Ok(ticket) => Ok(private(Redirect::to(&href(&visitor, &ticket.id)).into_response())),
        Err(error) => Err(ticket_fault(&visitor, error)),
    }
}

/// Where a ticket stands.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    offered(&visitor)?;
    let id = one::parsed(&visitor, &id)?;
    let place = visitor.app.casework.ticket(&visitor.province.tenant, &id).await;
    let place = place.map_err(|error| said::fault(&visitor, error))?;
    let ticket = &place.ticket;
    let (said, more) = words(&visitor, &place);
    let own = match visitor.session.principal() {
        dinh_access::Principal::Account(account) => ticket.account.as_deref() == Some(&*account.id),
        _ => false,
    };
    let values = One {
        page: frame(&visitor, visitor.lang().say("ticket-title"), Here::Elsewhere, ""),
        label: ticket.label(),
        unit: parts::unit(&visitor, ticket.unit.as_str()).await,
        said,
        more,
        turn: matches!(ticket.state, TicketState::Called | TicketState::Serving),
        cancels: own && ticket.state == TicketState::Booked,
        kiosk_href: visitor.href(&format!("tickets?unit={}", encode(ticket.unit.as_str()))),
    };
    let response = private(rendered(&visitor, "ticket.html", values)?.into_response());
    let open = matches!(ticket.state, TicketState::Waiting | TicketState::Called | TicketState::Booked);
    Ok(if open { refreshing(response, TICKET_EVERY) } else { response })
}

/// Gives an appointment back.
pub(super) async fn cancel(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let done = visitor.app.casework.cancel_ticket(&visitor.session, &id).await;
    done.map_err(|error| said::fault(&visitor, error))?;
    Ok(private(Redirect::to(&href(&visitor, &id)).into_response()))
}

/// The wall.
pub(super) async fn wall(visitor: Visitor) -> Result<Response, Fault> {
    offered(&visitor)?;
    let units = filing::numbering(&visitor).await;
    let unit = chosen(&visitor, &units).or_else(|| units.first().cloned());
    let unit = unit.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let id = EntityId::parse(&unit.value).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let wall = visitor.app.casework.wall(&visitor.province.tenant, &id).await;
    let wall = wall.map_err(|error| said::fault(&visitor, error))?;
    let call = |ticket: &Ticket| Call {
        label: ticket.label(),
        window: ticket.window.clone().unwrap_or_default(),
        is_called: ticket.state == TicketState::Called,
    };
    let values = WallValues {
        page: frame(&visitor, visitor.lang().say("ticket-wall"), Here::Elsewhere, ""),
        unit: unit.title,
        calls: wall.called.iter().map(call).collect(),
        said: waits(&visitor, wall.waiting, wall.mean_wait),
    };
    let response = rendered(&visitor, "ticket_wall.html", values)?.into_response();
    Ok(refreshing(response, WALL_EVERY))
}

/// The page of a ticket.
pub(super) fn href(visitor: &Visitor, id: &EntityId) -> String {
    visitor.href(&format!("tickets/{}", encode(id.as_str())))
}

/// The unit that the address names.
pub(super) fn chosen(visitor: &Visitor, units: &[Pick]) -> Option<Pick> {
    let asked = Asked::of(&visitor.uri);
    let wanted = asked.get("unit")?;
    units.iter().find(|unit| unit.value == wanted).cloned()
}

/// There are no tickets where no dossiers are received.
pub(super) fn offered(visitor: &Visitor) -> Result<(), Fault> {
    if visitor.app.casework.is_offered() { Ok(()) } else { Err(Fault::not_found(visitor.taste)) }
}

/// Too many wait: said as what it is; the rest as elsewhere.
fn ticket_fault(visitor: &Visitor, error: dinh_casework::Error) -> Fault {
    match error {
        dinh_casework::Error::TooMany { .. } => Fault::too_many(visitor.taste),
        dinh_casework::Error::NoUnit(_) => Fault::not_found(visitor.taste),
        other => said::fault(visitor, other),
    }
}

/// A page that a browser without scripts looks at anew after some seconds.
fn refreshing(mut response: Response, seconds: &'static str) -> Response {
    let name = HeaderName::from_static("refresh");
    response.headers_mut().insert(name, HeaderValue::from_static(seconds));
    response
}

fn waits(visitor: &Visitor, waiting: usize, mean: Option<i64>) -> String {
    let mut values = args([("waiting", f64::from(u32::try_from(waiting).unwrap_or(u32::MAX)))]);
    match mean {
        Some(minutes) => {
            values.set("minutes", minutes);
            visitor.lang().say_with("ticket-waiting-mean", &values)
        }
        None => visitor.lang().say_with("ticket-waiting", &values),
    }
}

/// What whoever has a ticket is told, and what more there is to say.
fn words(visitor: &Visitor, place: &Place) -> (String, Option<String>) {
    let (lang, ticket) = (visitor.lang(), &place.ticket);
    let window = || args([("window", ticket.window.clone().unwrap_or_default())]);
    match ticket.state {
        TicketState::Waiting => {
            let before = args([("before", f64::from(u32::try_from(place.before).unwrap_or(u32::MAX)))]);
            let mean = place.mean_wait.map(|minutes| {
                let mut values = crate::words::Args::new();
                values.set("minutes", minutes);
                lang.say_with("ticket-mean", &values)
            });
            (lang.say_with("ticket-before", &before), mean)
        }
        TicketState::Called => (lang.say_with("ticket-turn", &window()), None),
        TicketState::Serving => (lang.say_with("ticket-serving", &window()), None),
        TicketState::Served => (lang.say("ticket-served"), None),
        TicketState::Absent => (lang.say("ticket-absent"), None),
        TicketState::Cancelled => (lang.say("ticket-cancelled"), None),
        TicketState::Booked => {
            let at = ticket.slot.map(|slot| look::date_time(slot, lang)).unwrap_or_default();
            (lang.say_with("ticket-booked", &args([("at", at)])), Some(lang.say("ticket-booked-hint")))
        }
    }
}
