//! Cases: the queue of officials, one case with everything on it, one's own cases, following one by its number, what is
//! counted of them, and the kinds there are.

mod applicant;
mod asks;
mod board;
mod complain;
mod counter;
mod drafts;
mod file;
mod files;
mod filing;
mod follow;
mod kinds;
mod locker;
mod mine;
mod one;
mod parts;
mod queue;
mod rating;
mod said;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use dinh_access::Principal;

use super::account::private;
use super::fault::Fault;
use super::form::MOST_BODY;
use super::visitor::{Visitor, encode};
use crate::app::App;

/// Roles whose work these pages are.
const WORKERS: [&str; 3] = ["one-stop-officer", "officer", "unit-leader"];
/// Roles that see what is counted of all units.
const LEADERS: [&str; 3] = ["leader", "unit-leader", "inspector"];

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/work", get(queue::page).post(queue::batch))
        .route("/{tenant}/cases/{id}", get(one::page).post(one::act))
        .route("/{tenant}/cases/{id}/rating", post(rating::own))
        .route("/{tenant}/cases/{id}/complain/{kind}", get(complain::page).post(complain::own))
        .route("/{tenant}/cases/{id}/files", post(files::attach).layer(DefaultBodyLimit::max(MOST_BODY)))
        .route("/{tenant}/cases/{id}/files/{file}", get(files::open))
        .route(
            "/{tenant}/file/{kind}",
            get(file::page).post(file::send).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route("/{tenant}/my-cases", get(mine::page))
        .route("/{tenant}/my-cases/drafts/{id}", post(drafts::discard))
        .route("/{tenant}/my-documents", get(locker::page))
        .route("/{tenant}/follow", get(follow::page).post(follow::look))
        .route("/{tenant}/follow/rating", post(rating::followed))
        .route("/{tenant}/follow/complain/{kind}", post(complain::followed))
        .route("/{tenant}/board", get(board::page))
        .route("/{tenant}/board/now", get(board::now))
        .route("/{tenant}/board/indicators", get(board::indicators))
        .route("/{tenant}/board/cases", get(board::list))
        .route("/{tenant}/board/table", get(board::download))
        .route("/{tenant}/kinds", get(kinds::list))
        .route("/{tenant}/kinds/{code}/{version}", get(kinds::one))
        .merge(counter::routes())
}

/// Where a dossier of a national procedure is filed, if there is a kind for it that is open today.
pub(super) fn filing_href(visitor: &Visitor, procedure: &str) -> Option<String> {
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let kind = visitor.app.casework.book().settles(procedure, today)?;
    Some(visitor.href(&format!("file/{}", kind.code)))
}

/// True if whoever looks works on cases.
pub(super) fn works(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &WORKERS)
}

/// True if whoever looks answers for how cases go.
pub(super) fn leads(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &LEADERS)
}

fn has_one_of(visitor: &Visitor, roles: &[&str]) -> bool {
    match visitor.session.principal() {
        Principal::Account(account) => roles.iter().any(|role| account.roles.contains(*role)),
        _ => false,
    }
}

/// Whoever is not signed in goes to sign in and back; where nothing is offered there is no page.
fn present(visitor: &Visitor) -> Result<(), Box<Response>> {
    if !visitor.app.casework.is_offered() {
        return Err(Box::new(Fault::not_found(visitor.taste).into_response()));
    }
    if visitor.guest.present.is_some() {
        return Ok(());
    }
    let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
    let to = format!("{}?next={}", visitor.href("sign-in"), encode(here));
    Err(Box::new(private(Redirect::to(&to).into_response())))
}

/// Whoever has none of the roles is told that the page is not theirs.
fn only(visitor: &Visitor, may: bool) -> Result<(), Fault> {
    if may { Ok(()) } else { Err(Fault::refused(visitor.taste, http::StatusCode::FORBIDDEN)) }
}
