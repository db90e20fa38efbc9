//! Snapshots of what queries find (CIM 009 clauses 5.16, 6.36, 6.37 and 6.38).

mod clone;
mod create;
mod fill;
mod one;
mod purge;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Path of the collection of snapshots.
const SNAPSHOTS: &str = "/ngsi-ld/v1/snapshots";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(create::create_snapshot, purge::purge_snapshots))
        .routes(routes!(one::retrieve_snapshot, one::update_snapshot, one::delete_snapshot))
        .routes(routes!(clone::clone_snapshot))
}
