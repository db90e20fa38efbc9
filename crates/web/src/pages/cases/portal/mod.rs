//! Links with the national portal: what waits and why, what failed, what arrived and could not be taken, days compared.

mod act;
mod arrival;
mod page;
mod rows;

use axum::Router;
use axum::routing::get;
use dinh_model::EntityId;
use serde::Serialize;

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

/// A value that another system sent: what it is called, what it says, the field of the form it is in, and why it is in none.
#[derive(Serialize)]
pub(super) struct CameRow {
    name: String,
    value: String,
    field: Option<String>,
    fault: Option<String>,
}

/// What was declared with the sender of a dossier, for those who work on it; `unread` what did not come into the form alone.
pub(super) async fn came(visitor: &Visitor, arrival: &EntityId, unread: bool) -> Vec<CameRow> {
    let portal = &visitor.app.portal;
    let Ok(arrival) = portal.arrived(&visitor.session, arrival).await else { return Vec::new() };
    let all = match portal.declared(visitor.session.tenant(), &arrival).await {
        Ok(all) => all,
        Err(error) => {
            tracing::warn!(%error, "what was declared with a counterpart could not be shown");
            return Vec::new();
        }
    };
    let tag = visitor.lang().tag();
    let row = |one: dinh_portal::declared::Came| CameRow {
        name: one.name,
        value: one.value,
        field: one.to.map(|(_, title)| title.in_language(tag).to_owned()),
        fault: one.fault.map(|fault| fault.in_language(tag).to_owned()),
    };
    all.into_iter().filter(|one| !unread || one.fault.is_some()).map(row).collect()
}

/// What the page of a case says of the portal: a line for everybody who sees the case, and where what the portal sent is
/// shown to those who work on it, with what of it did not come into the form.
pub(super) async fn of_case(
    visitor: &Visitor,
    case: &EntityId,
    own: bool,
) -> (Option<(String, String)>, Option<String>, Vec<CameRow>) {
    let (lang, portal) = (visitor.lang(), &visitor.app.portal);
    let tenant = visitor.session.tenant();
    if !portal.is_offered(tenant) {
        return (None, None, Vec::new());
    }
    let Ok(Some(synced)) = portal.synced(tenant, case).await else {
        return (None, None, Vec::new());
    };
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
    let arrival = synced.arrival.filter(|_| !own);
    let unread = match &arrival {
        Some(arrival) => came(visitor, arrival, true).await,
        None => Vec::new(),
    };
    (Some((title, text)), arrival.map(href), unread)
}
