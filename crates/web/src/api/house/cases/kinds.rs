//! Kinds of case that can be filed.

use std::sync::Arc;

use axum::Json;
use dinh_cases::{Kind, Named};
use dinh_ngsild::problem::{Problem, ProblemKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::Plain;
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Parameters, Segments};

/// A kind, as lists show it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KindLine {
    /// Its code.
    kind: String,
    /// The version that is open today.
    version: u32,
    /// What people call it.
    #[schema(value_type = Object)]
    title: Named,
    /// What it is for.
    #[schema(value_type = Option<Object>)]
    summary: Option<Named>,
    /// Code of the national procedure that it settles.
    procedure: Option<String>,
    /// The form whose answers it asks for.
    form: Option<String>,
}

/// List kinds of case
///
/// Answers with the kinds under which cases can be filed today.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/kinds", tag = "cases",
    extensions(("x-summary-vi" = json!("Liệt kê các loại hồ sơ"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    responses((status = 200, description = "The kinds.", body = Vec<KindLine>), ReadRefusals)
)]
pub(crate) async fn list_kinds(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
) -> Result<Json<Vec<KindLine>>, Refusal> {
    let line = |kind: &Arc<Kind>| KindLine {
        kind: kind.code.clone(),
        version: kind.version,
        title: kind.title.clone(),
        summary: kind.summary.clone(),
        procedure: kind.procedure.clone(),
        form: kind.form.clone(),
    };
    Ok(Json(visit.app.casework.book().open_on(visit.app.privacy.today()).map(line).collect()))
}

/// Read a kind of case
///
/// Answers with the version that is open today, whole: roles, parts, fees, states, actions and what they ask, times.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/cases/kinds/{kind}", tag = "cases",
    extensions(("x-summary-vi" = json!("Xem một loại hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("kind" = String, Path, description = "Code of the kind."), Parameters<Plain>
    ),
    responses((status = 200, description = "The kind.", body = Object), ReadRefusals)
)]
pub(crate) async fn one_kind(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
) -> Result<Json<Kind>, Refusal> {
    let kind = visit.app.casework.book().on(&path.0.1, visit.app.privacy.today());
    let kind = kind.ok_or_else(|| {
        Problem::new(
            ProblemKind::ResourceNotFound,
            "There is no kind of case with this code that is open today.",
        )
    })?;
    Ok(Json(Kind::clone(kind)))
}
