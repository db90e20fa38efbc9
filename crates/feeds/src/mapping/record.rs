//! Records: what every source hands over, whatever its format.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Where a record came from: a file and a row, a topic, an item of a list. For people who look for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The file, topic or address.
    pub place: Option<Arc<str>>,
    /// The row or item, counted from 1 as people count; in a CSV file the header is row 1.
    pub row: Option<u64>,
}

impl Position {
    /// Row `row` of `place`.
    pub fn row(place: &Arc<str>, row: u64) -> Self {
        Self { place: Some(Arc::clone(place)), row: Some(row) }
    }

    /// A place without rows.
    pub fn place(place: impl Into<Arc<str>>) -> Self {
        Self { place: Some(place.into()), row: None }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.place, self.row) {
            (Some(place), Some(row)) => write!(f, "{place}:{row}"),
            (Some(place), None) => write!(f, "{place}"),
            (None, Some(row)) => write!(f, "{row}"),
            (None, None) => Ok(()),
        }
    }
}

/// How a recorded instant is moved to the present.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replayed {
    /// When it was observed in truth.
    pub recorded: Timestamp,
    /// When it is played.
    pub played: Timestamp,
    /// When the round of the recording that it belongs to began, or would have begun, to be played. Recorded times of
    /// different rounds cannot be compared: between them the recording jumps back to its beginning.
    pub round: Timestamp,
    /// How many recorded seconds pass in one second.
    pub speed: f64,
}

impl Replayed {
    /// An instant of the recording, moved by as much.
    pub fn shift(&self, instant: Timestamp) -> Timestamp {
        self.played.plus_micros(instant.micros_since(self.recorded))
    }

    /// The instant of the recording that is played at `instant`, if it goes on as it does at this record.
    pub fn recorded_at(&self, instant: Timestamp) -> Timestamp {
        let elapsed = instant.micros_since(self.played);
        if self.speed.to_bits() == 1f64.to_bits() {
            return self.recorded.plus_micros(elapsed);
        }
        // To the second: instants played fast are rounded, and hours must stay whole.
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "saturates")]
        let seconds = (elapsed as f64 * self.speed / 1e6).round() as i64;
        self.recorded.plus_micros(seconds.saturating_mul(1_000_000))
    }

    /// The instant of the recording that was moved to `shifted`.
    pub fn unshift(&self, shifted: Timestamp) -> Timestamp {
        self.recorded.plus_micros(shifted.micros_since(self.played))
    }
}

/// One record: named fields. Fields whose names begin with `$` are added by the source and say where the record
/// came from: `$file`, `$topic`, `$topic.0` (first level), `$table`, `$value` (a payload that is no object).
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The fields, always an object.
    fields: Json,
    /// Where it came from.
    pub position: Position,
    /// Set where the record is played from a recording.
    pub replayed: Option<Replayed>,
}

impl Record {
    /// A record of named fields.
    pub fn new(fields: Map<String, Json>, position: Position) -> Self {
        Self { fields: Json::Object(fields), position, replayed: None }
    }

    /// A record of a JSON value: an object as it is, anything else as the field `$value`.
    pub fn of_json(value: Json, position: Position) -> Self {
        match value {
            Json::Object(fields) => Self::new(fields, position),
            other => Self::new(Map::from_iter([("$value".to_owned(), other)]), position),
        }
    }

    /// The fields as JSON, for the dead letters.
    pub fn as_json(&self) -> &Json {
        &self.fields
    }

    /// Adds a field.
    pub fn set(&mut self, name: &str, value: Json) {
        if let Json::Object(fields) = &mut self.fields {
            fields.insert(name.to_owned(), value);
        }
    }

    /// A field by name, or by JSON pointer where the name begins with `/`. A null counts as absent.
    pub fn get(&self, field: &str) -> Option<&Json> {
        let value = if field.starts_with('/') { self.fields.pointer(field) } else { self.fields.get(field) };
        value.filter(|value| !value.is_null())
    }

    /// A field as text, trimmed; `None` when it is absent, empty, a list or an object.
    pub fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        self.get(field).and_then(scalar).filter(|text| !text.is_empty())
    }
}

/// A scalar as trimmed text.
pub(crate) fn scalar(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::String(text) => Some(Cow::Borrowed(text.trim())),
        Json::Number(number) => Some(Cow::Owned(number.to_string())),
        Json::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
