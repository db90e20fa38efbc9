//! Sources of data and their health.

use serde::Serialize;

use super::{Age, State};

/// One source.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Source {
    /// `pack/feed`.
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) kind: String,
    pub(crate) owner: String,
    pub(crate) licence: String,
    pub(crate) state: State,
    pub(crate) last_message: Age,
    pub(crate) rate: String,
    pub(crate) lag: String,
    pub(crate) accepted: String,
    pub(crate) rejected: String,
    pub(crate) has_rejected: bool,
    pub(crate) last_error: Option<String>,
}

/// A record that was not accepted.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Letter {
    pub(crate) id: String,
    /// Where the form goes.
    pub(crate) action: String,
    pub(crate) reason: String,
    /// When it was refused.
    pub(crate) at: String,
    pub(crate) record: String,
    /// Lines of the field.
    pub(crate) rows: usize,
}

/// What became of a form.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// `ok` or `danger`.
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}
