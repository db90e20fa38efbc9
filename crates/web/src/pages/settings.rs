//! Language and appearance: a cookie each, and back to where one was.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;

use super::fault::Fault;
use super::visitor::{LANG, THEME, Taste, Theme};
use crate::app::App;
use crate::router::set_taste;
use crate::words::Lang;

/// Where to go back to.
#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    back: Option<String>,
}

/// `/lang/{tag}`.
pub(super) async fn language(
    State(app): State<App>,
    Path(tag): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == tag);
    let lang = lang.ok_or_else(|| Fault::not_found(Taste::of(&headers)))?;
    Ok(remember(set_taste(LANG, lang.tag(), app.settings.for_https(), false), &back))
}

/// `/theme/{name}`.
pub(super) async fn theme(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let theme = Theme::from_name(&name).ok_or_else(|| Fault::not_found(Taste::of(&headers)))?;
    // The script of pages changes it without asking, so it must be able to.
    Ok(remember(set_taste(THEME, theme.name(), app.settings.for_https(), true), &back))
}

fn remember(cookie: Option<HeaderValue>, back: &Back) -> Response {
    let place = back.back.as_deref().filter(|path| is_own_path(path)).unwrap_or("/");
    let mut response = Redirect::to(place).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// A path on this server, so that the link cannot be used to send people elsewhere.
pub(super) fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|b| b.is_ascii_graphic())
        && path.len() <= 2_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_in_the_house() {
        assert!(is_own_path("/hue/?layers=rain&z=9"));
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "/ă"] {
            assert!(!is_own_path(path), "{path:?}");
        }
    }
}
