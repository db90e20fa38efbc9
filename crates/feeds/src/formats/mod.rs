//! Formats: from bytes to records, one at a time.
//!
//! What cannot be read at all is a [`FormatError`]; a broken row is a [`Broken`] record among good ones, with its
//! row number and its raw text, and never stops the rows behind it.

mod delimited;
mod document;
mod encoding;
mod sheet;

use std::io::Read as _;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::Words;
use crate::definition::{Format, FormatDefinition};
use crate::mapping::{Fault, Position, Record, Rejection};
use crate::text::excerpt;

pub(crate) use delimited::Rows;
pub(crate) use encoding::decode;

/// Why bytes could not be cut into records at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct FormatError(pub Words);

impl FormatError {
    pub(crate) fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Words::new(vi, en))
    }
}

/// A row that is no record.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// Where it is.
    pub position: Position,
    /// Why.
    pub rejection: Rejection,
    /// What it says, as far as it is worth keeping.
    pub raw: Json,
}

/// Longest raw text of a broken row that is kept, in characters.
const MAX_RAW: usize = 16 << 10;

impl Broken {
    pub(crate) fn new(position: Position, reason: Words, raw: &str) -> Self {
        Self {
            position,
            rejection: Rejection::new("record", &Fault::Unreadable(reason)),
            raw: Json::String(excerpt(raw, MAX_RAW)),
        }
    }
}

/// A record, or a row that is none.
pub type Item = Result<Record, Box<Broken>>;

/// Records in the order of the file.
pub type Items = Box<dyn Iterator<Item = Item> + Send>;

/// Cuts bytes into records. `place` names them for people, e.g. the file's name.
pub fn records(
    bytes: Vec<u8>,
    place: &Arc<str>,
    format: Format,
    how: &FormatDefinition,
) -> Result<Items, FormatError> {
    let bytes = gunzip(bytes, how.most_bytes())?;
    let text = |bytes| decode(bytes, how.encoding.as_deref());
    Ok(match format {
        Format::Csv => Box::new(Rows::new(text(bytes)?, place, how)?),
        Format::Json => document::json(&text(bytes)?, place, how.items.as_deref())?,
        Format::Ndjson => document::lines(text(bytes)?, place),
        Format::Geojson => document::geojson(&text(bytes)?, place)?,
        Format::Xlsx => sheet::rows(bytes, place, how)?,
    })
}

/// Bytes as they were before gzip, if they were gzipped.
pub(crate) fn gunzip(bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, FormatError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(most.saturating_add(1));
    reader.read_to_end(&mut plain).map_err(|reason| {
        FormatError::new(
            format!("không giải nén được tệp gzip: {reason}"),
            format!("the gzip file cannot be unpacked: {reason}"),
        )
    })?;
    if u64::try_from(plain.len()).unwrap_or(u64::MAX) > most {
        return Err(too_large(most));
    }
    Ok(plain)
}

/// More bytes than `most`.
pub(crate) fn too_large(most: u64) -> FormatError {
    FormatError::new(
        format!("nội dung lớn hơn giới hạn {most} byte (max_bytes)"),
        format!("the content is larger than the limit of {most} bytes (max_bytes)"),
    )
}
