//! What can go wrong with links.

use dinh_model::EntityId;

use crate::message::Fault;

/// Why something about a link was not done. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No counterpart is connected here.
    #[error("no counterpart is connected here")]
    NotOffered,
    /// There is no such counterpart.
    #[error("counterpart: {0:?} is not connected here")]
    NoCounterpart(String),
    /// There is no such thing.
    #[error("there is no {0}")]
    NoSuch(EntityId),
    /// A message that cannot even be kept.
    #[error("data[{place}].{fault}")]
    Message {
        /// Which of those that were sent, from 0.
        place: usize,
        /// What is wrong with it.
        fault: Fault,
    },
    /// More was sent than is taken at once.
    #[error("{what}: at most {most} at once")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many at most.
        most: usize,
    },
    /// It stands otherwise by now.
    #[error("version: it has changed since it was looked at")]
    Conflict,
    /// A day that cannot be compared yet.
    #[error("day: must be a day up to today, and at most 400 days ago")]
    Day,
    /// The counterpart does not answer.
    #[error("the counterpart does not answer: {0}")]
    Silent(String),
    /// The packs or the configuration contradict themselves.
    #[error("{file}: {reason}")]
    Pack {
        /// Which file or setting.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Cases refuse or fail.
    #[error(transparent)]
    Cases(#[from] dinh_casework::Error),
    /// What is kept cannot be read.
    #[error(transparent)]
    Damaged(#[from] dinh_context::fields::Damaged),
    /// The door refuses or fails.
    #[error(transparent)]
    Door(#[from] dinh_context::Error),
}
