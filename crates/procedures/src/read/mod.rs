//! Records of the national list, read.
//!
//! Two forms are understood, packed with gzip or not: lines (or an array) of records as the public portal shows them,
//! with Vietnamese names of fields (`ma_thu_tuc` …), and answers of the national API `LayThuTuc` (`MATTHC` …). A record
//! that cannot be read is refused with its place, field and rule, and stops nothing else.

mod acts;
mod channels;
mod documents;
mod fault;
mod forms;
mod lists;
mod national;
mod portal;
mod results;
mod steps;
#[cfg(test)]
mod tests;
mod text;

pub use fault::{FileFault, Refused};

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read as _;

use serde_json::Value as Json;

use crate::{Procedure, content_hash};
use fault::Fault;

/// Largest file, unpacked, in bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// Most records of a file. The national list has some 4,000.
pub const MAX_RECORDS: usize = 50_000;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Reading {
    /// The records that could be read, in the order of the file.
    pub records: Vec<Record>,
    /// Those that could not.
    pub refused: Vec<Refused>,
}

/// A record that could be read.
#[derive(Debug)]
pub struct Record {
    /// What it says.
    pub procedure: Procedure,
    /// Hash of its content, the same for the same record whenever it is read.
    pub hash: String,
}

/// Reads a file.
///
/// # Errors
/// A file that is not readable as a whole: too large, no text, not JSON, too many records.
pub fn read(bytes: &[u8]) -> Result<Reading, FileFault> {
    let bytes = unpack(bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_place| FileFault::NoText)?;
    let mut reading = Reading::default();
    let mut seen = HashSet::new();
    let mut place = 0;
    each(text.trim_start_matches('\u{feff}'), &mut |record| {
        place += 1;
        if place > MAX_RECORDS {
            return Err(FileFault::TooMany(MAX_RECORDS));
        }
        match record.and_then(|record| one(&record)) {
            Ok(record) if !seen.insert(record.procedure.code.clone()) => {
                let code = record.procedure.code.to_string();
                let fault = Fault::new("code", format!("{code} stands in an earlier record of this file"));
                reading.refused.push(fault.at(place, Some(code)));
            }
            Ok(record) => reading.records.push(record),
            Err(fault) => reading.refused.push(fault.clone().at(place, fault.code)),
        }
        Ok(())
    })?;
    if place == 0 {
        return Err(FileFault::Empty);
    }
    Ok(reading)
}

fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, FileFault> {
    let too_large = FileFault::TooLarge(MAX_BYTES);
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return if bytes.len() > MAX_BYTES { Err(too_large) } else { Ok(Cow::Borrowed(bytes)) };
    }
    let mut unpacked = Vec::new();
    let bound = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::MultiGzDecoder::new(bytes)
        .take(bound)
        .read_to_end(&mut unpacked)
        .map_err(|error| FileFault::Packed(error.to_string()))?;
    if unpacked.len() > MAX_BYTES { Err(too_large) } else { Ok(Cow::Owned(unpacked)) }
}

type Hand<'h> = dyn FnMut(Result<Json, Fault>) -> Result<(), FileFault> + 'h;

/// Hands over each record of the text.
fn each(text: &str, hand: &mut Hand<'_>) -> Result<(), FileFault> {
    let text = text.trim();
    let first = text.lines().next().unwrap_or_default();
    let is_lines = first.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
    if is_lines && text.len() > first.len() {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            hand(
                serde_json::from_str(line)
                    .map_err(|error| Fault::new("record", format!("is not JSON: {error}"))),
            )?;
        }
        return Ok(());
    }
    if text.is_empty() {
        return Ok(());
    }
    let whole: Json = serde_json::from_str(text).map_err(|error| FileFault::NotJson(error.to_string()))?;
    let records = match whole {
        Json::Object(mut answer) => match answer.remove("result") {
            Some(Json::Array(records)) => records,
            Some(record) => vec![record],
            None => vec![Json::Object(answer)],
        },
        Json::Array(records) => records,
        other => vec![other],
    };
    records.into_iter().try_for_each(|record| hand(Ok(record)))
}

/// Reads one record.
fn one(record: &Json) -> Result<Record, Fault> {
    let procedure = if record.get("MATTHC").is_some() {
        national::read(record)
    } else if record.get("ma_thu_tuc").is_some() {
        portal::read(record)
    } else {
        Err(Fault::new(
            "record",
            "has neither MATTHC nor ma_thu_tuc: it is no record of a procedure".to_owned(),
        ))
    }?;
    Ok(Record { procedure, hash: content_hash(record) })
}
