//! List the dead letters of a feed.

use axum::Json;
use axum::response::{IntoResponse as _, Response};

use super::refusal;
use crate::api::house::hall::{AtFeed, Mender};
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};

/// List dead letters.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] = &[
        Known::number("after", "Only letters with higher numbers than this."),
        Known::number("limit", "Most letters to return: 100 if not given, at most 1000."),
    ];
}

/// Most letters in one answer.
const MOST: usize = 1_000;
/// Letters in an answer unless told otherwise.
const USUAL: usize = 100;

/// List dead letters
///
/// Answers with records that could not become entities, the oldest first, each with the field, the rule and the reason.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters", tag = "feeds",
    extensions(("x-summary-vi" = json!("Liệt kê các bản ghi bị từ chối"))),
    params(
        ("tenant" = String, Path, description = "The tenant."), ("pack" = String, Path, description = "The pack."),
        ("feed" = String, Path, description = "The feed."), Parameters<List>
    ),
    responses((status = 200, description = "The letters.", body = Vec<Object>), ReadRefusals)
)]
pub(crate) async fn list_dead_letters(
    Mender(AtFeed { visit, feed }): Mender,
    parameters: Parameters<List>,
) -> Result<Response, Refusal> {
    let after = parameters.number("after", usize::MAX)?.unwrap_or(0);
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let after = u64::try_from(after).unwrap_or(u64::MAX);
    match visit.app.feeds.dead_letters(&feed, after, limit).await {
        Ok(letters) => Ok(Json(letters).into_response()),
        Err(error) => Err(refusal(&error)),
    }
}
