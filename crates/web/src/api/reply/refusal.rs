//! Refusals: every error as problem details (RFC 9457; CIM 009 clauses 5.5.2, 5.5.3 and 6.3.2).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::api::request::Media;

/// Why a request was not done, ready to be sent. Boxed: it is large and rare.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    body: Option<serde_json::Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn of(status: StatusCode, body: Option<serde_json::Value>) -> Self {
        Self(Box::new(Inner { status, body, headers: Vec::new() }))
    }

    /// An error of HTTP that CIM 009 has no name for.
    pub(crate) fn http(status: StatusCode, detail: impl Into<String>) -> Self {
        let body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": detail.into(),
        });
        Self::of(status, Some(body))
    }

    /// 406, with the representations that there are.
    pub(crate) fn not_acceptable(offered: &[Media]) -> Self {
        let names: Vec<&str> = offered.iter().map(|media| media.name()).collect();
        let detail =
            format!("The Accept header takes none of the representations available: {}.", names.join(", "));
        let mut refusal = Self::http(StatusCode::NOT_ACCEPTABLE, detail);
        if let Some(body) = &mut refusal.0.body {
            body["availableRepresentations"] = json!(names);
        }
        refusal
    }

    /// 415, with the content types that are read.
    pub(crate) fn unsupported_media(given: &str, patch: bool) -> Self {
        let read = if patch {
            "application/json, application/ld+json, application/merge-patch+json"
        } else {
            "application/json, application/ld+json"
        };
        let detail = if given.is_empty() {
            format!("The request has no Content-Type header; it may be one of {read} in UTF-8.")
        } else {
            format!("The Content-Type {given:?} is not read here; it may be one of {read} in UTF-8.")
        };
        Self::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).with(ACCEPT, HeaderValue::from_static(read))
    }

    /// 411 without a body, as clause 6.3.4 wants it.
    pub(crate) fn length_required() -> Self {
        Self::of(StatusCode::LENGTH_REQUIRED, None)
    }

    /// 413, with the bound.
    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than {limit} bytes, the most that is read.");
        Self::http(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// 405, with the methods that there are.
    pub(crate) fn method_not_allowed(method: &http::Method, path: &str, allowed: &HeaderValue) -> Self {
        let names = allowed.to_str().unwrap_or_default();
        let detail = format!("{method} is not done on {path}; allowed are {}.", names.replace(',', ", "));
        Self::http(StatusCode::METHOD_NOT_ALLOWED, detail).with(ALLOW, allowed.clone())
    }

    /// 503: too much to do at the moment.
    pub(crate) fn busy(detail: impl Into<String>) -> Self {
        Self::http(StatusCode::SERVICE_UNAVAILABLE, detail).with(RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// 429: one caller asks too much; there is more after so many seconds.
    pub(crate) fn too_many(detail: impl Into<String>, seconds: u64) -> Self {
        Self::http(StatusCode::TOO_MANY_REQUESTS, detail).with(RETRY_AFTER, seconds.into())
    }

    /// 401: a key is needed, or another one.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        let challenge = HeaderValue::from_static("Bearer realm=\"dinh\"");
        Self::http(StatusCode::UNAUTHORIZED, detail).with(WWW_AUTHENTICATE, challenge)
    }

    /// The same refusal with one more header.
    #[must_use]
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The same refusal with a member more in its problem details (RFC 9457, section 3.2).
    #[must_use]
    pub(crate) fn saying(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        if let Some(body) = &mut self.0.body {
            body[name] = value.into();
        }
        self
    }

    /// What it says, as one part of an answer that has several.
    pub(crate) fn problem(&self) -> Problem {
        let text = |name: &str| self.0.body.as_ref()?.get(name)?.as_str();
        let kind = match self.0.status.as_u16() {
            404 => ProblemKind::ResourceNotFound,
            409 => ProblemKind::AlreadyExists,
            400..500 => ProblemKind::BadRequestData,
            _ => ProblemKind::InternalError,
        };
        Problem::new(kind, text("detail").or_else(|| text("title")).unwrap_or_default())
    }

    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() && problem.kind == ProblemKind::InternalError {
            tracing::error!(detail = %problem.detail, "a request failed");
        }
        Self::of(status, Some(problem.to_json()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Inner { status, body, headers } = *self.0;
        let mut response = match body {
            Some(body) => Response::new(Body::from(body.to_string())),
            None => Response::new(Body::empty()),
        };
        *response.status_mut() = status;
        if status != StatusCode::LENGTH_REQUIRED {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}
