//! Excel workbooks (XLSX).
//!
//! Cells are streamed: a workbook may claim a cell in its last row and column, and a table of everything between
//! would not fit any memory.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader as _, Xlsx};
use serde_json::Value as Json;

use super::{FormatError, Items, too_large};
use crate::definition::FormatDefinition;
use crate::mapping::{Position, Record};

/// Most rows read of one sheet.
const MAX_ROWS: usize = 1_000_000;
/// Most columns read.
const MAX_COLUMNS: u32 = 2_000;
/// A workbook may unpack to so many times the largest file allowed.
const MAX_EXPANSION: u128 = 8;

/// A row with its number counted from 1, and its cells by column.
type Row = (u32, Vec<(u32, Json)>);

/// The rows of a sheet below its header row.
pub(super) fn rows(bytes: Vec<u8>, place: &Arc<str>, how: &FormatDefinition) -> Result<Items, FormatError> {
    check_size(&bytes, how.most_bytes())?;
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let name = match &how.sheet {
        Some(name) => name.clone(),
        None => workbook.sheet_names().first().cloned().ok_or_else(|| unreadable("no sheet"))?,
    };
    let rows = read(&mut workbook, &name)?;
    let header_row = how.header_row.unwrap_or(1);
    let mut rows = rows.into_iter().skip_while(move |(number, _)| *number < header_row);
    let headers = match rows.next() {
        Some((number, cells)) if number == header_row => headers(cells)?,
        _ => return Err(FormatError::new("thiếu hàng tiêu đề", "the header row is missing")),
    };
    let place: Arc<str> = format!("{place}[{name}]").into();
    Ok(Box::new(rows.map(move |(number, cells)| {
        let named = cells.into_iter().filter_map(|(column, value)| {
            let at = headers.binary_search_by_key(&column, |(column, _)| *column).ok()?;
            headers.get(at).map(|(_, header)| (header.clone(), value))
        });
        Ok(Record::new(named.collect(), Position::row(&place, u64::from(number))))
    })))
}

fn read(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<Vec<Row>, FormatError> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let Some(value) = json(cell.get_value()) else { continue };
        if column >= MAX_COLUMNS {
            return Err(FormatError::new(
                format!("có hơn {MAX_COLUMNS} cột"),
                format!("there are more than {MAX_COLUMNS} columns"),
            ));
        }
        let full = rows.len() >= MAX_ROWS;
        match rows.last_mut() {
            Some((number, cells)) if *number == row + 1 => cells.push((column, value)),
            _ if full => {
                return Err(FormatError::new(
                    format!("có hơn {MAX_ROWS} hàng"),
                    format!("there are more than {MAX_ROWS} rows"),
                ));
            }
            _ => rows.push((row + 1, vec![(column, value)])),
        }
    }
    Ok(rows)
}

fn headers(cells: Vec<(u32, Json)>) -> Result<Vec<(u32, String)>, FormatError> {
    let mut headers: Vec<(u32, String)> = Vec::with_capacity(cells.len());
    for (column, value) in cells {
        let Some(name) = crate::mapping::scalar(&value) else { continue };
        if headers.iter().any(|(_, other)| *other == name) {
            return Err(FormatError::new(
                format!("tiêu đề cột “{name}” bị lặp"),
                format!("the column header {name:?} appears twice"),
            ));
        }
        headers.push((column, name.into_owned()));
    }
    headers.sort_by_key(|(column, _)| *column);
    if headers.is_empty() {
        return Err(FormatError::new("thiếu hàng tiêu đề", "the header row is missing"));
    }
    Ok(headers)
}

/// A cell as JSON; dates as local times without a zone, which the definition names.
fn json(value: &DataRef<'_>) -> Option<Json> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => Json::from(*number),
        DataRef::Float(number) => Json::from(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Json::String(text.clone())
        }
        DataRef::SharedString(text) => Json::String((*text).to_owned()),
        DataRef::Bool(truth) => Json::Bool(*truth),
        DataRef::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _millis) = time.to_ymd_hms_milli();
            Json::String(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
        }
        DataRef::DateTime(time) => Json::from(time.as_f64()),
        // `#N/A` and the like: kept as text, so that a number rule names it and a missing rule can let it pass.
        DataRef::Error(error) => Json::String(error.to_string()),
    })
}

/// Refuses workbooks that claim to unpack to many times their size.
fn check_size(bytes: &[u8], most: u64) -> Result<(), FormatError> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    match archive.decompressed_size() {
        Some(size) if size > u128::from(most).saturating_mul(MAX_EXPANSION) => Err(too_large(most)),
        _ => Ok(()),
    }
}

fn unreadable(reason: impl std::fmt::Display) -> FormatError {
    FormatError::new(
        format!("không đọc được sổ tính XLSX: {reason}"),
        format!("the XLSX workbook cannot be read: {reason}"),
    )
}
