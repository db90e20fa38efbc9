//! `GET` and `POST /{tenant}/money/till`: cash of a counter, counted at the end of the day.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_ledger::Dong;
use dinh_model::EntityId;
use dinh_payments::Error;
use http::StatusCode;
use serde::Serialize;

use super::card::Row;
use super::{Choice, Tab, money, only, present, said, tabs, units, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    units: Vec<Choice>,
    unit: Option<String>,
    expected: String,
    expected_plain: i64,
    today: Vec<Row>,
    before: Vec<Before>,
}

#[derive(Serialize)]
struct Before {
    at: String,
    expected: String,
    counted: String,
    deposited: String,
    note: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.takes_cash(&visitor.session))?;
    let unit = Asked::of(&visitor.uri).get("unit").map(str::to_owned);
    show(&visitor, unit, None, StatusCode::OK).await
}

/// Closes the till.
pub(super) async fn close(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.takes_cash(&visitor.session))?;
    let unit = Some(value(&pairs, "unit").to_owned()).filter(|unit| !unit.is_empty());
    match closed(&visitor, &pairs).await {
        Ok(()) => {
            let outcome = Outcome { tone: "ok", text: visitor.lang().say("money-till-closed") };
            show(&visitor, unit, Some(outcome), StatusCode::OK).await
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, unit, Some(outcome), status).await
        }
    }
}

async fn closed(visitor: &Visitor, pairs: &[(String, String)]) -> Result<(), Error> {
    let counted: Dong = value(pairs, "counted").parse()?;
    let deposited = match value(pairs, "deposited") {
        "" => Dong::ZERO,
        text => text.parse()?,
    };
    let unit = EntityId::parse(value(pairs, "unit")).map_err(|_odd| Error::NotYours)?;
    let payments = &visitor.app.payments;
    payments.close_till(&visitor.session, &unit, (counted, deposited), value(pairs, "note")).await.map(drop)
}

async fn show(
    visitor: &Visitor,
    unit: Option<String>,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    let units = units(visitor, false).await;
    let is_mine = |wanted: &String| units.iter().any(|one| one.value == *wanted);
    let unit = unit.filter(is_mine).or_else(|| units.first().map(|one| one.value.clone()));
    let parsed = unit.as_deref().and_then(|unit| EntityId::parse(unit).ok());
    let till = match &parsed {
        Some(unit) => {
            Some(payments.till(&visitor.session, unit).await.map_err(|error| said::fault(visitor, error))?)
        }
        None => None,
    };
    let expected = till.as_ref().map_or(0, |till| till.expected);
    let values = Values {
        page: frame(visitor, lang.say("money-till"), Here::Money, ""),
        tabs: tabs(visitor, "money/till"),
        outcome,
        units,
        unit,
        expected: money(expected, lang),
        expected_plain: expected,
        today: till.iter().flat_map(|till| &till.today).map(|payment| Row::of(visitor, payment)).collect(),
        before: till
            .iter()
            .flat_map(|till| &till.before)
            .map(|one| Before {
                at: look::date_time(one.at, lang),
                expected: money(one.expected, lang),
                counted: money(one.counted.signed(), lang),
                deposited: money(one.deposited.signed(), lang),
                note: one.note.clone(),
            })
            .collect(),
    };
    let mut response = private(rendered(visitor, "money_till.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
