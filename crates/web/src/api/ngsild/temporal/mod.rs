//! The evolution of entities over time (CIM 009 clauses 5.6.11–5.6.16, 5.7.3, 5.7.4 and 6.18–6.24).

mod answer;
mod append;
mod asked;
mod attribute;
mod create;
mod delete;
mod instance;
mod map;
mod query;
mod query_body;
mod retrieve;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Path of the collection of evolutions.
const EVOLUTIONS: &str = "/ngsi-ld/v1/temporal/entities";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_evolution, query::query_evolutions))
        .routes(routes!(retrieve::retrieve_evolution, delete::delete_evolution))
        .routes(routes!(append::append_evolution))
        .routes(routes!(attribute::delete_attribute_evolution))
        .routes(routes!(instance::modify_instance, instance::delete_instance))
        .routes(routes!(query_body::query_evolutions_by_body))
        .routes(routes!(map::create_temporal_entity_map, map::create_temporal_entity_map_by_body))
}
