//! The evolution of entities over time.

mod evolution;
mod retrieve;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(retrieve::retrieve_evolution))
}
