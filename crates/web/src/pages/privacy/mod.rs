//! What is kept of oneself, consents, requests about personal data, and the desk of those who settle them.

mod about;
mod ask;
mod files;
mod kept;
mod looks;
mod mine;
mod one;
mod parts;
mod queue;
mod receipt;
mod said;
mod settle;
mod titles;
mod whose;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use dinh_identity::Present;

use super::account::private;
use super::fault::Fault;
use super::visitor::{Visitor, encode};
use crate::app::App;

pub(super) use files::looked_at;
pub(crate) use files::saved;
pub(super) use titles::purpose as purpose_title;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/my-data", get(mine::page).post(mine::change))
        .route("/{tenant}/my-data/kept", get(kept::page))
        .route("/{tenant}/my-data/looks", get(looks::page))
        .route("/{tenant}/my-data/consents/{id}", get(receipt::page))
        .route("/{tenant}/my-data/requests/new", get(ask::page).post(ask::file))
        .route("/{tenant}/my-data/requests/{id}", get(one::page).post(one::take_back))
        .route(
            "/{tenant}/my-data/requests/{id}/files",
            post(files::attach).layer(DefaultBodyLimit::max(files::MOST_FORM)),
        )
        .route("/{tenant}/my-data/requests/{id}/files/{file}", get(files::own))
        .route("/{tenant}/privacy/{id}/files/{file}", get(files::of_desk))
        .route("/{tenant}/privacy", get(queue::page))
        .route("/{tenant}/privacy/{id}", get(settle::page).post(settle::step))
}

/// Whoever is signed in; others are sent to sign in and back. Where nothing is offered there is no page.
fn present(visitor: &Visitor) -> Result<Present, Box<Response>> {
    if !visitor.app.privacy.is_offered() {
        return Err(Box::new(Fault::not_found(visitor.taste).into_response()));
    }
    visitor.guest.present.clone().ok_or_else(|| {
        let here = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
        let to = format!("{}?next={}", visitor.href("sign-in"), encode(here));
        Box::new(private(Redirect::to(&to).into_response()))
    })
}
