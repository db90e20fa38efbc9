//! `@context` documents that are kept here.

mod add;
mod delete;
pub(crate) mod entry;
mod list;
mod serve;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(add::add_context, list::list_contexts))
        .routes(routes!(serve::serve_context, delete::delete_context))
}
