//! What callers of a feed hear back.

use serde::Serialize;

use super::delivery::Outcome;
use crate::Words;
use crate::mapping::Rejection;

/// Why a push was not taken at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// There is no such feed, or it takes no pushes.
    #[error("there is no feed of this name that takes pushed records")]
    NoSuchFeed,
    /// Too many pushes wait already.
    #[error("{0} pushes are waiting already, the most that may wait; try again shortly")]
    Busy(usize),
    /// The body is larger than the feed takes.
    #[error("the body is larger than the limit of {0} bytes")]
    TooLarge(u64),
    /// The body holds more records than one push may.
    #[error("the body holds more than {0} records; send them in parts")]
    TooMany(usize),
    /// Neither the media type nor the definition says how to read the body.
    #[error(
        "the media type {0:?} is not one we read; use application/json, application/x-ndjson, text/csv, \
         application/geo+json or the type of XLSX"
    )]
    MediaType(String),
    /// The body cannot be read at all.
    #[error("{}", .0.en)]
    Unreadable(Words),
    /// The feed is stopping; nothing is known about the records, send them again.
    #[error("the feed is stopping; send the records again later")]
    Stopping,
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushReport {
    /// Records now in the graph.
    pub accepted: usize,
    /// Records that no map of the feed is interested in.
    pub skipped: usize,
    /// Records in the dead letters.
    pub rejected: usize,
    /// The rejected ones, at most 100.
    pub rejections: Vec<PushedRecord>,
}

/// One rejected record of a push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushedRecord {
    /// Which one, counted from 0.
    pub index: usize,
    /// Why.
    pub rejection: Rejection,
}

/// Most rejections told in the answer to a push.
const MAX_TOLD: usize = 100;

impl PushReport {
    pub(super) fn of(outcomes: Vec<Outcome>) -> Self {
        let mut report = Self { accepted: 0, skipped: 0, rejected: 0, rejections: Vec::new() };
        for (index, outcome) in outcomes.into_iter().enumerate() {
            match outcome {
                Outcome::Accepted => report.accepted += 1,
                Outcome::Skipped => report.skipped += 1,
                Outcome::Rejected(rejection) => {
                    report.rejected += 1;
                    if report.rejections.len() < MAX_TOLD {
                        report.rejections.push(PushedRecord { index, rejection: *rejection });
                    }
                }
            }
        }
        report
    }
}

/// Why a dead letter could not be corrected or discarded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectError {
    /// There is no such feed.
    #[error("there is no feed of this name")]
    NoSuchFeed,
    /// There is no such letter.
    #[error("there is no dead letter with this number")]
    NoSuchLetter,
    /// The correction cannot be used as a record.
    #[error("{}", .0.en)]
    Unusable(Words),
    /// The corrected record is still wrong; the letter stays.
    #[error("{0}")]
    StillWrong(Box<Rejection>),
    /// No map of the feed is interested in the corrected record; the letter stays.
    #[error("no map of the feed is interested in the corrected record")]
    Skipped,
    /// The graph cannot be asked now.
    #[error("the graph cannot be asked now: {0}")]
    Unavailable(String),
    /// The feed is stopping.
    #[error("the feed is stopping; try again later")]
    Stopping,
}
