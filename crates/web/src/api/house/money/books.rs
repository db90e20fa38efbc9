//! What stands on the accounts.

use std::collections::BTreeMap;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::refusal;
use crate::api::house::cases::Plain;
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::Parameters;

/// The books.
#[derive(Serialize, ToSchema)]
pub(crate) struct BooksShown {
    /// What stands on each account that concerns the units of whoever asks, in đồng; debits are positive.
    balances: BTreeMap<String, i64>,
    /// How many entries they can see.
    entries: u64,
}

/// Read what stands on the accounts
///
/// For treasurers.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/money/balances", tag = "money",
    extensions(("x-summary-vi" = json!("Số dư các tài khoản kế toán"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    responses((status = 200, description = "The balances.", body = BooksShown), ReadRefusals)
)]
pub(crate) async fn read_balances(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
) -> Result<Json<BooksShown>, Refusal> {
    let payments = &visit.app.payments;
    let journal = payments.journal(&visit.session, 0, 1).await.map_err(refusal::of)?;
    let today = dinh_calendar::official_day(visit.app.context.clock().now().to_jiff());
    let board = payments.board(&visit.session, today, today).await.map_err(refusal::of)?;
    let balances = board.balances.0.into_iter().map(|(account, balance)| (account.to_string(), balance));
    Ok(Json(BooksShown { balances: balances.collect(), entries: journal.total }))
}
