//! `GET /{tenant}/my-bills`, and `GET` and `POST /{tenant}/bills/{id}`: what somebody owes; one bill, which its payer sees and
//! the counter takes cash for.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_ledger::Dong;
use dinh_model::EntityId;
use dinh_payments::{Error, PayTo};
use http::StatusCode;
use serde::Serialize;

use super::{Card, money, only, parsed, present, said, value};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    /// The receipt that was just written.
    receipt_href: Option<String>,
    bill: Card,
    takes: bool,
    back: (String, String),
}

#[derive(Serialize)]
struct Mine {
    page: view::Frame,
    bills: Vec<Card>,
    owed: String,
}

/// What came of a form.
struct Done {
    outcome: Option<Outcome>,
    receipt: Option<EntityId>,
    status: StatusCode,
}

/// What somebody owes and paid.
pub(super) async fn mine(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let lang = visitor.lang();
    let payments = &visitor.app.payments;
    let bills = payments.own_bills(&visitor.session).await.map_err(|error| said::fault(&visitor, error))?;
    let values = Mine {
        page: frame(&visitor, lang.say("money-mine"), Here::Mine, ""),
        owed: money(payments.owed(&bills).signed(), lang),
        bills: bills.iter().map(|bill| Card::of(&visitor, bill)).collect(),
    };
    Ok(private(rendered(&visitor, "my_bills.html", values)?.into_response()))
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let done = Done { outcome: None, receipt: None, status: StatusCode::OK };
    show(&visitor, &parsed(&visitor, &id)?, done).await
}

/// Takes cash, or asks for money to be given back.
pub(super) async fn act(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = parsed(&visitor, &id)?;
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    // Whoever may not see it is told that there is none, before anything else is.
    payments.show(&visitor.session, &id).await.map_err(|error| said::fault(&visitor, error))?;
    only(&visitor, payments.takes_cash(&visitor.session))?;
    let done = match value(&pairs, "do") {
        "refund" => refund(&visitor, &id, &pairs).await.map(|()| (lang.say("money-refund-asked"), None)),
        _ => cash(&visitor, &id, &pairs).await,
    };
    let done = match done {
        Ok((text, receipt)) => {
            Done { outcome: Some(Outcome { tone: "ok", text }), receipt, status: StatusCode::OK }
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            Done { outcome: Some(outcome), receipt: None, status }
        }
    };
    show(&visitor, &id, done).await
}

async fn cash(
    visitor: &Visitor,
    id: &EntityId,
    pairs: &[(String, String)],
) -> Result<(String, Option<EntityId>), Error> {
    let amount: Dong = value(pairs, "amount").parse()?;
    let payment = visitor.app.payments.take_cash(&visitor.session, id, amount, value(pairs, "note")).await?;
    let values =
        args([("amount", money(payment.amount.signed(), visitor.lang())), ("receipt", payment.receipt)]);
    Ok((visitor.lang().say_with("money-cash-taken", &values), Some(payment.id)))
}

async fn refund(visitor: &Visitor, id: &EntityId, pairs: &[(String, String)]) -> Result<(), Error> {
    let amount: Dong = value(pairs, "amount").parse()?;
    let of = |name: &str| value(pairs, name).to_owned();
    let to = PayTo { bin: of("bin"), number: of("number"), holder: of("holder") };
    visitor.app.payments.ask_refund(&visitor.session, id, amount, value(pairs, "reason"), &to).await.map(drop)
}

async fn show(visitor: &Visitor, id: &EntityId, done: Done) -> Result<Response, Fault> {
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    let state = payments.show(&visitor.session, id).await.map_err(|error| said::fault(visitor, error))?;
    let bill = Card::of(visitor, &state);
    let back = match &bill.case {
        Some((href, number)) => (href.clone(), number.clone()),
        None => (visitor.href("my-bills"), lang.say("money-mine")),
    };
    let values = Values {
        page: frame(visitor, bill.title.clone(), Here::Elsewhere, ""),
        outcome: done.outcome,
        receipt_href: done.receipt.map(|id| visitor.href(&format!("receipts/{}", encode(id.as_str())))),
        takes: !state.own && payments.takes_cash(&visitor.session),
        bill,
        back,
    };
    let mut response = private(rendered(visitor, "bill.html", values)?.into_response());
    *response.status_mut() = done.status;
    Ok(response)
}
