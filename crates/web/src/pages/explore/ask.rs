//! Asking the API as a program would, in the name of whoever looks at a page.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::IntoResponse as _;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LINK};
use http::{HeaderMap, Method, Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use tower::ServiceExt as _;

use crate::api;
use crate::app::App;
use crate::pages::visitor::Visitor;

/// Longest answer that is read, in bytes.
const MOST: usize = 8 << 20;
/// Where programs say in which tenant they ask.
const TENANT: HeaderName = HeaderName::from_static("ngsild-tenant");
/// Relation of the `Link` header that names an `@context`.
const CONTEXT_RELATION: &str = "http://www.w3.org/ns/json-ld#context";
/// What stands in commands in place of a key: a variable of whoever runs them.
const KEY: &str = "$DINH_KEY";
/// What must be encoded in a parameter; the rest reads better as it is.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b',')
    .remove(b';')
    .remove(b'/')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'@')
    .remove(b'=');

/// The routes of NGSI-LD.
static ROUTES: LazyLock<Router<App>> = LazyLock::new(|| api::ngsild::routes().split_for_parts().0);

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    accept: &'static str,
    context: Option<String>,
    body: Option<Json>,
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The body; none if it was longer than is read here.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) took: Duration,
}

impl Question {
    pub(super) fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            accept: "application/json",
            context: None,
            body: None,
        }
    }

    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// The same with a parameter, unless it is empty.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.query.push((name.to_owned(), value));
        }
        self
    }

    pub(super) fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// The same in the words of the `@context` at a URL.
    pub(super) fn in_context(self, url: Option<&str>) -> Self {
        Self { context: url.map(str::to_owned), ..self }
    }

    pub(super) fn saying(self, body: Json) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Path and parameters.
    pub(super) fn address(&self) -> String {
        let pairs: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, VALUE)))
            .collect();
        if pairs.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, pairs.join("&")) }
    }

    /// Method, path and parameters on one line.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.address())
    }

    fn link(&self) -> Option<String> {
        let url = self.context.as_ref()?;
        let url = url.replace(['<', '>', '"', '\r', '\n'], "");
        Some(format!("<{url}>; rel=\"{CONTEXT_RELATION}\"; type=\"application/ld+json\""))
    }

    /// The command that asks the same. It never holds a key, but the name of a variable for one.
    pub(super) fn curl(&self, visitor: &Visitor) -> String {
        let mut parts = vec!["curl".to_owned()];
        if self.method != Method::GET {
            parts.push(format!("-X {}", self.method));
        }
        if !visitor.province.tenant.is_default() {
            parts.push(format!("-H 'NGSILD-Tenant: {}'", visitor.province.tenant));
        }
        parts.push(format!("-H \"Authorization: Bearer {KEY}\""));
        if self.accept != "application/json" {
            parts.push(format!("-H 'Accept: {}'", self.accept));
        }
        if let Some(link) = self.link() {
            parts.push(format!("-H {}", quoted(&format!("Link: {link}"))));
        }
        if let Some(body) = &self.body {
            parts.push("-H 'Content-Type: application/json'".to_owned());
            parts.push(format!("-d {}", quoted(&body.to_string())));
        }
        parts.push(quoted(&format!("{}{}", origin(visitor), self.address())));
        parts.join(" \\\n  ")
    }

    /// Asks.
    pub(super) async fn ask(&self, visitor: &Visitor) -> Answer {
        let begun = Instant::now();
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(self.address())
            .header(TENANT, visitor.province.tenant.as_str())
            .header(ACCEPT, self.accept);
        if let Some(link) = self.link() {
            request = request.header(LINK, link);
        }
        let body = self.body.as_ref().map(Json::to_string);
        if let Some(body) = &body {
            request = request.header(CONTENT_TYPE, "application/json").header(CONTENT_LENGTH, body.len());
        }
        let Ok(mut request) = request.body(body.map_or_else(Body::empty, Body::from)) else {
            return Answer::nothing(StatusCode::BAD_REQUEST, begun.elapsed());
        };
        // Who asks is known already, and is asked nothing anew: it is them, not the house.
        request.extensions_mut().insert(visitor.guest.clone());
        let routes = ROUTES.clone().with_state(visitor.app.clone());
        let response = routes.oneshot(request).await.into_response();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, MOST).await.ok().map(Vec::from);
        Answer { status: head.status, headers: head.headers, bytes, took: begun.elapsed() }
    }
}

impl Answer {
    fn nothing(status: StatusCode, took: Duration) -> Self {
        Self { status, headers: HeaderMap::new(), bytes: Some(Vec::new()), took }
    }

    /// The body as JSON; null if it is none.
    pub(super) fn json(&self) -> Json {
        self.bytes.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
    }

    /// The body if all went well, or what went wrong.
    pub(super) fn taken(&self) -> Result<Json, String> {
        let json = self.json();
        if self.status.is_success() {
            return Ok(json);
        }
        let said = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
        Err(said("detail").or_else(|| said("title")).unwrap_or_else(|| self.status.to_string()))
    }

    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The address of this server as whoever looks at the page has reached it.
fn origin(visitor: &Visitor) -> String {
    if let Some(public) = &visitor.app.settings.public_url {
        return public.trim_end_matches('/').to_owned();
    }
    let plain = |host: &&String| {
        host.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':' | '[' | ']'))
    };
    let host = visitor.host.as_ref().filter(plain).map_or("localhost", String::as_str);
    let scheme = if visitor.app.settings.for_https() { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_and_stay_readable() {
        let question = Question::get("/ngsi-ld/v1/entities")
            .with("type", "RiverGauge")
            .with("q", "waterLevel>2;name==\"Cầu\"")
            .with("attrs", "");
        assert_eq!(
            question.address(),
            "/ngsi-ld/v1/entities?type=RiverGauge&q=waterLevel%3E2;name==%22C%E1%BA%A7u%22"
        );
    }

    #[test]
    fn nothing_leaves_its_word_in_a_shell() {
        assert_eq!(quoted("a'b; rm -rf $HOME"), r"'a'\''b; rm -rf $HOME'");
    }
}
