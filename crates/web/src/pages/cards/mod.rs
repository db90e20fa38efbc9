//! E-cards: verifying one, asking to see one, one's own, and the desk of those who manage the cards of a unit.

mod desk;
mod gather;
mod mine;
mod new;
mod one;
mod parts;
mod present;
mod print;
mod said;
mod verify;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use dinh_access::Principal;
use http::StatusCode;

pub(super) use parts::{benefit, kind};
pub(super) use said::told;

use super::account::private;
use super::fault::Fault;
use super::form::MOST_BODY;
use super::visitor::{Visitor, encode};
use crate::app::App;

/// Roles that manage the cards of a unit.
const MANAGERS: [&str; 2] = ["card-officer", "unit-leader"];

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/verify", get(verify::page).post(verify::check))
        .route("/{tenant}/verify/worker.js", get(verify::worker))
        .route("/{tenant}/presentations", get(present::page).post(present::ask))
        .route("/{tenant}/presentations/{state}", get(present::one))
        .route("/{tenant}/my-cards", get(mine::page).post(mine::ask))
        .route("/{tenant}/my-cards/{id}", get(mine::one).post(mine::step))
        .route("/{tenant}/cards", get(desk::page))
        .route("/{tenant}/cards/standing", get(desk::standing).post(desk::rotate))
        .route(
            "/{tenant}/cards/new",
            get(new::page).post(new::propose).layer(DefaultBodyLimit::max(MOST_BODY)),
        )
        .route("/{tenant}/cards/check-ins", get(gather::list).post(gather::open))
        .route("/{tenant}/cards/check-ins/{id}", get(gather::page).post(gather::check_in))
        .route("/{tenant}/cards/print", get(print::pdf))
        .route("/{tenant}/cards/{id}", get(one::page).post(one::step))
        .route("/{tenant}/cards/{id}/task", post(one::send))
        .route("/{tenant}/cards/{id}/print", get(print::page))
        .route("/{tenant}/cards/{id}/photo", get(print::photo))
}

/// True if whoever looks manages the cards of a unit.
pub(super) fn manages(visitor: &Visitor) -> bool {
    has_role(visitor) && visitor.app.cards.is_offered(visitor.session.tenant())
}

fn has_role(visitor: &Visitor) -> bool {
    match visitor.session.principal() {
        Principal::Account(account) => MANAGERS.iter().any(|role| account.roles.contains(*role)),
        _ => false,
    }
}

/// Whoever is not signed in goes to sign in and back; where nothing is offered there is no page.
fn present(visitor: &Visitor) -> Result<(), Box<Response>> {
    if visitor.guest.present.is_none() {
        let to = format!("{}?next={}", visitor.href("sign-in"), here(visitor));
        return Err(Box::new(private(Redirect::to(&to).into_response())));
    }
    offered(visitor)
}

fn offered(visitor: &Visitor) -> Result<(), Box<Response>> {
    if visitor.app.cards.is_offered(visitor.session.tenant()) {
        return Ok(());
    }
    Err(Box::new(Fault::not_found(visitor.taste).into_response()))
}

/// Whoever manages cards, after a second factor: who has not shown one lately is led there and back.
fn manager(visitor: &Visitor) -> Result<(), Box<Response>> {
    if visitor.guest.present.is_none() {
        return present(visitor);
    }
    if !has_role(visitor) {
        return Err(Box::new(Fault::refused(visitor.taste, StatusCode::FORBIDDEN).into_response()));
    }
    offered(visitor)?;
    match visitor.session.principal() {
        Principal::Account(account) if account.stepped_up => Ok(()),
        _ => {
            let to = format!("{}?next={}#step-up", visitor.href("account"), here(visitor));
            Err(Box::new(private(Redirect::to(&to).into_response())))
        }
    }
}

fn here(visitor: &Visitor) -> String {
    encode(visitor.uri.path_and_query().map_or("/", |path| path.as_str()))
}

/// The same answer with another status.
fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}

/// A field of a form that was sent.
fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// The version that a form was shown with.
fn version(pairs: &[(String, String)]) -> u64 {
    value(pairs, "version").parse().unwrap_or_default()
}

/// An entity that a path names.
fn parsed(visitor: &Visitor, id: &str) -> Result<dinh_model::EntityId, Fault> {
    dinh_model::EntityId::parse(id).map_err(|_unreadable| Fault::not_found(visitor.taste))
}
