//! A recording in memory: its text, and when each of its rows was recorded.

use std::sync::Arc;

use dinh_model::Timestamp;
use serde_json::Value as Json;

use crate::definition::ReplaySource;
use crate::formats::{Broken, FormatError, Rows, decode, gunzip};
use crate::mapping::{Fault, Record, Rejection, Replayed, TimeRule};
use crate::{Words, formats};

/// Most rows of a recording.
const MAX_ROWS: usize = 2_000_000;

/// A recording. The text is kept as it is and a row is read again when it is played: that takes a tenth of the room
/// that records would take.
pub(super) struct Recording {
    rows: Rows,
    marks: Vec<(usize, u64)>,
    /// When each row was recorded, in microseconds after the first one, in order.
    pub(super) offsets: Vec<i64>,
    /// When the first row was recorded.
    pub(super) begin: Timestamp,
    /// Rows that cannot be played.
    pub(super) broken: Vec<Broken>,
}

impl Recording {
    /// Reads all rows once.
    pub(super) fn read(bytes: Vec<u8>, place: &str, source: &ReplaySource) -> Result<Self, Words> {
        let failed = |FormatError(reason): FormatError| reason;
        let bytes = gunzip(bytes, source.format.most_bytes()).map_err(failed)?;
        let text = decode(bytes, source.format.encoding.as_deref()).map_err(failed)?;
        let mut rows = Rows::new(text, &Arc::from(place), &source.format).map_err(failed)?;
        let time = time_rule(source)?;
        let mut timed: Vec<(Timestamp, (usize, u64))> = Vec::new();
        let mut broken = Vec::new();
        loop {
            let mark = rows.mark();
            let Some(item) = record(&mut rows) else { break };
            match item.and_then(|record| Ok((recorded(&record, &time)?, mark))) {
                Ok(row) => timed.push(row),
                Err(reason) => broken.push(*reason),
            }
            if timed.len() + broken.len() > MAX_ROWS {
                return Err(Words::new(
                    format!("bản ghi có hơn {MAX_ROWS} hàng"),
                    format!("the recording has more than {MAX_ROWS} rows"),
                ));
            }
        }
        timed.sort_by_key(|(at, _)| *at);
        let Some((begin, _)) = timed.first().copied() else {
            return Err(Words::new("bản ghi không có hàng nào dùng được", "the recording has no usable row"));
        };
        let offsets = timed.iter().map(|(at, _)| at.micros_since(begin)).collect();
        let marks = timed.into_iter().map(|(_, mark)| mark).collect();
        Ok(Self { rows, marks, offsets, begin, broken })
    }

    /// How long it lasts, in microseconds.
    pub(super) fn length(&self) -> i64 {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// A row, played at `played` in a round with this speed.
    pub(super) fn play(
        &mut self,
        row: usize,
        played: Timestamp,
        (round, speed): (Timestamp, f64),
    ) -> Option<formats::Item> {
        let (mark, offset) = (*self.marks.get(row)?, *self.offsets.get(row)?);
        self.rows.back_to(mark);
        let item = record(&mut self.rows)?;
        let recorded = self.begin.plus_micros(offset);
        Some(item.map(|mut record| {
            record.replayed = Some(Replayed { recorded, played, round, speed });
            record
        }))
    }
}

fn record(rows: &mut Rows) -> Option<formats::Item> {
    let (position, fields) = rows.next_row()?;
    let headers = rows.headers().iter();
    Some(fields.map_err(Box::new).map(|fields| {
        let named = headers.zip(fields).filter(|(name, _)| !name.is_empty());
        let named = named.map(|(name, field)| (name.clone(), Json::String(field)));
        Record::new(named.collect(), position)
    }))
}

fn recorded(record: &Record, time: &TimeRule) -> Result<Timestamp, Box<Broken>> {
    let broken = |field: &str, fault: &Fault| {
        Box::new(Broken {
            position: record.position.clone(),
            rejection: Rejection::new(field, fault),
            raw: record.as_json().clone(),
        })
    };
    // `now` plays no part: the rule reads a column.
    match time.read(record, Timestamp::from_micros(0)) {
        Ok(Some(at)) => Ok(at),
        Ok(None) => Err(broken("time_column", &Fault::Missing)),
        Err((field, fault)) => Err(broken(&field, &fault)),
    }
}

fn time_rule(source: &ReplaySource) -> Result<TimeRule, Words> {
    let formats: Vec<String> = source.time_format.iter().cloned().collect();
    TimeRule::field(&source.time_column, &formats, source.zone.as_deref()).map_err(|rule| {
        Words::new(
            format!("time_column hoặc zone không hợp lệ: {rule}"),
            format!("time_column or zone: {rule}"),
        )
    })
}
