//! Signing in, and one's own account.

mod enter;
mod own;
mod recover;
mod said;
mod set_up;

pub(super) use enter::{sign_in, try_code, try_sign_in};
pub(super) use own::{account, change};
pub(super) use recover::{recover, try_recover};
pub(super) use said::told;
pub(super) use set_up::{set_up, try_set_up};

use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::SignedIn;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, SET_COOKIE};

use super::visitor::Visitor;
use crate::router::set_session;

/// Sends somebody on who has a session under a new token.
fn go_on(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    with_session(visitor, signed_in, Redirect::to(to).into_response())
}

/// Hands out the token of a session with an answer.
fn with_session(visitor: &Visitor, signed_in: &SignedIn, mut response: Response) -> Response {
    if let Some(cookie) = set_session(&signed_in.token, visitor.app.settings.secure) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    private(response)
}

/// An answer that nobody keeps.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
