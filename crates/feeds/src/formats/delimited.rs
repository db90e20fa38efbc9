//! CSV (RFC 4180), read row by row so that a stray quote costs one row and not the rest of the file.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Broken, FormatError, Item};
use crate::Words;
use crate::definition::FormatDefinition;
use crate::mapping::{Position, Record};

/// Most lines that one quoted field may span.
const MAX_LINES: usize = 32;
/// Longest row in bytes.
const MAX_ROW: usize = 256 << 10;
/// Most columns.
const MAX_COLUMNS: usize = 2_000;

/// The rows of a text.
pub(crate) struct Rows {
    text: String,
    at: usize,
    line: u64,
    headers: Vec<String>,
    delimiter: char,
    place: Arc<str>,
}

impl Rows {
    /// Reads the header row.
    pub(crate) fn new(text: String, place: &Arc<str>, how: &FormatDefinition) -> Result<Self, FormatError> {
        let delimiter = how.delimiter.unwrap_or(',');
        let mut rows =
            Self { text, at: 0, line: 0, headers: Vec::new(), delimiter, place: Arc::clone(place) };
        for _skipped in 1..how.header_row.unwrap_or(1) {
            rows.take_line();
        }
        let header = rows.take_line().unwrap_or_default();
        let mut headers = split_row(&header, delimiter).map_err(|reason| FormatError(reason.words()))?;
        for header in &mut headers {
            *header = header.trim().to_owned();
        }
        check_headers(&headers)?;
        rows.headers = headers;
        Ok(rows)
    }

    fn take_line(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        let (line, length) = match rest.find('\n') {
            Some(end) => (rest.get(..end)?, end + 1),
            None => (rest, rest.len()),
        };
        let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
        self.at += length;
        self.line += 1;
        Some(line)
    }

    /// The rest of a row whose quoted field goes on over the end of its line. `None` if it never ends well.
    fn join_lines(&mut self, first: &str) -> Option<Vec<String>> {
        let (at, line) = (self.at, self.line);
        let mut row = first.to_owned();
        for _more in 1..MAX_LINES {
            let Some(next) = self.take_line() else { break };
            row.push('\n');
            row.push_str(&next);
            if row.len() > MAX_ROW {
                break;
            }
            if is_closed(&row)
                && let Ok(fields) = split_row(&row, self.delimiter)
                && fields.len() == self.headers.len()
            {
                return Some(fields);
            }
        }
        (self.at, self.line) = (at, line);
        None
    }

    /// The names of the columns.
    pub(crate) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Where the next row begins: a mark for [`Rows::back_to`].
    pub(crate) fn mark(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    /// Goes back to a mark.
    pub(crate) fn back_to(&mut self, (at, line): (usize, u64)) {
        self.at = at;
        self.line = line;
    }

    /// The next row: its place, and its fields or what is wrong with it.
    pub(crate) fn next_row(&mut self) -> Option<(Position, Result<Vec<String>, Broken>)> {
        loop {
            let line = self.take_line()?;
            if !line.trim().is_empty() {
                let position = Position::row(&self.place, self.line);
                let fields = self.fields(&line).map_err(|why| Broken::new(position.clone(), why, &line));
                return Some((position, fields));
            }
        }
    }

    fn fields(&mut self, line: &str) -> Result<Vec<String>, Words> {
        let expected = self.headers.len();
        if !is_closed(line) {
            return self.join_lines(line).ok_or_else(|| RowError::Quote.words());
        }
        let fields = split_row(line, self.delimiter).map_err(RowError::words)?;
        if fields.len() == expected { Ok(fields) } else { Err(wrong_count(fields.len(), expected)) }
    }
}

impl Iterator for Rows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (position, fields) = self.next_row()?;
        Some(fields.map_err(Box::new).map(|fields| {
            let named = self.headers.iter().zip(fields).filter(|(name, _)| !name.is_empty());
            let named = named.map(|(name, field)| (name.clone(), Json::String(field)));
            Record::new(named.collect(), position)
        }))
    }
}

fn check_headers(headers: &[String]) -> Result<(), FormatError> {
    if headers.iter().all(String::is_empty) {
        return Err(FormatError::new("thiếu hàng tiêu đề", "the header row is missing"));
    }
    if headers.len() > MAX_COLUMNS {
        return Err(FormatError::new(
            format!("có hơn {MAX_COLUMNS} cột"),
            format!("there are more than {MAX_COLUMNS} columns"),
        ));
    }
    let mut seen = HashSet::new();
    match headers.iter().find(|header| !header.is_empty() && !seen.insert(header.as_str())) {
        None => Ok(()),
        Some(twice) => Err(FormatError::new(
            format!("tiêu đề cột “{twice}” bị lặp"),
            format!("the column header {twice:?} appears twice"),
        )),
    }
}

