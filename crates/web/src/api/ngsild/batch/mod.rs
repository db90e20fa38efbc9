//! Batches of entities.

mod create;
mod delete;
mod merge;
mod query;
mod run;
mod update;
mod upsert;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_batch))
        .routes(routes!(upsert::upsert_batch))
        .routes(routes!(update::update_batch))
        .routes(routes!(merge::merge_batch))
        .routes(routes!(delete::delete_batch))
        .routes(routes!(query::query_batch))
}
