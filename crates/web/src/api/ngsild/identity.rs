//! The identity of this context source (CIM 009 clauses 5.15.1 and 6.33).

use axum::response::Response;
use dinh_model::Timestamp;
use dinh_ngsild::write::instant_text;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::document::Answer;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{FirstVisit, Known, Operation, Parameters};
use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(source_identity))
}

/// The identity of this context source.
pub(crate) struct Identity;

impl Operation for Identity {
    const PARAMETERS: &'static [Known] = &[];
}

/// Identity of this server
///
/// Answers with the name by which other brokers know this one, one for each tenant, and since when it runs.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/info/sourceIdentity", tag = "discovery",
    extensions(("x-summary-vi" = json!("Danh tính của máy chủ này"))),
    params(Parameters<Identity>, ReadHeaders),
    responses((status = 200, description = "The identity.", body = Object), ReadRefusals)
)]
pub(crate) async fn source_identity(
    FirstVisit(visit): FirstVisit,
    _parameters: Parameters<Identity>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let tenant = visit.session.tenant();
    visit.app.context.registrations().keep_name().await?;
    let now = visit.app.context.clock().now();
    let seconds = now.micros_since(visit.app.started).max(0) / 1_000_000;
    Ok(answer.one(json!({
        "id": format!("urn:ngsi-ld:ContextSourceIdentity:dinh:{tenant}"),
        "type": "ContextSourceIdentity",
        "contextSourceAlias": visit.app.context.registrations().alias(tenant),
        "contextSourceUptime": duration(seconds),
        "contextSourceTimeAt": instant_text(to_millis(now)),
    })))
}

/// ISO 8601, e.g. `P1DT2H3M4S`.
fn duration(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    format!("P{days}DT{hours}H{minutes}M{}S", seconds % 60)
}

fn to_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_micros() / 1_000 * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_iso_8601() {
        assert_eq!(duration(0), "P0DT0H0M0S");
        assert_eq!(duration(93_784), "P1DT2H3M4S");
    }
}
