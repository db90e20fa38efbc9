//! Registrations of other context sources (CIM 009 clauses 5.9, 5.10, 6.8 and 6.9).

mod create;
mod delete;
mod list;
mod retrieve;
mod shown;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(create::create_registration, list::list_registrations)).routes(
        routes!(retrieve::retrieve_registration, update::update_registration, delete::delete_registration),
    )
}
