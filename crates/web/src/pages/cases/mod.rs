//! Cases: the queue of officials, one case with everything on it, one's own cases, following one by its number, what is
//! counted of them, and the kinds there are.

mod applicant;
mod asks;
mod board;
mod check;
mod complain;
mod counter;
mod designer;
mod drafts;
mod exemption;
mod file;
mod files;
mod filing;
mod follow;
mod issued;
mod issued_print;
mod locker;
mod mine;
mod notices;
mod one;
mod parts;
mod portal;
mod queue;
mod rating;
mod register;
mod said;
mod sign;
mod sign_token;

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

pub(super) use counter::shown_pdf;
pub(super) use notices::signs;

/// Roles that take in dossiers.
const RECEIVERS: [&str; 1] = ["one-stop-officer"];
/// Roles whose work these pages are.
const WORKERS: [&str; 4] = ["one-stop-officer", "officer", "unit-leader", "clerk"];
/// Roles that issue documents and keep the register.
const ISSUERS: [&str; 3] = ["clerk", "unit-leader", "one-stop-officer"];
/// Roles that see what is counted of all units.
const LEADERS: [&str; 3] = ["leader", "unit-leader", "inspector"];

/// Roles that look after links with other systems.
const LINKERS: [&str; 2] = ["administrator", "operator"];

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/work", get(queue::page).post(queue::batch))
        .route("/{tenant}/cases/{id}", get(one::page).post(one::act))
        .route("/{tenant}/cases/{id}/rating", post(rating::own))
        .route("/{tenant}/cases/{id}/exemption", post(exemption::act))
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
        .route(
            "/{tenant}/check",
            get(check::ask).post(check::file_of_any).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route(
            "/{tenant}/check/{code}",
            get(check::one).post(check::file_of_one).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route("/{tenant}/issued", get(issued::list))
        .route("/{tenant}/issued/print", get(issued_print::many))
        .route("/{tenant}/issued/sign", get(sign::page).post(sign::act))
        .route("/{tenant}/issued/{id}", get(issued::one).post(issued::change))
        .route("/{tenant}/issued/{id}/file", get(issued::file))
        .route("/{tenant}/register", get(register::page))
        .route("/{tenant}/board", get(board::page))
        .route("/{tenant}/notices", get(notices::page).post(notices::again))
        .route("/{tenant}/board/now", get(board::now))
        .route("/{tenant}/board/indicators", get(board::indicators))
        .route("/{tenant}/board/cases", get(board::list))
        .route("/{tenant}/board/table", get(board::download))
        .merge(counter::routes())
        .merge(designer::routes())
        .merge(portal::routes())
}

/// Where a dossier of a national procedure is filed, if there is a kind for it that is open today.
pub(super) fn filing_href(visitor: &Visitor, procedure: &str) -> Option<String> {
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let kind = visitor.app.casework.book().settles(procedure, today)?;
    Some(visitor.href(&format!("file/{}", kind.code)))
}

/// True if whoever looks sits at a one-stop desk.
pub(super) fn receives(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &RECEIVERS)
}

/// True if whoever looks works on cases.
pub(super) fn works(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &WORKERS)
}

/// True if whoever looks issues documents or keeps the register.
pub(super) fn issues(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &ISSUERS)
}

/// True if whoever looks answers for how cases go.
pub(super) fn leads(visitor: &Visitor) -> bool {
    visitor.app.casework.is_offered() && has_one_of(visitor, &LEADERS)
}

/// True if whoever looks looks after links with other systems, and there are any.
pub(super) fn links(visitor: &Visitor) -> bool {
    visitor.app.portal.is_offered(visitor.session.tenant()) && has_one_of(visitor, &LINKERS)
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
