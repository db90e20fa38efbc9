//! Signing in, and one's own account.

mod enter;
mod own;
mod passkey;
mod provider;
mod recover;
mod said;
mod set_up;

pub(super) use said::told;

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use dinh_identity::SignedIn;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, SET_COOKIE};

use super::visitor::Visitor;
use crate::app::App;
use crate::router::set_session;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/sign-in", get(enter::sign_in).post(enter::try_sign_in))
        .route("/{tenant}/sign-in/code", post(enter::try_code))
        .route("/{tenant}/sign-in/passkey", post(passkey::try_passkey))
        .route("/{tenant}/sign-in/passkey/question", post(passkey::question))
        .route("/{tenant}/sign-in/with/{provider}", get(provider::leave))
        .route("/{tenant}/sign-in/back", get(provider::back))
        .route("/{tenant}/recover", get(recover::recover).post(recover::try_recover))
        .route("/{tenant}/set-up", get(set_up::set_up).post(set_up::try_set_up))
        .route("/{tenant}/account", get(own::account).post(own::change))
        .route("/{tenant}/account/passkey/question", post(passkey::offer))
        .route("/{tenant}/account/with/{provider}", post(provider::link))
}

/// Sends somebody on who has signed in. The session that this browser had before, if any, ends: nobody would use it again.
async fn enter(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    if let Some(former) =
        visitor.guest.present.as_ref().filter(|one| one.session().id != signed_in.session.id)
        && let Err(error) = visitor.app.identity.sign_out(former, &visitor.guest.from).await
    {
        tracing::error!(%error, "a session that was replaced could not be ended");
    }
    go_on(visitor, signed_in, to)
}

/// Sends somebody on who has a session under a new token.
fn go_on(visitor: &Visitor, signed_in: &SignedIn, to: &str) -> Response {
    with_session(visitor, signed_in, Redirect::to(to).into_response())
}

/// Hands out the token of a session with an answer.
fn with_session(visitor: &Visitor, signed_in: &SignedIn, mut response: Response) -> Response {
    if let Some(cookie) = set_session(&signed_in.token, visitor.app.settings.for_https()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    private(response)
}

/// An answer that nobody keeps.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
