//! Records pushed into a feed over HTTP.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use dinh_feeds::PushError;
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::hall::{AtFeed, Feeder};
use crate::api::reply::{Refusal, WriteRefusals, sentence};
use crate::api::request::{Known, Operation, Parameters, read_bytes};

/// Push records.
pub(crate) struct Push;

impl Operation for Push {
    const PARAMETERS: &'static [Known] = &[];
}

/// Push records into a feed
///
/// Takes records in any form that the feed's definition reads (JSON, NDJSON, CSV, GeoJSON, XLSX). The answer comes when
/// all of them are durable, in the graph or among the dead letters.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/feeds/{pack}/{feed}/records", tag = "feeds",
    extensions(("x-summary-vi" = json!("Gửi bản ghi vào một nguồn dữ liệu"))),
    params(
        ("tenant" = String, Path, description = "The tenant."), ("pack" = String, Path, description = "The pack."),
        ("feed" = String, Path, description = "The feed."), Parameters<Push>
    ),
    request_body(content((Object = "application/json"), (String = "text/csv"), (String = "application/x-ndjson")), description = "The records."),
    responses((status = 200, description = "What became of the records.", body = Object), WriteRefusals)
)]
pub(crate) async fn push_records(
    Feeder(AtFeed { visit, feed }): Feeder,
    _parameters: Parameters<Push>,
    request: Request,
) -> Result<Response, Refusal> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_owned();
    let body = read_bytes(request, visit.app.settings.max_body).await?;
    match visit.app.feeds.push(&feed, &media_type, body.to_vec()).await {
        Ok(report) => Ok(Json(report).into_response()),
        Err(error) => Err(refusal(&error)),
    }
}

fn refusal(error: &PushError) -> Refusal {
    let detail = sentence(&error.to_string());
    match error {
        PushError::NoSuchFeed => Problem::new(ProblemKind::ResourceNotFound, detail).into(),
        PushError::Busy(_) | PushError::Stopping => Refusal::busy(detail),
        PushError::TooLarge(_) | PushError::TooMany(_) => {
            Refusal::http(StatusCode::PAYLOAD_TOO_LARGE, detail)
        }
        PushError::MediaType(_) => Refusal::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail),
        PushError::Unreadable(_) => Problem::invalid(detail).into(),
    }
}
