//! The list of administrative procedures: what people look for, and each procedure in plain words.

mod ask;
mod list;
mod one;
mod papers;
mod parts;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/procedures", get(list::list))
        .route("/{tenant}/procedures/{procedure}", get(one::one))
}
