//! The cookie that says who somebody is.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Its name where browsers come by HTTPS: the prefix lets no other site, and no page without HTTPS, set it.
const SECURE: &str = "__Host-dinh";
/// Its name elsewhere.
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

/// The token of a session.
pub(super) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SECURE).or_else(|| cookie(headers, PLAIN))
}

/// Sets the token of a session. The browser forgets it when it is closed; the server ends the session by itself.
pub(crate) fn set_session(token: &str, secure: bool) -> Option<HeaderValue> {
    let text = if secure {
        format!("{SECURE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure")
    } else {
        format!("{PLAIN}={token}; Path=/; HttpOnly; SameSite=Lax")
    };
    HeaderValue::from_str(&text).ok()
}

/// Takes it back.
pub(crate) fn end_session(secure: bool) -> HeaderValue {
    HeaderValue::from_static(if secure {
        "__Host-dinh=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    } else {
        "dinh-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    })
}
