//! One case.

use axum::Json;

use super::shown::{WholeCase, whole};
use super::{Plain, refusal};
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Parameters, Segments, entity_id};

/// Read a case
///
/// With everything on it that whoever asks may see and what they may do with it now; that it was read is kept in the audit.
/// A case that they may not see is not there; that it was asked for is kept in the audit too.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/{id}", tag = "cases",
    extensions(("x-summary-vi" = json!("Xem một hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."), Parameters<Plain>
    ),
    responses((status = 200, description = "The case.", body = WholeCase), ReadRefusals)
)]
pub(crate) async fn one_case(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
) -> Result<Json<WholeCase>, Refusal> {
    let id = entity_id(&path.0.1)?;
    let shown = visit.app.casework.show(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(whole(&visit, shown)))
}
