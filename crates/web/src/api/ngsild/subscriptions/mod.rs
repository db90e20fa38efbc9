//! Subscriptions.

mod create;
mod delete;
mod list;
mod notices;
mod retrieve;
mod shown;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_subscription, list::list_subscriptions))
        .routes(routes!(
            retrieve::retrieve_subscription,
            update::update_subscription,
            delete::delete_subscription
        ))
        .routes(routes!(notices::take_notification))
}
