//! Links with the national portal: what waits and why, what failed, what arrived and could not be taken, days compared.

mod act;
mod arrival;
mod page;
mod rows;

use axum::Router;
use axum::routing::get;
use dinh_model::EntityId;

use crate::app::App;
use crate::look;
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/portal", get(page::page).post(act::act))
        .route("/{tenant}/portal/arrivals/{id}", get(arrival::page))
}

/// What the page of a case says of the portal: a line for everybody who sees the case, and where what the portal sent is
/// shown to those who work on it.
pub(super) async fn of_case(
    visitor: &Visitor,
    case: &EntityId,
    own: bool,
) -> (Option<(String, String)>, Option<String>) {
    let (lang, portal) = (visitor.lang(), &visitor.app.portal);
    let tenant = visitor.session.tenant();
    if !portal.is_offered(tenant) {
        return (None, None);
    }
    let Ok(Some(synced)) = portal.synced(tenant, case).await else { return (None, None) };
    let title = rows::counterpart(visitor, &synced.counterpart);
    let when = synced.told.map(|at| look::date_time(at, lang));
    let mut text = match when {
        Some(at) if synced.failed => lang.say_with("portal-case-stale", &args([("at", at)])),
        Some(at) => lang.say_with("portal-case-told", &args([("at", at)])),
        None => lang.say("portal-case-untold"),
    };
    if let Some(number) = &synced.number {
        let number = lang.say_with("portal-case-number", &args([("number", number.clone())]));
        text = format!("{text} {number}");
    }
    let href = |id: EntityId| visitor.href(&format!("portal/arrivals/{}", encode(id.as_str())));
    (Some((title, text)), synced.arrival.filter(|_| !own).map(href))
}
