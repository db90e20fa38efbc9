//! `GET` and `POST /{tenant}/money/refunds`: money that is to be given back, approved by another than who asked.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_payments::{Refund, RefundState};
use http::StatusCode;
use serde::Serialize;

use super::{Sign, Tab, money, only, parsed, present, said, tabs, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    refunds: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    key: usize,
    amount: String,
    reason: String,
    pay_to: Option<String>,
    state: Sign,
    bill_href: String,
    reference: String,
    asked: String,
    /// Whether whoever looks asked for it themselves.
    own: bool,
    answer: Option<String>,
    voucher: Option<String>,
    may_decide: bool,
    may_pay: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, may(&visitor))?;
    show(&visitor, None, StatusCode::OK).await
}

fn may(visitor: &Visitor) -> bool {
    let (payments, session) = (&visitor.app.payments, &visitor.session);
    payments.approves(session) || payments.takes_cash(session)
}

/// Approves, refuses, or says that it was paid out.
pub(super) async fn act(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, may(&visitor))?;
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    let id = parsed(&visitor, value(&pairs, "refund"))?;
    let answer = value(&pairs, "answer");
    let (done, text) = match value(&pairs, "do") {
        "approve" => {
            (payments.decide_refund(session, &id, true, answer).await, lang.say("money-refund-approved"))
        }
        "pay" => {
            (payments.pay_refund(session, &id, value(&pairs, "voucher")).await, lang.say("money-refund-paid"))
        }
        _ => (payments.decide_refund(session, &id, false, answer).await, lang.say("money-refund-refused")),
    };
    match done {
        Ok(_) => show(&visitor, Some(Outcome { tone: "ok", text }), StatusCode::OK).await,
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, Some(outcome), status).await
        }
    }
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    let refunds = payments.refunds(&visitor.session).await.map_err(|error| said::fault(visitor, error))?;
    let values = Values {
        page: frame(visitor, lang.say("money-refunds"), Here::Money, ""),
        tabs: tabs(visitor, "money/refunds"),
        outcome,
        refunds: refunds.iter().enumerate().map(|(key, refund)| row(visitor, key, refund)).collect(),
    };
    let mut response = private(rendered(visitor, "money_refunds.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn row(visitor: &Visitor, key: usize, refund: &Refund) -> Row {
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    let own = matches!(session.principal(), dinh_access::Principal::Account(account) if *account.id == *refund.maker);
    let asked = refund.state == RefundState::Asked;
    Row {
        id: refund.id.to_string(),
        key,
        amount: money(refund.amount.signed(), lang),
        reason: refund.reason.clone(),
        pay_to: refund.pay_to.clone(),
        state: state(refund.state, lang),
        bill_href: visitor.href(&format!("bills/{}", encode(refund.bill.as_str()))),
        reference: refund.bill.as_str().rsplit(':').next().unwrap_or_default().to_owned(),
        asked: look::date_time(refund.asked, lang),
        own: own && asked,
        answer: refund.answer.clone(),
        voucher: refund.voucher.clone(),
        may_decide: asked && !own && payments.approves(session),
        may_pay: refund.state == RefundState::Approved && payments.is_treasurer(session),
    }
}

fn state(state: RefundState, lang: Lang) -> Sign {
    let (tone, icon, word) = match state {
        RefundState::Asked => ("watch", "clock", lang.say("money-refund-state-asked")),
        RefundState::Approved => ("watch", "clock", lang.say("money-refund-state-approved")),
        RefundState::Refused => ("danger", "danger", lang.say("money-refund-state-refused")),
        RefundState::Paid => ("ok", "ok", lang.say("money-refund-state-paid")),
    };
    Sign { tone, icon, word }
}
