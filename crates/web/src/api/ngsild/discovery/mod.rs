//! Types and attributes in use.

mod attributes;
mod one_attribute;
mod one_type;
mod survey;
mod types;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(types::list_types))
        .routes(routes!(one_type::describe_type))
        .routes(routes!(attributes::list_attributes))
        .routes(routes!(one_attribute::describe_attribute))
}
