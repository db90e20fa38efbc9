//! Cookies: who somebody is, and how they like pages.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// The prefix of what only this host can set, and only by HTTPS (RFC 6265bis, section 4.1.3.2).
const HOST_ONLY: &str = "__Host-";
/// Name of the session's cookie where browsers come by HTTPS: the prefix lets no other site, and no page without HTTPS, set it.
const SECURE: &str = "__Host-dinh";
/// The same elsewhere.
const PLAIN: &str = "dinh-session";

/// The value of a cookie, the first if there are several.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The token of a session. Where browsers come by HTTPS, a cookie that somebody could set without it means nothing.
pub(super) fn session_cookie(headers: &HeaderMap, https: bool) -> Option<&str> {
    if https { cookie(headers, SECURE) } else { cookie(headers, PLAIN) }
}

/// What a browser remembers of a taste, under this name or, where it came by HTTPS, under the name with the prefix.
pub(crate) fn taste_cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    cookie(headers, &format!("{HOST_ONLY}{name}")).or_else(|| cookie(headers, name))
}

/// Has a browser remember a taste for a year. With `scripts`, those of pages may change it.
pub(crate) fn set_taste(name: &str, value: &str, https: bool, scripts: bool) -> Option<HeaderValue> {
    let (prefix, secure) = if https { (HOST_ONLY, "; Secure") } else { ("", "") };
    let hidden = if scripts { "" } else { "; HttpOnly" };
    let text = format!("{prefix}{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{hidden}{secure}");
    HeaderValue::from_str(&text).ok()
}

/// Sets the token of a session. The browser forgets it when it is closed; the server ends the session by itself.
pub(crate) fn set_session(token: &str, https: bool) -> Option<HeaderValue> {
    let text = if https {
        format!("{SECURE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure")
    } else {
        format!("{PLAIN}={token}; Path=/; HttpOnly; SameSite=Lax")
    };
    HeaderValue::from_str(&text).ok()
}

/// Takes it back.
pub(crate) fn end_session(https: bool) -> HeaderValue {
    HeaderValue::from_static(if https {
        "__Host-dinh=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    } else {
        "dinh-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    })
}
