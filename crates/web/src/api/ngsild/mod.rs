//! NGSI-LD over HTTP (ETSI GS CIM 009 v1.9, clause 6). One file for each operation; handlers translate, they do not
//! decide.

mod answer;
mod attributes;
mod batch;
mod body_query;
mod conditions;
mod contexts;
mod discovery;
mod document;
mod entities;
mod federated;
mod form;
mod identity;
mod known;
mod linked;
mod maps;
mod options;
mod registrations;
mod snapshots;
mod subscriptions;
mod temporal;
mod watching;
mod write;

use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use http::Method;
use http::header::CONTENT_LENGTH;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use contexts::entry::all as context_entries;

use super::reply::Refusal;
use super::request::{SNAPSHOT, TENANT};
use crate::app::App;

/// The routes below `/ngsi-ld/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .merge(entities::routes())
        .merge(attributes::routes())
        .merge(batch::routes())
        .merge(subscriptions::routes())
        .merge(maps::routes())
        .merge(snapshots::routes())
        .merge(registrations::routes())
        .merge(watching::routes())
        .merge(temporal::routes())
        .merge(discovery::routes())
        .merge(contexts::routes())
        .merge(identity::routes())
        .layer(middleware::from_fn(every))
}

/// What holds for every request: a body has a length (clause 6.3.4), and tenant and snapshot are told again (clauses 6.3.14
/// and 6.3.22).
async fn every(request: Request, next: Next) -> Response {
    let [tenant, snapshot] = [TENANT, SNAPSHOT].map(|name| request.headers().get(name).cloned());
    let has_body = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let mut response = if has_body && !request.headers().contains_key(CONTENT_LENGTH) {
        Refusal::length_required().into_response()
    } else {
        next.run(request).await
    };
    if let Some(tenant) = tenant {
        response.headers_mut().insert(TENANT, tenant);
    }
    if let Some(snapshot) = snapshot {
        response.headers_mut().insert(SNAPSHOT, snapshot);
    }
    response
}
