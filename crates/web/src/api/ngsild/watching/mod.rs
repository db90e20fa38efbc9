//! Subscriptions to registrations of context sources (CIM 009 clauses 5.11, 6.12 and 6.13).

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
    OpenApiRouter::default()
        .routes(routes!(create::create_registration_subscription, list::list_registration_subscriptions))
        .routes(routes!(
            retrieve::retrieve_registration_subscription,
            update::update_registration_subscription,
            delete::delete_registration_subscription
        ))
}
