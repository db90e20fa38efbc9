//! Statements of banks.

use axum::Json;
use axum::extract::Request;
use dinh_ledger::MOST_BYTES;
use dinh_ngsild::problem::Problem;
use dinh_payments::Upload;
use serde::Serialize;
use utoipa::ToSchema;

use super::refusal;
use crate::api::house::hall::Hall;
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::{Known, Operation, Parameters, read_bytes};

/// Bring in a statement.
pub(crate) struct Import;

impl Operation for Import {
    const PARAMETERS: &'static [Known] = &[
        Known::text("account", "The account at the bank: BIN and number, parted by a slash."),
        Known::text("name", "The name of the file."),
        Known::text("profile", "The form of the table, for CSV; what the account says if it is left out."),
    ];
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatementShown {
    /// How many lines it has.
    lines: u64,
    /// How many of them are new.
    new: u64,
    /// How many another statement had.
    known: u64,
}

/// Bring in the statement of a bank
///
/// The body is the file: CSV, MT940 or CAMT.053, at most 20 MB. All of it is read before anything is kept. A file that was
/// brought in before is refused (409) and changes nothing; one that was interrupted goes on. Its lines find their bills
/// afterwards, by themselves.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/statements", tag = "money",
    extensions(("x-summary-vi" = json!("Nhập sao kê ngân hàng"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Import>),
    request_body(content((String = "text/csv"), (String = "text/plain"), (String = "application/xml"))),
    responses(
        (status = 200, description = "What was brought in.", body = StatementShown),
        (status = 409, description = "It was brought in before.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn import_statement(
    Hall(visit): Hall,
    parameters: Parameters<Import>,
    request: Request,
) -> Result<Json<StatementShown>, Refusal> {
    let payments = &visit.app.payments;
    payments.may_ask(&visit.session).map_err(refusal::of)?;
    let needed = |name: &'static str| {
        let text = parameters.text(name).map(str::to_owned).filter(|text| !text.is_empty());
        text.ok_or_else(|| Problem::bad_data(format!("The URL parameter {name} is needed.")))
    };
    let (account, name) = (needed("account")?, needed("name")?);
    let profile = parameters.text("profile").map(str::to_owned).filter(|code| !code.is_empty());
    let content = read_bytes(request, MOST_BYTES).await?.to_vec();
    let upload = Upload { account, name, profile, content };
    let imported = payments.import(&visit.session, upload).await.map_err(refusal::of)?;
    Ok(Json(StatementShown {
        lines: imported.statement.lines,
        new: imported.new,
        known: imported.statement.known,
    }))
}
