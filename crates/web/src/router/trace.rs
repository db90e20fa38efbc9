//! One span and two metrics for each request. No bodies, no query strings and no secrets are written.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use tracing::Instrument as _;

use super::refusals::{Asker, Refusals};
use crate::app::App;

/// The header that carries a request's identifier both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an identifier, follows it, and counts it by route.
pub(super) async fn follow(
    State((app, refusals)): State<(App, Refusals)>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = given_id(request.headers()).unwrap_or_else(|| app.ids.uuid().simple().to_string());
    let method = request.method().as_str().to_owned();
    // The route as it is written in the code: few different texts, so that metrics stay few.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("http", %method, %route, request = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status();
    span.in_scope(|| {
        let ms = elapsed.as_secs_f64() * 1000.0;
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "answered");
            refusals.note(status, response.extensions().get::<Asker>(), app.context.clock().now());
        }
    });
    let status = status.as_str().to_owned();
    metrics::counter!("dinh_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("dinh_http_request_seconds", "method" => method, "route" => route)
        .record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The identifier that the client or a proxy gave, if it is harmless to repeat.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let harmless = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    ((1..=64).contains(&text.len()) && text.bytes().all(harmless)).then(|| text.to_owned())
}
