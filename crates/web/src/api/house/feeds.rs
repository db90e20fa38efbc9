//! How the sources of a tenant's data are doing.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use dinh_ngsild::problem::Problem;

use super::hall::{AtFeed, Hall};
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};

/// The feeds.
pub(crate) struct Feeds;

impl Operation for Feeds {
    const PARAMETERS: &'static [Known] = &[];
}

/// Health of all feeds
///
/// Answers with the health of every feed: last message, rate, lag, counts, errors.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/feeds", tag = "feeds",
    extensions(("x-summary-vi" = json!("Tình trạng mọi nguồn dữ liệu"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Feeds>),
    responses((status = 200, description = "The feeds.", body = Vec<Object>), ReadRefusals)
)]
pub(crate) async fn list_feeds(
    Hall(visit): Hall,
    _parameters: Parameters<Feeds>,
) -> Result<Response, Refusal> {
    Ok(Json(visit.app.feeds.health(visit.session.tenant())).into_response())
}

/// Health of one feed
///
/// Answers with the last message, rate, lag, counts and errors of one feed.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/feeds/{pack}/{feed}", tag = "feeds",
    extensions(("x-summary-vi" = json!("Tình trạng một nguồn dữ liệu"))),
    params(
        ("tenant" = String, Path, description = "The tenant."), ("pack" = String, Path, description = "The pack."),
        ("feed" = String, Path, description = "The feed."), Parameters<Feeds>
    ),
    responses((status = 200, description = "The feed.", body = Object), ReadRefusals)
)]
pub(crate) async fn one_feed(
    AtFeed { visit, feed }: AtFeed,
    _parameters: Parameters<Feeds>,
) -> Result<Response, Refusal> {
    match visit.app.feeds.health_of(&feed) {
        Some(health) => Ok(Json(health).into_response()),
        None => Err(Problem::not_found(format!("The feed {}", feed.name)).into()),
    }
}
