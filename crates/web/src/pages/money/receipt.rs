//! `GET /{tenant}/receipts/{id}`: the receipt of a payment, to be printed.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::card::{say, way};
use super::{money, parsed, present, said, unit};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    bill_href: String,
    unit: String,
    receipt: String,
    payer: Option<String>,
    title: String,
    case_number: Option<String>,
    reference: String,
    amount: String,
    way: String,
    day: String,
    at: String,
    basis: Option<String>,
    /// Why it is void, if it is.
    void: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (lang, id) = (visitor.lang(), parsed(&visitor, &id)?);
    let found = visitor.app.payments.receipt_of(&visitor.session, &id).await;
    let (payment, state) = found.map_err(|error| said::fault(&visitor, error))?;
    let bill = state.bill;
    let values = Values {
        page: frame(
            &visitor,
            format!("{} {}", lang.say("money-receipt"), payment.receipt),
            Here::Elsewhere,
            "",
        ),
        bill_href: visitor.href(&format!("bills/{}", encode(bill.id.as_str()))),
        unit: unit(&visitor, payment.unit.as_str()).await,
        receipt: payment.receipt,
        payer: bill.payer,
        title: say(&bill.title, lang),
        case_number: bill.case_number,
        reference: bill.reference.grouped(),
        amount: money(payment.amount.signed(), lang),
        way: way(payment.way, lang),
        day: look::day(payment.day, lang),
        at: look::date_time(payment.at, lang),
        basis: bill.charge.map(|charge| charge.basis),
        void: payment.reversed,
    };
    Ok(private(rendered(&visitor, "receipt.html", values)?.into_response()))
}
