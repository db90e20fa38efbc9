//! Maps of the entities that a question found (CIM 009 clauses 5.14, 6.32 and 6.34).

mod create;
mod kept;
mod one;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use kept::{MAP, Mapped, Wish, found, keep_found, known, mapped, of, of_one, shown, with_map};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_entity_map, create::create_entity_map_by_body))
        .routes(routes!(one::retrieve_entity_map, one::update_entity_map, one::delete_entity_map))
}
