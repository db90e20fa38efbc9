//! The tables of a GTFS feed: files in a folder of the pack, or in a zip file.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use crate::definition::FormatDefinition;
use crate::files::PackFiles;
use crate::formats::{FormatError, Rows, decode, too_large};
use crate::text::hex_digest;

/// Most bytes of all tables together.
const MAX_BYTES: u64 = 512 << 20;
/// The tables that are read; others are let lie.
const TABLES: [&str; 9] = [
    "agency.txt",
    "stops.txt",
    "routes.txt",
    "trips.txt",
    "stop_times.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "shapes.txt",
    "frequencies.txt",
];

/// The tables of a feed, by file name.
pub(crate) struct Archive(BTreeMap<String, Vec<u8>>);

impl Archive {
    /// Opens a folder or a zip file of a pack.
    pub(crate) fn open(files: &dyn PackFiles, path: &str) -> Result<Self, FormatError> {
        let path = path.trim_end_matches('/');
        if is_zip(path) {
            let bytes = files.read(path).map_err(|reason| unreadable(&reason))?;
            return Self::unzip(&bytes);
        }
        let mut tables = BTreeMap::new();
        let mut left = MAX_BYTES;
        for file in files.list(path) {
            let name = file.rsplit('/').next().unwrap_or(&file);
            if TABLES.contains(&name) {
                let bytes = files.read(&file).map_err(|reason| unreadable(&reason))?.into_owned();
                left = left.checked_sub(length(&bytes)).ok_or_else(|| too_large(MAX_BYTES))?;
                tables.insert(name.to_owned(), bytes);
            }
        }
        Self::of(tables)
    }

    fn unzip(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|reason| unreadable(&reason))?;
        let mut tables = BTreeMap::new();
        let mut left = MAX_BYTES;
        for index in 0..archive.len().min(1_000) {
            let mut file = archive.by_index(index).map_err(|reason| unreadable(&reason))?;
            let path = file.name().map_err(|reason| unreadable(&reason))?.into_owned();
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            if TABLES.contains(&name.as_str()) && !tables.contains_key(&name) {
                let mut bytes = Vec::new();
                file.by_ref().take(left + 1).read_to_end(&mut bytes).map_err(|reason| unreadable(&reason))?;
                left = left.checked_sub(length(&bytes)).ok_or_else(|| too_large(MAX_BYTES))?;
                tables.insert(name, bytes);
            }
        }
        Self::of(tables)
    }

    fn of(tables: BTreeMap<String, Vec<u8>>) -> Result<Self, FormatError> {
        for needed in ["agency.txt", "stops.txt", "routes.txt", "trips.txt"] {
            if !tables.contains_key(needed) {
                return Err(FormatError::new(
                    format!("bộ dữ liệu GTFS thiếu {needed}"),
                    format!("the GTFS feed has no {needed}"),
                ));
            }
        }
        Ok(Self(tables))
    }

    /// A hash of all tables.
    pub(crate) fn hash(&self) -> String {
        let parts: Vec<&[u8]> =
            self.0.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]).collect();
        hex_digest(&parts)
    }

    /// The rows of a table, taken out; `None` if the feed has no such table.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<Rows>, FormatError> {
        let Some(bytes) = self.0.remove(name) else { return Ok(None) };
        let place: Arc<str> = name.into();
        let how = FormatDefinition::default();
        Rows::new(decode(bytes, None)?, &place, &how).map(Some).map_err(|FormatError(reason)| {
            FormatError::new(format!("{name}: {}", reason.vi), format!("{name}: {}", reason.en))
        })
    }
}

fn is_zip(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("zip"))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn unreadable(reason: &dyn std::fmt::Display) -> FormatError {
    FormatError::new(
        format!("không đọc được bộ dữ liệu GTFS: {reason}"),
        format!("the GTFS feed cannot be read: {reason}"),
    )
}
