//! The line before a desk, on the home of the one-stop desk: calling the next one, serving, who did not come.

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::{Error, Line, Ticket, TicketState, TicketStep};
use dinh_model::EntityId;
use serde::Serialize;

use super::home;
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases::filing;
use crate::pages::cases::{asks, only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// The window that is offered first.
const FIRST_WINDOW: &str = "1";

/// The line as the page shows it.
#[derive(Serialize)]
pub(super) struct Desk {
    unit: String,
    title: String,
    units: Vec<filing::Pick>,
    window: String,
    mine: Option<Now>,
    waiting: usize,
    next: Option<String>,
    told: String,
    absent: Vec<Now>,
    wall_href: String,
    kiosk_href: String,
}

/// A ticket at the desk.
#[derive(Serialize)]
struct Now {
    id: String,
    label: String,
    said: String,
    is_called: bool,
}

/// The line of the unit that was chosen, or of the first for which whoever looks acts; none if there is none.
pub(super) async fn of(visitor: &Visitor) -> Option<Desk> {
    let units = filing::of_my_units(visitor, &filing::numbering(visitor).await);
    let asked = Asked::of(&visitor.uri);
    let wanted = asked.get("unit").unwrap_or_default();
    let unit = units.iter().find(|unit| unit.value == wanted).or_else(|| units.first())?.clone();
    let id = EntityId::parse(&unit.value).ok()?;
    let line = visitor.app.casework.line(&visitor.session, &id).await.ok()?;
    let at = encode(&unit.value);
    Some(Desk {
        window: window(&asked, line.mine.as_ref()),
        told: told(visitor, &line),
        waiting: line.waiting.len(),
        next: line.waiting.first().map(Ticket::label),
        mine: line.mine.as_ref().map(|ticket| now(visitor, ticket)),
        absent: line.absent.iter().map(|ticket| now(visitor, ticket)).collect(),
        wall_href: visitor.href(&format!("tickets/wall?unit={at}")),
        kiosk_href: visitor.href(&format!("tickets?unit={at}")),
        unit: unit.value,
        title: unit.title,
        units: if units.len() > 1 { units } else { Vec::new() },
    })
}

fn window(asked: &Asked, mine: Option<&Ticket>) -> String {
    let named = asked.get("window").map(str::to_owned);
    named.or_else(|| mine?.window.clone()).unwrap_or_else(|| FIRST_WINDOW.to_owned())
}

fn told(visitor: &Visitor, line: &Line) -> String {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let mut values = args([
        ("waiting", number(line.waiting.len())),
        ("booked", number(line.booked)),
        ("served", number(line.served)),
    ]);
    match line.mean_wait {
        Some(minutes) => {
            values.set("minutes", minutes);
            visitor.lang().say_with("ticket-line-wait", &values)
        }
        None => visitor.lang().say_with("ticket-line", &values),
    }
}

fn now(visitor: &Visitor, ticket: &Ticket) -> Now {
    let lang = visitor.lang();
    let at = |at: Option<dinh_model::Timestamp>| at.map(look::time).unwrap_or_default();
    let said = match ticket.state {
        TicketState::Serving => lang.say_with("ticket-serving-since", &args([("at", at(ticket.served))])),
        _ => lang.say_with("ticket-called-at", &args([("at", at(ticket.called))])),
    };
    Now {
        id: ticket.id.to_string(),
        label: ticket.label(),
        said,
        is_called: ticket.state == TicketState::Called,
    }
}

/// `POST /{tenant}/counter`: what is done with the line.
pub(super) async fn act(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let value = |name: &str| asks::value(&pairs, name).unwrap_or_default();
    let (casework, session) = (&visitor.app.casework, &visitor.session);
    let step = match value("do") {
        "again" => Some(TicketStep::CallAgain),
        "serve" => Some(TicketStep::Serve),
        "end" => Some(TicketStep::End),
        "absent" => Some(TicketStep::Absent),
        "back" => Some(TicketStep::Back),
        _ => None,
    };
    let id = |name: &str| EntityId::parse(value(name)).map_err(|_unreadable| Fault::not_found(visitor.taste));
    let done = match step {
        Some(step) => casework.step_ticket(session, &id("ticket")?, step).await.map(Some),
        None => casework.call_next(session, &id("unit")?, value("window")).await,
    };
    let danger = |text: String| Some(Outcome { tone: "danger", text });
    match done {
        Ok(Some(_)) => {
            let back = format!("counter?unit={}&window={}", encode(value("unit")), encode(value("window")));
            Ok(private(Redirect::to(&visitor.href(&back)).into_response()))
        }
        Ok(None) => home::show(&visitor, danger(visitor.lang().say("ticket-nobody"))).await,
        Err(Error::Conflict) => home::show(&visitor, danger(visitor.lang().say("ticket-conflict"))).await,
        Err(error) => {
            let (outcome, _) = said::told(&visitor, error, None)?;
            home::show(&visitor, Some(outcome)).await
        }
    }
}
