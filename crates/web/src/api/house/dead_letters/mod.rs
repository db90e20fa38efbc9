//! Records that could not become entities: read, corrected, discarded.

pub(super) mod change;
pub(super) mod list;

use dinh_feeds::CorrectError;
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::StatusCode;

use crate::api::reply::{Refusal, sentence};

/// Why a dead letter could not be read or changed.
fn refusal(error: &CorrectError) -> Refusal {
    let detail = sentence(&error.to_string());
    match error {
        CorrectError::NoSuchFeed | CorrectError::NoSuchLetter => {
            Problem::new(ProblemKind::ResourceNotFound, detail).into()
        }
        CorrectError::Unusable(_) => Problem::bad_data(detail).into(),
        CorrectError::StillWrong(_) | CorrectError::Skipped => {
            Refusal::http(StatusCode::UNPROCESSABLE_ENTITY, detail)
        }
        CorrectError::Unavailable(_) | CorrectError::Stopping => Refusal::busy(detail),
    }
}