fn wrong_count(found: usize, expected: usize) -> Words {
    Words::new(
        format!("hàng có {found} cột, tiêu đề có {expected} cột"),
        format!("the row has {found} fields, the header has {expected}"),
    )
}

/// True if every quote of the text has its partner.
fn is_closed(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'"').count() % 2 == 0
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowError {
    /// A quote without a partner, or text behind a closing quote.
    Quote,
    /// Longer than [`MAX_ROW`].
    TooLong,
}

impl RowError {
    fn words(self) -> Words {
        match self {
            Self::Quote => Words::new("dấu nháy kép không khớp", "a quotation mark has no partner"),
            Self::TooLong => Words::new(
                format!("hàng dài hơn {MAX_ROW} byte"),
                format!("the row is longer than {MAX_ROW} bytes"),
            ),
        }
    }
}

/// The fields of one row.
fn split_row(row: &str, delimiter: char) -> Result<Vec<String>, RowError> {
    if row.len() > MAX_ROW {
        return Err(RowError::TooLong);
    }
    let mut fields = Vec::new();
    let mut rest = row;
    loop {
        let (field, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted_field(quoted)?
        } else {
            let end = rest.find(delimiter).unwrap_or(rest.len());
            let (field, after) = rest.split_at(end);
            (field.to_owned(), after)
        };
        fields.push(field);
        match after.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err(RowError::Quote),
        }
    }
}

fn quoted_field(text: &str) -> Result<(String, &str), RowError> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"').ok_or(RowError::Quote)?;
        let (part, after) = rest.split_at(end);
        field.push_str(part);
        let after = after.strip_prefix('"').unwrap_or(after);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => return Ok((field, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The row of some fields, quoted where they need it.
    fn write_row(fields: &[&str], delimiter: char) -> String {
        let quote = |field: &&str| {
            if field.contains([delimiter, '"', '\n', '\r']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                (*field).to_owned()
            }
        };
        fields.iter().map(quote).collect::<Vec<_>>().join(&delimiter.to_string())
    }

    fn rows(text: &str) -> Vec<Item> {
        let place: Arc<str> = "x.csv".into();
        Rows::new(text.to_owned(), &place, &FormatDefinition::default()).unwrap().collect()
    }

    #[test]
    fn a_broken_row_costs_itself_only() {
        let text = "a,b\r\n1,\"x,\"\"y\"\"\"\n2\n3,\"open\n4,ok\n\n5,\"two\nlines\"\n6,a,b\n7,z";
        let found = rows(text);
        let describe = |item: &Item| match item {
            Ok(record) => {
                format!("{} {}", record.position, record.text("b").unwrap_or_default())
            }
            Err(broken) => format!("{} ! {}", broken.position, broken.rejection.reason.en),
        };
        let found: Vec<String> = found.iter().map(describe).collect();
        assert_eq!(
            found,
            [
                "x.csv:2 x,\"y\"",
                "x.csv:3 ! the row has 1 fields, the header has 2",
                "x.csv:4 ! a quotation mark has no partner",
                "x.csv:5 ok",
                "x.csv:7 two\nlines",
                "x.csv:9 ! the row has 3 fields, the header has 2",
                "x.csv:10 z",
            ]
        );
    }

    #[test]
    fn refuses_headers_that_name_nothing_or_twice() {
        for bad in ["", ",,\n1,2,3", "a,a\n1,2", "\"a\n1"] {
            let place: Arc<str> = "x".into();
            assert!(Rows::new(bad.to_owned(), &place, &FormatDefinition::default()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fields in prop::collection::vec("[^\r]{0,12}", 1..6)) {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            prop_assert_eq!(split_row(&write_row(&fields, ';'), ';').unwrap(), fields);
        }

        #[test]
        fn any_text_is_read_to_its_end(text in "(?s).{0,400}") {
            let place: Arc<str> = "x".into();
            if let Ok(rows) = Rows::new(text, &place, &FormatDefinition::default()) {
                prop_assert!(rows.count() <= 401);
            }
        }
    }
}
