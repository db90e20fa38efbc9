//! Signatures of documents: checked for anybody, made for those who hold a key.

mod check;
mod sign;
mod told;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

pub(super) use self::sign::{Waits, said, waits};
pub(super) use self::told::{One as Signed, each};
use super::form::MOST_BODY;
use crate::app::App;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/signatures", get(check::page).post(check::look))
        .route("/{tenant}/signatures/sign", get(sign::page).post(sign::act))
        .layer(DefaultBodyLimit::max(MOST_BODY))
}
