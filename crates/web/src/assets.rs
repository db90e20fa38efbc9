//! Styles, scripts and fonts: embedded in the binary, served under an address that carries the hash of them all, so
//! that browsers may keep them for good.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::look::hex;

const FAVICON: &str = include_str!("../../../web/public/favicon.svg");

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Embedded;

/// A hash of all files: the part of their address that changes with them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for name in Embedded::iter() {
        hash.update(name.as_bytes());
        if let Some(file) = Embedded::get(&name) {
            hash.update(file.metadata.sha256_hash());
        }
    }
    hash.update(FAVICON);
    hex(hash.finalize().get(..6).unwrap_or_default())
});

/// The address of a file.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The content of a file; none if there is none.
pub(crate) fn content(name: &str) -> Option<Cow<'static, [u8]>> {
    Embedded::get(name).map(|file| file.data)
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/assets/{version}/{*name}", get(serve)).route("/favicon.ico", get(favicon))
}

async fn favicon() -> Response {
    respond("favicon.svg", Cow::Borrowed(FAVICON.as_bytes()), None, false)
}

async fn serve(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    // A page from before an update may ask for a file under its old address: give what there is now, to be asked for
    // again next time.
    let is_current = version == *VERSION;
    if name == "favicon.svg" {
        return respond(&name, Cow::Borrowed(FAVICON.as_bytes()), None, is_current);
    }
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(&headers, encoding)
            && let Some(file) = Embedded::get(&format!("{name}{ending}"))
        {
            return respond(&name, file.data, Some(encoding), is_current);
        }
    }
    match Embedded::get(&name) {
        Some(file) => respond(&name, file.data, None, is_current),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|part| {
        let mut parts = part.split(';');
        parts.next().is_some_and(|name| name.trim() == encoding)
            && !parts.any(|p| matches!(p.trim(), "q=0" | "q=0.0"))
    })
}

fn respond(
    name: &str,
    data: Cow<'static, [u8]>,
    encoding: Option<&'static str>,
    is_current: bool,
) -> Response {
    let body = match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    let keep = if is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_must_be_accepted() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(accepts(&headers("gzip, deflate, br"), "br"));
        assert!(accepts(&headers("gzip;q=0.5"), "gzip"));
        assert!(!accepts(&headers("br;q=0, gzip"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn addresses_carry_a_hash() {
        let address = address("desk.css");
        assert_eq!(address.split('/').count(), 4);
        assert_eq!(VERSION.len(), 12);
    }
}
