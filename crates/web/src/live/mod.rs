//! What the map asks for while one watches: tiles, and a stream of what changes.

mod follow;
mod hub;
mod layers;
mod message;
mod rooms;
mod seats;
mod stream;
mod tile;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use hub::Hub;

use crate::app::App;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(layers::list_layers))
        .routes(routes!(stream::events))
        .routes(routes!(tile::layer_tile))
        .routes(routes!(tile::base_tile))
}
