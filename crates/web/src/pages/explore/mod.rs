//! The explorer: what is in the graph and how programs get at it, for the people who integrate.
//!
//! Every page asks the API as a program would, in the name of whoever looks, and shows what it asked: as an address that can
//! be copied as a command. So nobody sees here what the API would not show them.

mod answer;
mod ask;
mod attributes;
mod contexts;
mod desk;
mod entities;
mod entity;
mod evolution;
mod instances;
mod pager;
mod paint;
mod query;
mod query_form;
mod registrations;
mod start;
mod subscription;
mod subscriptions;
mod types;

use axum::Router;
use axum::routing::get;
use dinh_access::Principal;

pub(super) use desk::HOME;

use super::admin;
use super::visitor::Visitor;
use crate::app::App;

/// Roles whose people work with what is in the graph.
const ROLES: [&str; 2] = ["operator", "data-steward"];

/// The routes below `/{tenant}/explore`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/{tenant}/explore", get(start::start))
        .route("/{tenant}/explore/types", get(types::list))
        .route("/{tenant}/explore/types/{type}", get(types::one))
        .route("/{tenant}/explore/attributes", get(attributes::list))
        .route("/{tenant}/explore/attributes/{attrId}", get(attributes::one))
        .route("/{tenant}/explore/entities", get(entities::list))
        .route("/{tenant}/explore/entities/{id}", get(entity::one))
        .route("/{tenant}/explore/query", get(query::query))
        .route("/{tenant}/explore/subscriptions", get(subscriptions::list))
        .route(
            "/{tenant}/explore/subscriptions/{subscriptionId}",
            get(subscription::one).post(subscription::change),
        )
        .route("/{tenant}/explore/registrations", get(registrations::list))
        .route("/{tenant}/explore/contexts", get(contexts::list).post(contexts::change))
}

/// Whether the explorer is among the places of somebody. Whoever knows its address may use it: it shows to everybody what
/// the API shows them.
pub(super) fn works_here(visitor: &Visitor) -> bool {
    match &visitor.guest.principal {
        Principal::Operator(_) => true,
        Principal::Account(account) => {
            ROLES.iter().any(|role| account.roles.contains(*role)) || admin::could_administer(visitor)
        }
        _ => false,
    }
}
