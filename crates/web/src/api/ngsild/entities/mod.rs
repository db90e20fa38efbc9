//! Entities.

mod create;
mod delete;
mod merge;
mod purge;
mod query;
mod replace;
mod retrieve;

pub(super) use query::Query;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_entity, query::query_entities, purge::purge_entities))
        .routes(routes!(
            retrieve::retrieve_entity,
            replace::replace_entity,
            merge::merge_entity,
            delete::delete_entity
        ))
}
