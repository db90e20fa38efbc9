//! What is done with a case.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use dinh_cases::{Answer, Opinion};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shown::{WholeCase, whole};
use super::{Plain, body, no_backdating, refusal};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::{Parameters, Segments, entity_id};

/// An action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acting {
    /// Its code, one of `actions` of the case.
    action: String,
    /// The version of the case that was looked at.
    version: u64,
    /// What is answered to what it asks: text, a number, or a list of codes of parts.
    #[serde(default)]
    #[schema(value_type = Object)]
    asked: BTreeMap<String, Answer>,
    /// Refused: the time of an action is the server's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    at: Option<serde_json::Value>,
}

/// An opinion.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opining {
    /// Number of the question, of `opinions` of the case.
    task: u32,
    /// The version of the case that was looked at.
    version: u64,
    /// The opinion.
    text: String,
    /// Whether the unit agrees.
    agrees: bool,
}

/// Take an action with a case
///
/// On the version that was looked at: if somebody else was quicker, nothing is done (409). What may not be done is refused
/// with the field and the rule, and kept in the audit.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cases/{id}/actions", tag = "cases",
    extensions(("x-summary-vi" = json!("Thực hiện một bước của hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."), Parameters<Plain>
    ),
    request_body(content = Acting, content_type = "application/json"),
    responses(
        (status = 200, description = "The case as it is then.", body = WholeCase),
        (status = 409, description = "Not where the case stands, or it has changed.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn act_on_case(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<WholeCase>, Refusal> {
    let (id, casework) = (entity_id(&path.0.1)?, &visit.app.casework);
    casework.may_ask(&visit.session).map_err(refusal::of)?;
    let acting: Acting = body(request).await?;
    no_backdating(&visit, Some(&id), &acting.action, acting.at.as_ref()).await?;
    let on = (&id, acting.version);
    let done = casework.act(&visit.session, on, &acting.action, acting.asked, BTreeMap::new()).await;
    done.map_err(refusal::of)?;
    let shown = casework.show(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(whole(&visit, shown)))
}

/// Give an opinion that was asked of one's unit
#[utoipa::path(
    post, path = "/api/v1/{tenant}/cases/{id}/opinions", tag = "cases",
    extensions(("x-summary-vi" = json!("Cho ý kiến về hồ sơ"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the case."), Parameters<Plain>
    ),
    request_body(content = Opining, content_type = "application/json"),
    responses(
        (status = 200, description = "The case as it is then.", body = WholeCase),
        (status = 409, description = "It is not asked any more, or the case has changed.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn give_opinion(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<WholeCase>, Refusal> {
    let (id, casework) = (entity_id(&path.0.1)?, &visit.app.casework);
    casework.may_ask(&visit.session).map_err(refusal::of)?;
    let opining: Opining = body(request).await?;
    let opinion = Opinion { task: opining.task, text: &opining.text, agrees: opining.agrees };
    let done = casework.opine(&visit.session, (&id, opining.version), &opinion).await;
    done.map_err(refusal::of)?;
    let shown = casework.show(&visit.session, &id).await.map_err(refusal::of)?;
    Ok(Json(whole(&visit, shown)))
}
