//! What operators ask of a running program: is it alive, is it ready, how is it doing, what can it do.

mod docs;

use std::sync::LazyLock;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use dinh_access::Principal;
use dinh_model::Tenant;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reply::Refusal;
use crate::app::App;
use crate::router::Guest;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics_text))
        .routes(routes!(openapi))
        .routes(routes!(docs::docs))
}

/// One answer about the state of the program.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`, or `unavailable`.
    status: &'static str,
    /// What is not as it should be, in whole sentences.
    problems: Vec<String>,
}

/// Whether the process runs
///
/// Answers as long as the process can answer at all.
#[utoipa::path(
    get, path = "/health", tag = "operations",
    extensions(("x-summary-vi" = json!("Chương trình có đang chạy không"))),
    responses((status = 200, description = "It runs.", body = Health))
)]
async fn health() -> Response {
    axum::Json(Health { status: "ok", problems: Vec::new() }).into_response()
}

/// Whether requests can be served
///
/// Tells whether requests can be served: the store answers. Feeds are started before the first request is taken.
#[utoipa::path(
    get, path = "/ready", tag = "operations",
    extensions(("x-summary-vi" = json!("Đã sẵn sàng phục vụ chưa"))),
    responses(
        (status = 200, description = "The store answers.", body = Health),
        (status = 503, description = "Not yet, or no longer.", body = Health)
    )
)]
async fn ready(State(app): State<App>) -> Response {
    let mut problems = Vec::new();
    if let Err(error) = app.context.system("ready", Tenant::default_tenant()).type_counts().await {
        problems.push(format!("The store does not answer: {error}."));
    }
    if problems.is_empty() {
        axum::Json(Health { status: "ok", problems }).into_response()
    } else {
        let body = axum::Json(Health { status: "unavailable", problems });
        (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
    }
}

/// Metrics in Prometheus' text format
///
/// What the process has done so far and does now, for programs that watch it: on this machine, in a network of
/// `http.metrics_from`, or with the write key.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    extensions(("x-summary-vi" = json!("Số đo hoạt động, định dạng Prometheus"))),
    responses(
        (status = 200, description = "The metrics.", body = String, content_type = "text/plain"),
        (status = 401, description = "They are not for everybody.")
    )
)]
async fn metrics_text(State(app): State<App>, guest: Guest) -> Result<Response, Refusal> {
    let near = guest
        .from
        .address
        .is_some_and(|from| app.settings.metrics_from.iter().any(|net| net.contains(&from)));
    if !near && !matches!(guest.principal, Principal::Local | Principal::Operator(_)) {
        let detail =
            "Metrics are for this machine, for networks in http.metrics_from, and for the write key.";
        return Err(Refusal::unauthorized(detail));
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (app.metrics)()).into_response())
}

/// This document
///
/// Everything that machines may ask, in the terms of OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations",
    extensions(("x-summary-vi" = json!("Tài liệu OpenAPI này"))),
    responses((status = 200, description = "An OpenAPI 3.1 document.", body = Object))
)]
async fn openapi() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, DOCUMENT.as_str()).into_response()
}

/// The OpenAPI document, built once.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    super::document().to_pretty_json().unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
});

/// The OpenAPI document as JSON text.
pub(crate) fn openapi_text() -> String {
    DOCUMENT.clone()
}
