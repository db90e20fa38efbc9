//! The one-stop desk: what it takes in, hands over and gives back; the papers of dossiers; tickets of those who wait.

mod booking;
mod desk;
mod handover;
mod home;
mod intake;
mod line;
mod paper;
mod sheet;
mod taken;
mod tickets;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;
use crate::pages::form::MOST_BODY;

pub(in crate::pages) use paper::shown_pdf;
pub(super) use paper::{chosen as printed, of as papers};

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/counter", get(home::page).post(line::act))
        .route("/{tenant}/counter/handover", get(handover::page).post(handover::act))
        .route(
            "/{tenant}/counter/{kind}",
            get(intake::page).post(intake::send).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route("/{tenant}/cases/{id}/paper/{form}", get(paper::page))
        .route("/{tenant}/cases/{id}/pdf/{form}", get(paper::download))
        .route("/{tenant}/follow/receipt", post(paper::followed))
        .route("/{tenant}/work/print", post(paper::many))
        .route("/{tenant}/tickets", get(tickets::kiosk).post(tickets::take))
        .route("/{tenant}/tickets/book", get(booking::page).post(booking::book))
        .route("/{tenant}/tickets/wall", get(tickets::wall))
        .route("/{tenant}/tickets/{id}", get(tickets::page).post(tickets::cancel))
}
