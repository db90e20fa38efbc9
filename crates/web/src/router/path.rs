//! Paths, mended before they are routed.
//!
//! CIM 009 writes collections with a trailing slash (`/entities/`), people leave it out; both mean the same.

use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;

/// The roots of what is for machines; below them a trailing slash means nothing.
const ROOTS: [&str; 2] = ["/ngsi-ld/", "/api/"];

/// The same request without a trailing slash where that means nothing.
pub(super) fn trim(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.ends_with('/')
        && ROOTS.iter().any(|root| path.starts_with(root) && path.len() > root.len())
        && let Some(uri) = trimmed(request.uri())
    {
        *request.uri_mut() = uri;
    }
    request
}

fn trimmed(uri: &Uri) -> Option<Uri> {
    let path = uri.path().trim_end_matches('/');
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(whole).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_machines_paths_lose_their_slash() {
        let path = |text: &str| {
            let request = Request::builder().uri(text).body(axum::body::Body::empty()).unwrap();
            trim(request).uri().to_string()
        };
        assert_eq!(path("/ngsi-ld/v1/entities/?type=A/"), "/ngsi-ld/v1/entities?type=A/");
        assert_eq!(path("/ngsi-ld/v1/entities//"), "/ngsi-ld/v1/entities");
        assert_eq!(path("/ngsi-ld/v1/entities/urn:a"), "/ngsi-ld/v1/entities/urn:a");
        assert_eq!(path("/api/v1/provinces/"), "/api/v1/provinces");
        assert_eq!(path("/hue/"), "/hue/");
        assert_eq!(path("/ngsi-ld/"), "/ngsi-ld/");
    }
}
