//! How the entities stand in a file that needs no map.

use std::io::BufRead;
use std::path::Path;

use crate::said::{OrSay as _, Words, said};

/// How entities stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One a line.
    Lines,
    /// In one JSON array.
    Array,
    /// One document: an entity, or JSON-LD with a `@graph`.
    Document,
}

/// Endings of files that are tables or maps, and so need a map.
const NEED_A_MAP: [&str; 8] = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "geojson", "zip"];

/// The shape of what `reader` holds, by the file's ending and its first line. Reads nothing but a byte order mark.
pub(super) fn of(reader: &mut impl BufRead, file: &Path) -> anyhow::Result<Shape> {
    let start = reader.fill_buf().or_say(unreadable)?;
    if start.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    let ending = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
    if NEED_A_MAP.contains(&ending.as_str()) {
        return Err(said(
            format!(
                "tệp .{ending} không nói bản ghi thành thực thể ra sao; hãy nêu khai báo nguồn bằng --map"
            ),
            format!(
                "a .{ending} file does not say how its records become entities; give a feed definition with --map"
            ),
        ));
    }
    if matches!(ending.as_str(), "ndjson" | "jsonl") {
        return Ok(Shape::Lines);
    }
    let start = reader.fill_buf().or_say(unreadable)?.trim_ascii_start();
    match start.first() {
        None => Err(said("tệp trống", "the file is empty")),
        Some(b'[') => Ok(Shape::Array),
        Some(b'{') => Ok(if is_whole_line(start) { Shape::Lines } else { Shape::Document }),
        Some(_) => Err(said(
            "tệp không phải là JSON; hãy nêu bằng --map một khai báo nguồn cho biết cách đọc",
            "the file is not JSON; give a feed definition with --map that says how to read it",
        )),
    }
}

fn unreadable() -> Words {
    Words::new("không đọc được tệp", "cannot read the file")
}

/// True if the first line is a whole JSON document and another follows.
fn is_whole_line(start: &[u8]) -> bool {
    let Some(end) = start.iter().position(|byte| *byte == b'\n') else { return false };
    let (line, rest) = start.split_at(end);
    !rest.trim_ascii().is_empty() && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(name: &str, content: &str) -> Result<Shape, String> {
        of(&mut content.as_bytes(), Path::new(name)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_shape_shows_in_the_ending_and_the_first_line() {
        assert_eq!(shape("a.ndjson", "{"), Ok(Shape::Lines));
        assert_eq!(shape("a.json", "\u{feff} [{}]"), Ok(Shape::Array));
        assert_eq!(shape("a.json", "{\n\"id\": 1}\n"), Ok(Shape::Document));
        assert_eq!(shape("a.jsonld", "{\"id\": 1}\n"), Ok(Shape::Document));
        assert_eq!(shape("-", "{\"id\": 1}\n{\"id\": 2}\n"), Ok(Shape::Lines));
        assert!(shape("a.csv", "id,x").expect_err("a table").contains("--map"));
        assert!(shape("a.json", "id,x").expect_err("no JSON").contains("--map"));
        assert!(shape("a.json", " ").expect_err("nothing").contains("empty"));
    }
}
