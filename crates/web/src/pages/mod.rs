//! The pages: HTML that works without scripts, in two languages.

mod account;
mod admin;
mod around;
mod asked;
mod attention;
mod cards;
mod cases;
mod colours;
mod entity;
mod explore;
mod fault;
mod form;
mod frame;
mod legend;
mod list;
mod money;
mod operations;
mod present;
mod privacy;
mod procedures;
#[cfg(test)]
mod samples;
mod settings;
mod signatures;
mod sources;
mod templates;
#[cfg(test)]
mod tests;
mod view;
mod visitor;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::app::App;
use crate::assets;

pub(crate) use privacy::saved;

/// The routes of people: pages, their styles and scripts.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start))
        .route("/{tenant}", get(enter))
        .route("/{tenant}/", get(operations::operations))
        .route("/{tenant}/list", get(list::list))
        .route("/{tenant}/entity/{id}", get(entity::entity).post(entity::reveal))
        .route("/{tenant}/sources", get(sources::sources))
        .route("/{tenant}/sources/{pack}/{feed}", get(sources::source).post(sources::settle))
        .route("/{tenant}/quanh-toi", get(around::around))
        .route("/{tenant}/colours.css", get(colours::colours))
        .route("/lang/{tag}", get(settings::language))
        .route("/theme/{name}", get(settings::theme))
        .merge(account::routes())
        .merge(cards::routes())
        .merge(cases::routes())
        .merge(money::routes())
        .merge(privacy::routes())
        .merge(signatures::routes())
        .merge(procedures::routes())
        .merge(form::routes())
        .merge(admin::routes())
        .merge(explore::routes())
        .merge(assets::routes())
}

/// The first province.
async fn start(State(app): State<App>, request: Request) -> Response {
    match app.context.packs().provinces().first() {
        Some(province) => Redirect::to(&format!("/{}/", province.tenant)).into_response(),
        None => not_found(request).await,
    }
}

/// A province without its trailing slash.
async fn enter(visitor: visitor::Visitor) -> Redirect {
    let query = visitor.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("{}{query}", visitor.href("")))
}

/// The page that says that there is no page.
#[expect(clippy::unused_async, reason = "the router waits for it as for any page")]
pub(crate) async fn not_found(request: Request) -> Response {
    let taste = visitor::Taste::of(request.headers());
    fault::Fault::not_found(taste).into_response()
}

/// The page that says that another site's page has asked.
pub(crate) fn other_site(headers: &HeaderMap) -> Response {
    fault::Fault::other_site(visitor::Taste::of(headers)).into_response()
}

/// The page that says that too much was asked; it can be loaded again after so many seconds.
pub(crate) fn too_many(headers: &HeaderMap, seconds: u64) -> Response {
    let mut response = fault::Fault::too_many(visitor::Taste::of(headers)).into_response();
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// The page for whoever comes while there is too much to do.
pub(crate) fn busy(headers: &HeaderMap) -> Response {
    let mut response = fault::Fault::busy(visitor::Taste::of(headers)).into_response();
    response.headers_mut().insert(RETRY_AFTER, 1_u16.into());
    response
}

/// Style sheets for plain pages that need nothing else.
pub(crate) fn plain_stylesheets() -> Vec<String> {
    vec![assets::address("citizen.css")]
}
