//! Pages for those who administer or audit.

mod audit;
mod days;
mod given;
mod guard;
mod keys;
mod people;
mod roles;
mod said;
mod signing;
mod start;
mod step_up;
mod titles;
mod units;
mod why;

use axum::Router;
use axum::routing::{get, post};

pub(super) use guard::{could_administer, could_audit};

use crate::app::App;

/// The routes below `/{tenant}/admin`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/admin", get(start::start))
        .route("/{tenant}/admin/people", get(people::list).post(people::open))
        .route("/{tenant}/admin/people/{id}", get(people::one).post(people::change))
        .route("/{tenant}/admin/units", get(units::list).post(units::make))
        .route("/{tenant}/admin/units/{id}", get(units::one).post(units::change))
        .route("/{tenant}/admin/roles", get(roles::list))
        .route("/{tenant}/admin/roles/{code}", get(roles::one))
        .route("/{tenant}/admin/why", get(why::why))
        .route("/{tenant}/admin/keys", get(keys::list).post(keys::change))
        .route("/{tenant}/admin/step-up", get(step_up::page).post(step_up::change))
        .route("/{tenant}/admin/audit", get(audit::search))
        .merge(signing::routes())
        .route("/{tenant}/admin/audit/export", post(audit::export))
        .route("/{tenant}/admin/audit/examine", post(audit::examine))
}
