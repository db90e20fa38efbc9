//! The house's own JSON API: provinces, feeds, dead letters, communes, search, privacy, procedures, cases,
//! documents, money, cards, subscriptions, audit.
//! The tenant stands in the path.

mod audit;
mod cards;
mod cases;
mod commune;
mod dead_letters;
mod documents;
mod feeds;
mod hall;
mod money;
mod portal;
mod privacy;
mod procedures;
mod provinces;
mod push;
mod search;
mod sources;
mod subscriptions;

pub(crate) use cards::issuer as card_issuer;
pub(crate) use cards::wallet::offer_json as card_offer;
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
        .routes(routes!(cases::list::list_cases, cases::file::file_case))
        .routes(routes!(cases::list::list_own_cases))
        .routes(routes!(cases::kinds::list_kinds))
        .routes(routes!(cases::kinds::one_kind))
        .routes(routes!(cases::one::one_case))
        .routes(routes!(cases::act::act_on_case))
        .routes(routes!(cases::act::give_opinion))
        .routes(routes!(cases::files::attach_file))
        .routes(routes!(cases::files::open_case_file))
        .routes(routes!(documents::list::list_documents))
        .routes(routes!(documents::list::one_document))
        .routes(routes!(documents::sign::list_signing_keys))
        .routes(routes!(documents::sign::sign_documents))
        .routes(routes!(documents::elsewhere::begin_signings))
        .routes(routes!(documents::elsewhere::finish_signings))
        .routes(routes!(documents::two_steps::begin_signing))
        .routes(routes!(documents::two_steps::finish_signing))
        .routes(routes!(portal::push_dossiers))
        .routes(routes!(money::bills::list_bills))
        .routes(routes!(money::bills::take_cash))
        .routes(routes!(money::statements::import_statement))
        .routes(routes!(money::books::read_balances))
        .routes(routes!(subscriptions::list_standings))
        .routes(routes!(subscriptions::one_standing))
        .routes(routes!(subscriptions::send_again))
        .routes(routes!(sources::list_all_registrations))
        .routes(routes!(sources::list_context_use))
        .routes(routes!(audit::read_audit))
        .routes(routes!(cards::published::card_keys))
        .routes(routes!(cards::published::card_lists))
        .routes(routes!(cards::published::card_status))
        .routes(routes!(cards::check::check_card))
        .routes(routes!(cards::metadata::issuer_metadata))
        .routes(routes!(cards::metadata::token_metadata))
        .routes(routes!(cards::metadata::keys_metadata))
        .routes(routes!(cards::wallet::offer_card))
        .routes(routes!(cards::wallet::card_token))
        .routes(routes!(cards::wallet::card_nonce))
        .routes(routes!(cards::wallet::card_credential))
        .routes(routes!(cards::questions::ask_card))
        .routes(routes!(cards::questions::answer_card))
        .routes(routes!(cards::questions::card_answered))
}
