//! Kinds of case for those who design them: what there is, how two versions differ, what would become of a case, and
//! moving a case to another version.

mod adopt;
mod against;
mod against_form;
mod fields;
mod kinds;
mod picture;
mod template;
mod trial;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::app::App;
use crate::pages::form::MOST_BODY;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/kinds", get(kinds::list))
        .route("/{tenant}/kinds/{code}/{version}", get(kinds::one))
        .route("/{tenant}/kinds/{code}/{version}/against/{other}", get(against::page))
        .route(
            "/{tenant}/kinds/{code}/{version}/trial",
            get(trial::page).post(trial::step).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route(
            "/{tenant}/kinds/{code}/{version}/template/{result}",
            get(template::page).post(template::look).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route("/{tenant}/cases/{id}/version", get(adopt::page).post(adopt::adopt))
}
