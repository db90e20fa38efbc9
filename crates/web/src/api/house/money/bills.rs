//! Bills, and cash for them.

use axum::Json;
use axum::extract::Request;
use dinh_ledger::{Dong, Reference};
use dinh_payments::{Bill, BillState, Error};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal;
use crate::api::house::cases::{Plain, body};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, ReadRefusals, Refusal, WriteRefusals};
use crate::api::request::{Parameters, Segments, entity_id};

/// A bill.
#[derive(Serialize, ToSchema)]
pub(crate) struct BillShown {
    /// By which a transfer says that it pays it.
    reference: String,
    /// What is asked: the codes of kind and fee.
    fee: String,
    /// `open`, `partial`, `paid`, `over` or `cancelled`.
    state: &'static str,
    /// What was asked, in đồng.
    asked: u64,
    /// What is still owed, in đồng.
    owed: u64,
    /// What was paid too much, in đồng.
    over: u64,
    /// On which act it stands.
    basis: Option<String>,
    /// The text of the VietQR by which it can be paid; none if nothing is owed or the unit takes no transfers.
    qr: Option<String>,
    /// What was paid, the latest first.
    payments: Vec<PaymentShown>,
}

/// A payment.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentShown {
    /// The number of its receipt.
    receipt: String,
    /// `bank` or `cash`.
    way: &'static str,
    /// In đồng.
    amount: u64,
    /// The day on which it came.
    day: String,
    /// Why it was reversed, if it was.
    reversed: Option<String>,
}

/// Cash that is taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CashTaken {
    /// How much, in đồng: at most what is owed.
    amount: u64,
    /// A note on it.
    #[serde(default)]
    note: String,
}

fn shown(state: &BillState) -> BillShown {
    let bill = &state.bill;
    BillShown {
        reference: bill.reference.to_string(),
        fee: bill.fee.clone(),
        state: bill.standing().name(),
        asked: bill.asked().get(),
        owed: bill.bill.owed().get(),
        over: bill.bill.over.get(),
        basis: bill.charge.as_ref().map(|charge| charge.basis.clone()),
        qr: state.pay_to.as_ref().map(|(_, qr)| qr.text()),
        payments: state
            .payments
            .iter()
            .map(|one| PaymentShown {
                receipt: one.receipt.clone(),
                way: one.way.name(),
                amount: one.amount.get(),
                day: one.day.to_string(),
                reversed: one.reversed.clone(),
            })
            .collect(),
    }
}

/// List what a case costs
///
/// Bills with how they are paid and what was paid, for whoever pays and for those of the unit; nobody else finds any.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/{id}/bills", tag = "money",
    extensions(("x-summary-vi" = json!("Các khoản phải nộp của một hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."), Parameters<Plain>
    ),
    responses((status = 200, description = "The bills.", body = Vec<BillShown>), ReadRefusals)
)]
pub(crate) async fn list_bills(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
) -> Result<Json<Vec<BillShown>>, Refusal> {
    let id = entity_id(&path.0.1)?;
    let bills = visit.app.payments.bills_of(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(bills.iter().map(shown).collect()))
}

/// Take cash for a bill
///
/// At the counter of its unit, with a receipt. The answer is the bill as it is then; what was acknowledged is durable.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/bills/{reference}/cash", tag = "money",
    extensions(("x-summary-vi" = json!("Thu tiền mặt"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("reference" = String, Path, description = "Reference of the bill."), Parameters<Plain>
    ),
    request_body(content = CashTaken, content_type = "application/json"),
    responses(
        (status = 200, description = "The bill as it is then.", body = BillShown),
        (status = 409, description = "Nothing is owed any more.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn take_cash(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<BillShown>, Refusal> {
    let payments = &visit.app.payments;
    payments.may_ask(&visit.session).map_err(refusal::of)?;
    let reference: Reference =
        path.0.1.parse().map_err(|_odd| refusal::of(Error::NoBill(path.0.1.clone())))?;
    let taken: CashTaken = body(request).await?;
    let amount = Dong::new(taken.amount).map_err(|fault| refusal::of(fault.into()))?;
    let id = Bill::id_of(&reference);
    payments.take_cash(&visit.session, &id, amount, &taken.note).await.map_err(refusal::of)?;
    let state = payments.show(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(shown(&state)))
}
