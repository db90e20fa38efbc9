//! Requests forged across sites: what another site's page makes a browser send is refused before any handler sees it.
//!
//! A browser says by itself where a request comes from, and pages cannot change what it says: `Sec-Fetch-Site` where it
//! trusts the connection, `Origin` with every request that can change something. A program sends neither and passes: it
//! carries no cookies or trust that a stranger's page could borrow.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::{HOST, HeaderName, ORIGIN};
use http::{HeaderMap, Method, StatusCode, Uri};
use url::Url;

use super::refusals::Asker;
use super::whence::Whence;
use crate::api;
use crate::api::reply::Refusal;
use crate::app::App;

/// Where the browser says that a request comes from (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The refusal of what would change something and comes from a page of another site, whoever sends it.
pub(super) fn guard(app: &App, request: &Request) -> Option<Response> {
    let home = Home { secure: app.settings.secure, public: app.settings.public_url.as_deref() };
    if changes_nothing(request.method()) || home.sent_it(request.uri(), request.headers()) {
        return None;
    }
    metrics::counter!("dinh_http_refused_total", "why" => "site").increment(1);
    let whence = Whence::of(request.extensions(), request.headers(), &app.settings.trusted_proxies);
    let mut response = refuse(request);
    response.extensions_mut().insert(Asker { who: None, from: whence.sender });
    Some(response)
}

fn refuse(request: &Request) -> Response {
    if api::is_for_machines(request.uri().path()) {
        let detail = "A browser sent this from a page of another site, so nothing was done. Programs leave out the \
                      headers Origin and Sec-Fetch-Site; behind a proxy, http.public_url must be the address that \
                      browsers show.";
        Refusal::http(StatusCode::FORBIDDEN, detail).into_response()
    } else {
        crate::pages::other_site(request.headers())
    }
}

/// Methods that are safe by RFC 9110 clause 9.2.1. Handlers keep to it.
pub(super) fn changes_nothing(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// What this server knows of its own address.
struct Home<'a> {
    /// It is reached by TLS only.
    secure: bool,
    /// The address that browsers show.
    public: Option<&'a str>,
}

impl Home<'_> {
    /// True unless a browser says that the request comes from a page that is not one of ours.
    fn sent_it(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        // A header that is there twice or is not text says nothing good.
        let text = |name: &HeaderName| {
            let mut values = headers.get_all(name).iter();
            let first = values.next().map(|value| value.to_str().unwrap_or("?"));
            if values.next().is_some() { Some("?") } else { first }
        };
        if let Some(site) = text(&SEC_FETCH_SITE) {
            // `none`: the person did it by hand, in the address line for example.
            return matches!(site, "same-origin" | "none");
        }
        let host = text(&HOST).or_else(|| uri.authority().map(http::uri::Authority::as_str));
        text(&ORIGIN).is_none_or(|origin| self.is_own(origin, host))
    }

    fn is_own(&self, origin: &str, host: Option<&str>) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        if let Some(public) = self.public.and_then(|url| Url::parse(url).ok()) {
            let public = public.origin().ascii_serialization();
            if public.eq_ignore_ascii_case(origin) {
                return true;
            }
            // The same name by another scheme is another origin.
            if public.split_once("://").is_some_and(|(_, known)| known.eq_ignore_ascii_case(authority)) {
                return false;
            }
        }
        (scheme == "https" || (scheme == "http" && !self.secure))
            && host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(home: &Home<'_>, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        home.sent_it(&Uri::from_static("/x"), &map)
    }

    const HOST_IS: (&str, &str) = ("host", "dinh.example");
    const PLAIN: Home<'_> = Home { secure: false, public: None };

    #[test]
    fn what_the_browser_says_of_the_site_decides() {
        for (site, passes) in
            [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false), ("x", false)]
        {
            // Behind a proxy that changes the host, the browser still knows.
            assert_eq!(sent(&PLAIN, &[("host", "inner:1"), ("sec-fetch-site", site)]), passes, "{site}");
        }
        assert!(!sent(&PLAIN, &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
        assert!(!sent(
            &PLAIN,
            &[HOST_IS, ("origin", "http://dinh.example"), ("sec-fetch-site", "same-site")]
        ));
    }

    #[test]
    fn else_the_origin_must_be_ours() {
        assert!(sent(&PLAIN, &[]) && sent(&PLAIN, &[HOST_IS]), "programs say nothing of the kind");
        for (origin, passes) in [
            ("http://dinh.example", true),
            ("https://DINH.example", true),
            ("http://dinh.example:81", false),
            ("http://dinh.example.evil.example", false),
            ("http://evil.example", false),
            ("ftp://dinh.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(sent(&PLAIN, &[HOST_IS, ("origin", origin)]), passes, "{origin}");
        }
        assert!(!sent(&PLAIN, &[("origin", "http://dinh.example")]), "nothing to compare with");
        let secure = Home { secure: true, ..PLAIN };
        assert!(!sent(&secure, &[HOST_IS, ("origin", "http://dinh.example")]));
        assert!(sent(&secure, &[HOST_IS, ("origin", "https://dinh.example")]));
    }

    #[test]
    fn the_public_address_counts_behind_a_proxy() {
        let home = Home { secure: false, public: Some("https://dinh.example/") };
        let from = |origin| sent(&home, &[("host", "127.0.0.1:8420"), ("origin", origin)]);
        assert!(from("https://dinh.example") && from("http://127.0.0.1:8420"));
        assert!(!from("http://evil.example") && !from("http://dinh.example"));
        assert!(!sent(&home, &[HOST_IS, ("origin", "http://dinh.example")]), "by another scheme");
    }
}
