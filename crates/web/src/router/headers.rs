//! Headers that every answer carries, and answers that follow from headers alone.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderValue, Method, StatusCode, Uri};

use crate::api;
use crate::api::reply::Refusal;
use crate::app::App;

/// Nothing is loaded from another host, nothing is framed, no script stands in a page.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; \
                      worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                      form-action 'self'; object-src 'none'";

/// The same for a page whose script also speaks with a program on the machine of whoever sits there: this address and no other.
pub(crate) fn policy_with(address: &str) -> Option<HeaderValue> {
    let policy = POLICY.replace("connect-src 'self'", &format!("connect-src 'self' {address}"));
    HeaderValue::from_str(&policy).ok()
}

/// What pages may ask of a device: where it is, for what is around. Nothing else.
const DEVICE: &str = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)";
/// Two years, as browsers' lists of secure sites ask. Names below this one are their owners' business.
const ALWAYS_SECURE: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// What every answer says, unless its handler has said otherwise.
static ALWAYS: LazyLock<[(HeaderName, HeaderValue); 7]> = LazyLock::new(|| {
    [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), DEVICE),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
});

/// Security headers, unless the handler has set its own. What says nothing of being kept is not kept: answers depend on
/// who asks. Shipped files and tiles say for how long they hold.
pub(super) fn protect(app: &App, response: &mut Response) {
    let unchanged = response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if app.settings.secure {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(ALWAYS_SECURE);
    }
    // "Not modified" says nothing new of what is kept.
    if !unchanged {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    for (name, value) in &*ALWAYS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}

/// With which method what was asked for.
pub(super) struct Asked {
    method: Method,
    uri: Uri,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        Self { method: request.method().clone(), uri: request.uri().clone() }
    }
}

/// Tells what may be done with a path: to `OPTIONS` as an answer, to a wrong method as problem details. The list comes
/// from the routes themselves, and is there only once they have answered: this stands around the router, not in it.
pub(super) fn answer_for_methods(asked: &Asked, mut response: Response) -> Response {
    let (method, path) = (&asked.method, asked.uri.path());
    if response.status() != StatusCode::METHOD_NOT_ALLOWED || response.headers().contains_key(CONTENT_TYPE) {
        return response;
    }
    let Some(allowed) = response.headers().get(ALLOW).map(with_options) else { return response };
    let answer = match api::missing_identifier(path) {
        _ if *method == Method::OPTIONS => {
            let mut answer = StatusCode::NO_CONTENT.into_response();
            answer.headers_mut().insert(ALLOW, allowed);
            answer
        }
        Some(problem) => Refusal::from(problem).into_response(),
        None => Refusal::method_not_allowed(method, path, &allowed).into_response(),
    };
    // What the middleware has said of the first answer holds for the one in its place.
    response.headers_mut().remove(CONTENT_LENGTH);
    let (parts, body) = answer.into_parts();
    *response.status_mut() = parts.status;
    response.headers_mut().extend(parts.headers);
    *response.body_mut() = body;
    response
}

fn with_options(allowed: &HeaderValue) -> HeaderValue {
    let names = allowed.to_str().unwrap_or_default();
    HeaderValue::from_str(&format!("{names},OPTIONS")).unwrap_or_else(|_| allowed.clone())
}
