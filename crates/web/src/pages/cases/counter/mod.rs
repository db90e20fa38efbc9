//! The one-stop desk: what it takes in.

mod intake;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::app::App;
use crate::pages::form::MOST_BODY;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/{tenant}/counter/{kind}",
        get(intake::page).post(intake::send).layer(DefaultBodyLimit::max(MOST_BODY)),
    )
}
