//! One span and two metrics for each request. No bodies, no query strings and no secrets are written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use dinh_model::Timestamp;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use metrics::{Counter, Histogram};
use tracing::Span;

use super::guard::Crowded;
use super::refusals::{Asker, Refusals};
use super::whence::Whence;
use crate::app::App;

/// The header that carries a request's identifier both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is kept between requests: who was refused lately, and the counters of each route.
pub(super) struct Seen {
    refusals: Refusals,
    counters: RwLock<HashMap<Counted, Counters>>,
}

/// What is counted together: answers of a route to a method with a status.
type Counted = (Cow<'static, str>, Method, StatusCode);

#[derive(Clone)]
struct Counters {
    answered: Counter,
    seconds: Histogram,
}

impl Seen {
    pub(super) fn new(refusals: Refusals) -> Self {
        Self { refusals, counters: RwLock::default() }
    }

    /// Counts and notes that somebody was turned away before anything was done.
    pub(super) fn turned_away(&self, method: Method, from: Whence, now: Timestamp) {
        let asker = Asker { who: None, from: from.sender };
        self.refusals.note(StatusCode::SERVICE_UNAVAILABLE, Some(&asker), now);
        self.count(method, None, StatusCode::SERVICE_UNAVAILABLE, 0.0);
    }

    /// Counts an answer. Methods and routes are few, so their counters stay few; what is no method of HTTP is one.
    fn count(&self, method: Method, route: Option<&MatchedPath>, status: StatusCode, seconds: f64) {
        let method = if is_common(&method) { method } else { Method::TRACE };
        let route = route.map_or(Cow::Borrowed("none"), |route| Cow::Owned(route.as_str().to_owned()));
        let key = (route, method, status);
        let known = self.counters.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let counters = known.unwrap_or_else(|| {
            let fresh = Counters::of(&key.0, &key.1, status);
            self.counters.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(fresh).clone()
        });
        counters.answered.increment(1);
        counters.seconds.record(seconds);
    }
}

impl Counters {
    fn of(route: &str, method: &Method, status: StatusCode) -> Self {
        let (route, method) = (route.to_owned(), method.as_str().to_owned());
        let status = status.as_str().to_owned();
        Self {
            answered: metrics::counter!("dinh_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status),
            seconds: metrics::histogram!("dinh_http_request_seconds", "method" => method, "route" => route),
        }
    }
}

fn is_common(method: &Method) -> bool {
    use Method as M;
    [M::GET, M::HEAD, M::POST, M::PUT, M::PATCH, M::DELETE, M::OPTIONS, M::CONNECT].contains(method)
}

/// A request that is followed until it is answered.
pub(super) struct Followed {
    started: Instant,
    id: String,
    method: Method,
    /// What is told while it is worked on is told of it.
    pub(super) span: Span,
}

impl Followed {
    /// Gives the request an identifier, and begins to follow it.
    pub(super) fn begin(app: &App, request: &Request) -> Self {
        let started = Instant::now();
        let id = given_id(request.headers()).unwrap_or_else(|| app.ids.uuid().simple().to_string());
        let method = request.method().clone();
        let span = tracing::info_span!("http", %method, route = tracing::field::Empty, request = %id);
        Self { started, id, method, span }
    }

    /// Counts it by route, tells of a failure or a refusal, and writes its identifier into the answer.
    pub(super) fn end(self, app: &App, seen: &Seen, response: &mut Response) {
        let elapsed = self.started.elapsed();
        let status = response.status();
        // The route as it is written in the code: few different texts, so that metrics stay few.
        let route = response.extensions_mut().remove::<MatchedPath>();
        // Telling it to the span costs as much as telling an event: only where something is told of it.
        if !status.is_success() {
            self.span.record("route", route.as_ref().map_or("none", MatchedPath::as_str));
        }
        self.span.in_scope(|| {
            let ms = elapsed.as_secs_f64() * 1000.0;
            // That there is no room is told once a minute, as other refusals are: writing a line for each would take
            // the time of those who are let in.
            let crowded = response.extensions().get::<Crowded>().is_some();
            if status.is_server_error() && !crowded {
                tracing::warn!(status = status.as_u16(), ms, "answered");
            } else {
                tracing::debug!(status = status.as_u16(), ms, "answered");
                seen.refusals.note(status, response.extensions().get::<Asker>(), app.context.clock().now());
            }
        });
        seen.count(self.method, route.as_ref(), status, elapsed.as_secs_f64());
        if let Ok(value) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
    }
}

/// The identifier that the client or a proxy gave, if it is harmless to repeat.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let harmless = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    ((1..=64).contains(&text.len()) && text.bytes().all(harmless)).then(|| text.to_owned())
}
