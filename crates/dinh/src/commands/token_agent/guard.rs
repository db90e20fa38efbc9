//! Who may ask: pages of the sites that were named, in browsers on this machine.

use std::net::SocketAddr;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, HOST, HeaderName, ORIGIN, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::said::{OrSay as _, Words, said};

/// The header that carries the pairing code.
pub(super) const CODE: HeaderName = HeaderName::from_static("dinh-agent-code");
/// What browsers ask, and are told, before a page of a public site may reach this machine (Private Network Access).
const WANTS_PRIVATE: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOWS_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Why somebody is not answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The name by which the agent was called is not one of this machine: another site's name may point here.
    Host,
    /// The page is of no site that was named, or it is no page that asks.
    Origin,
}

/// Whom the agent answers.
pub(super) struct Guard {
    hosts: Vec<String>,
    sites: Vec<String>,
}

/// The origin of a site: `https` everywhere, `http` on this machine alone.
pub(super) fn origin(site: &str) -> anyhow::Result<String> {
    let words = || {
        Words::new(
            format!("--site {site} không phải là địa chỉ trang"),
            format!("--site {site} is no address"),
        )
    };
    let address = Url::parse(site).or_say(words)?;
    let here = match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if address.scheme() == "https" || (address.scheme() == "http" && here) {
        return Ok(address.origin().ascii_serialization());
    }
    Err(said(
        format!("--site {site} phải bắt đầu bằng https://"),
        format!("--site {site} must begin with https://"),
    ))
}

impl Guard {
    pub(super) fn new(at: SocketAddr, sites: Vec<String>) -> Self {
        let hosts = vec![at.to_string(), format!("localhost:{}", at.port())];
        Self { hosts, sites }
    }

    /// The site whose page asks.
    pub(super) fn judge(&self, headers: &HeaderMap) -> Result<HeaderValue, Refused> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok()).unwrap_or_default();
        if hosts.next().is_some() || !self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
            return Err(Refused::Host);
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let (Some(origin), None) = (origins.next(), origins.next()) else { return Err(Refused::Origin) };
        let known = origin.to_str().is_ok_and(|origin| self.sites.iter().any(|site| site == origin));
        if known { Ok(origin.clone()) } else { Err(Refused::Origin) }
    }
}

/// What an answer to a page of this site carries.
pub(super) fn answered(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(VARY, HeaderValue::from_static("origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// What an answer to a browser carries that asks whether a page may ask.
pub(super) fn allowed(asked: &HeaderMap, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, dinh-agent-code"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if asked.get(WANTS_PRIVATE).is_some_and(|wants| wants == "true") {
        headers.insert(ALLOWS_PRIVATE, HeaderValue::from_static("true"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(host: &str, origin: Option<&str>) -> Result<HeaderValue, Refused> {
        let guard = Guard::new(
            SocketAddr::from(([127, 0, 0, 1], 9421)),
            vec![super::origin("https://dinh.hue.gov.vn/hue/").expect("a site")],
        );
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).expect("a value"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_str(origin).expect("a value"));
        }
        guard.judge(&headers)
    }

    #[test]
    fn only_pages_of_the_sites_named_are_answered_at_names_of_this_machine() {
        let own = "https://dinh.hue.gov.vn";
        assert_eq!(judged("127.0.0.1:9421", Some(own)), Ok(HeaderValue::from_static(own)));
        assert!(judged("LOCALHOST:9421", Some(own)).is_ok());
        for host in ["dinh.hue.gov.vn:9421", "127.0.0.1", "127.0.0.1:9422", "", "127.0.0.1:9421.evil.vn"] {
            assert_eq!(judged(host, Some(own)), Err(Refused::Host), "{host}");
        }
        for origin in
            [None, Some("null"), Some("http://dinh.hue.gov.vn"), Some("https://dinh.hue.gov.vn.evil.vn")]
        {
            assert_eq!(judged("127.0.0.1:9421", origin), Err(Refused::Origin), "{origin:?}");
        }
    }

    #[test]
    fn sites_are_https_or_here() {
        assert_eq!(origin("http://localhost:8420/x").expect("here"), "http://localhost:8420");
        assert_eq!(origin("http://127.0.0.1:8420").expect("here"), "http://127.0.0.1:8420");
        for site in ["http://dinh.hue.gov.vn", "dinh.hue.gov.vn", "file:///tmp", "*", "data:text/html,x"] {
            assert!(origin(site).is_err(), "{site}");
        }
    }
}
