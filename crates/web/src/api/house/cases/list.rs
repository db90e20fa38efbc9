//! Lists of cases: those on the desks of one's units, and one's own.

use axum::Json;
use dinh_casework::Queue;
use dinh_ngsild::problem::Problem;

use super::shown::{CasesBody, page};
use super::{refusal, unit};
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};

/// The queue.
pub(crate) struct ListCases;

impl Operation for ListCases {
    const PARAMETERS: &'static [Known] = &[
        Known::text("desk", "Cases on the desk of this unit, by its URI."),
        Known::text("state", "Cases in this state, by its code."),
        Known::text("kind", "Cases of this kind, by its code."),
        Known::text("number", "The case with this number."),
        Known::flag("mine", "Cases given to the account that asks."),
        Known::flag("late", "Cases that are late."),
        Known::number("limit", "Most cases to return: 50 if not given, at most 100."),
        Known::number("offset", "How many to pass over first, at most 100000."),
    ];
}

/// One's own.
pub(crate) struct ListOwn;

impl Operation for ListOwn {
    const PARAMETERS: &'static [Known] = &[
        Known::number("limit", "Most cases to return: 50 if not given, at most 100."),
        Known::number("offset", "How many to pass over first, at most 100000."),
    ];
}

/// Most cases in one answer.
const MOST: usize = 100;
/// Cases in an answer unless told otherwise.
const USUAL: usize = 50;
/// Most cases that are passed over.
const FARTHEST: usize = 100_000;
/// Longest text of a parameter, in characters.
const MAX_TEXT: usize = 100;

/// List cases to work on
///
/// Answers with the cases that the account sees for its units, what is due first before the rest. Those who see none get an
/// empty list.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases", tag = "cases",
    extensions(("x-summary-vi" = json!("Liệt kê hồ sơ cần xử lý"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<ListCases>),
    responses((status = 200, description = "The cases.", body = CasesBody), ReadRefusals)
)]
pub(crate) async fn list_cases(
    Hall(visit): Hall,
    parameters: Parameters<ListCases>,
) -> Result<Json<CasesBody>, Refusal> {
    let text = |name: &'static str| match parameters.text(name).map(str::trim) {
        Some(text) if text.chars().count() > MAX_TEXT => {
            Err(Problem::bad_data(format!("The URL parameter {name} holds at most {MAX_TEXT} characters.")))
        }
        text => Ok(text.filter(|text| !text.is_empty()).map(str::to_owned)),
    };
    let queue = Queue {
        desk: parameters.text("desk").map(|desk| unit("desk", desk)).transpose()?,
        mine: parameters.flag("mine")?,
        state: text("state")?,
        kind: text("kind")?,
        late: parameters.flag("late")?,
        number: text("number")?,
    };
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let offset = parameters.number("offset", FARTHEST)?.unwrap_or(0);
    let found = visit.app.casework.queue(&visit.session, &queue, offset, limit).await;
    Ok(Json(page(&visit, &found.map_err(refusal::of)?)))
}

/// List one's own cases
///
/// Answers with the cases that the account filed or that are about those it speaks for, the latest first.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/own", tag = "cases",
    extensions(("x-summary-vi" = json!("Liệt kê hồ sơ của mình"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<ListOwn>),
    responses((status = 200, description = "The cases.", body = CasesBody), ReadRefusals)
)]
pub(crate) async fn list_own_cases(
    Hall(visit): Hall,
    parameters: Parameters<ListOwn>,
) -> Result<Json<CasesBody>, Refusal> {
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let offset = parameters.number("offset", FARTHEST)?.unwrap_or(0);
    let found = visit.app.casework.own_cases(&visit.session, offset, limit).await;
    Ok(Json(page(&visit, &found.map_err(refusal::of)?)))
}
