//! How the bytes of a source are cut into records.

use serde::{Deserialize, Serialize};

use super::DefinitionError;
use super::read::Section;

/// A format of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Comma-separated values with a header row (RFC 4180).
    Csv,
    /// One JSON document: an object, or an array of objects.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// A GeoJSON FeatureCollection (RFC 7946); a record holds the properties and `geometry`.
    Geojson,
    /// A sheet of an Excel workbook with a header row.
    Xlsx,
}

impl Format {
    /// The format that a file name promises.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        Some(match name.rsplit_once('.')?.1 {
            "csv" | "tsv" | "txt" => Self::Csv,
            "json" => Self::Json,
            "ndjson" | "jsonl" => Self::Ndjson,
            "geojson" => Self::Geojson,
            "xlsx" => Self::Xlsx,
            _ => return None,
        })
    }

    /// The format that a media type promises.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match essence.as_str() {
            "text/csv" | "text/tab-separated-values" => Self::Csv,
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Self::Ndjson,
            "application/geo+json" => Self::Geojson,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Self::Xlsx,
            json if json == "application/json" || json.ends_with("+json") => Self::Json,
            _ => return None,
        })
    }
}

/// Keys of `[source]` that say how bytes are cut into records.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatDefinition {
    /// The format; unset, it follows from the file's name or the media type.
    pub format: Option<Format>,
    /// CSV: the character between fields, `,` unless told.
    pub delimiter: Option<char>,
    /// Character encoding of texts that are neither UTF-8 nor marked UTF-16, e.g. `windows-1258`.
    pub encoding: Option<String>,
    /// JSON: pointer to the array of records within the document.
    pub items: Option<String>,
    /// XLSX: name of the sheet, the first one unless told.
    pub sheet: Option<String>,
    /// CSV, XLSX: the row that holds the headers, counted from 1.
    pub header_row: Option<u32>,
    /// Most bytes of one file or answer, 64 MiB unless told, at most 512 MiB.
    pub max_bytes: Option<u64>,
}

/// The keys above, as they are written.
pub(super) const KEYS: [&str; 7] =
    ["format", "delimiter", "encoding", "items", "sheet", "header_row", "max_bytes"];

/// Most bytes of one file or answer unless told.
const DEFAULT_BYTES: u64 = 64 << 20;
/// Most bytes that a definition may ask for.
const MAX_BYTES: u64 = 512 << 20;

impl FormatDefinition {
    /// Most bytes of one file or answer.
    pub fn most_bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(DEFAULT_BYTES)
    }

    pub(super) fn read(section: Section<'_>) -> Result<Self, DefinitionError> {
        let at = Section { file: section.file, key: section.key.clone(), table: toml::Table::new() };
        let format: Self = section.read()?;
        if format.delimiter.is_some_and(|c| !c.is_ascii()) {
            return Err(at.refuse("delimiter", "must be one ASCII character"));
        }
        if let Some(label) = &format.encoding
            && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
        {
            return Err(at.refuse(
                "encoding",
                format!("{label:?} is not a known encoding; examples: \"windows-1258\", \"utf-16le\""),
            ));
        }
        if format.items.as_ref().is_some_and(|pointer| !pointer.starts_with('/')) {
            return Err(at.refuse("items", "must be a JSON pointer beginning with '/', as in \"/data/rows\""));
        }
        if format.header_row == Some(0) {
            return Err(at.refuse("header_row", "counts from 1"));
        }
        if format.max_bytes.is_some_and(|bytes| bytes > MAX_BYTES) {
            return Err(at.refuse("max_bytes", format!("must be at most {MAX_BYTES}")));
        }
        Ok(format)
    }
}
