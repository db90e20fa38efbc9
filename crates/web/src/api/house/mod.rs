//! The house's own JSON API: provinces, feeds, dead letters, communes, search, privacy, procedures, audit. The tenant stands in the
//! path.

mod audit;
mod commune;
mod dead_letters;
mod feeds;
mod hall;
mod privacy;
mod procedures;
mod provinces;
mod push;
mod search;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes below `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(provinces::list_provinces))
        .routes(routes!(feeds::list_feeds))
        .routes(routes!(feeds::one_feed))
        .routes(routes!(push::push_records))
        .routes(routes!(dead_letters::list::list_dead_letters))
        .routes(routes!(dead_letters::change::correct_dead_letter, dead_letters::change::discard_dead_letter))
        .routes(routes!(commune::commune_at))
        .routes(routes!(search::search))
        .routes(routes!(privacy::consents::list_consents, privacy::consents::give_consent))
        .routes(routes!(privacy::consents::take_back_consent))
        .routes(routes!(privacy::requests::list_data_requests, privacy::requests::make_data_request))
        .routes(routes!(privacy::requests::one_data_request, privacy::requests::drop_data_request))
        .routes(routes!(procedures::find_procedures))
        .routes(routes!(procedures::one_procedure))
        .routes(routes!(audit::read_audit))
}
