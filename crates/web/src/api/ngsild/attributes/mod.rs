//! Attributes of one entity.

mod append;
mod delete;
mod patch;
mod replace;
mod update;

pub(super) use delete::one_dataset;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(append::append_attributes, update::update_attributes))
        .routes(routes!(patch::patch_attribute, replace::replace_attribute, delete::delete_attribute))
}
