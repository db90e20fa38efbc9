//! Correct or discard a dead letter.

use axum::extract::Request;
use axum::response::Response;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;

use super::refusal;
use crate::api::house::hall::{AtFeed, Mender};
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::{Known, Operation, Parameters, Segments, read_bytes};

/// Change a dead letter.
pub(crate) struct Change;

impl Operation for Change {
    const PARAMETERS: &'static [Known] = &[];
}

type LetterPath = Segments<(String, String, String, u64)>;

/// Correct a dead letter and replay it
///
/// Maps a dead letter again: the record in the body, or without a body the record as it is. The letter goes away once
/// the record is in the graph.
#[utoipa::path(
    put, path = "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters/{id}", tag = "feeds",
    extensions(("x-summary-vi" = json!("Sửa một bản ghi bị từ chối và đưa vào lại"))),
    params(
        ("tenant" = String, Path, description = "The tenant."), ("pack" = String, Path, description = "The pack."),
        ("feed" = String, Path, description = "The feed."), ("id" = u64, Path, description = "Number of the letter."),
        Parameters<Change>
    ),
    request_body(content = Object, description = "The corrected record.", content_type = "application/json"),
    responses(
        (status = 204, description = "The record is in the graph."),
        (status = 422, description = "It is still wrong; the letter stays.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn correct_dead_letter(
    Mender(AtFeed { visit, feed }): Mender,
    path: LetterPath,
    _parameters: Parameters<Change>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, _, _, id) = path.0;
    let body = read_bytes(request, visit.app.settings.max_body).await?;
    let corrected = if body.is_empty() { None } else { Some(read::json(&body).map_err(Problem::from)?) };
    match visit.app.feeds.correct(&feed, id, corrected).await {
        Ok(()) => Ok(reply::no_content()),
        Err(error) => Err(refusal(&error)),
    }
}

/// Discard a dead letter
///
/// Throws a dead letter away: its record will not be in the graph.
#[utoipa::path(
    delete, path = "/api/v1/{tenant}/feeds/{pack}/{feed}/dead-letters/{id}", tag = "feeds",
    extensions(("x-summary-vi" = json!("Bỏ một bản ghi bị từ chối"))),
    params(
        ("tenant" = String, Path, description = "The tenant."), ("pack" = String, Path, description = "The pack."),
        ("feed" = String, Path, description = "The feed."), ("id" = u64, Path, description = "Number of the letter."),
        Parameters<Change>
    ),
    responses((status = 204, description = "It is gone."), WriteRefusals)
)]
pub(crate) async fn discard_dead_letter(
    Mender(AtFeed { visit, feed }): Mender,
    path: LetterPath,
    _parameters: Parameters<Change>,
) -> Result<Response, Refusal> {
    let (_, _, _, id) = path.0;
    match visit.app.feeds.discard(&feed, id).await {
        Ok(()) => Ok(reply::no_content()),
        Err(error) => Err(refusal(&error)),
    }
}
