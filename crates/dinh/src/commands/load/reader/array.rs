//! A JSON array of any length, cut into its elements without reading it whole. A broken element stands alone as long
//! as its brackets and quotes match; an array that ends early is one refused record.

use std::io::BufRead;

use serde::de::IgnoredAny;

use super::Visit;
use super::lines::entry;
use crate::commands::load::entry::{Entry, MAX_RECORD};
use crate::said::{OrSay as _, Words, both};

/// Characters kept of an element that is too long.
const KEPT: usize = 1000;

/// Reads the elements of the array that `reader` begins with.
pub(super) fn each(mut reader: impl BufRead, visit: Visit<'_>) -> anyhow::Result<()> {
    let mut scanner = Scanner::default();
    scanner.scan(&mut reader)?;
    scanner.element.clear();
    let mut place = 0;
    loop {
        place += 1;
        let Some(end) = scanner.scan(&mut reader)? else {
            if serde_json::from_slice::<IgnoredAny>(&scanner.element).is_ok() {
                if visit(scanner.take(place)).is_break() {
                    return Ok(());
                }
                place += 1;
            }
            let reason = "tệp hết trước khi mảng kết thúc; có phần bị thiếu · the file ends before its array ends; something of it is missing";
            let _nothing_follows = visit(Entry::refused(place, reason, &begin(&scanner.element)));
            return Ok(());
        };
        let is_empty = scanner.element.trim_ascii().is_empty();
        let is_last = end == End::Close;
        if !(is_empty && is_last && place == 1) && visit(scanner.take(place)).is_break() {
            return Ok(());
        }
        if is_last {
            break;
        }
    }
    scanner.scan(&mut reader)?;
    if !scanner.element.trim_ascii().is_empty() {
        let reason = "phần này đứng sau chỗ mảng kết thúc nên không được đọc · this follows after the end of the array and was not read";
        let _nothing_follows = visit(Entry::refused(place + 1, reason, &begin(&scanner.element)));
    }
    Ok(())
}

/// The beginning of what cannot be read.
fn begin(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..KEPT.min(bytes.len())).unwrap_or_default()).into_owned()
}

/// At what a scan has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The `[` of the array.
    Open,
    /// A comma between elements.
    Comma,
    /// The `]` of the array.
    Close,
}

/// What a byte is part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// The structure of the document.
    #[default]
    Structure,
    /// A text in quotes.
    Text,
    /// A text in quotes, just behind a backslash.
    Escape,
}

#[derive(Default)]
struct Scanner {
    element: Vec<u8>,
    depth: usize,
    inside: Inside,
    too_long: bool,
    is_over: bool,
}

impl Scanner {
    /// Reads on to the next bracket or comma of the array itself; `None` at the end of the file.
    fn scan(&mut self, reader: &mut impl BufRead) -> anyhow::Result<Option<End>> {
        loop {
            let part =
                reader.fill_buf().or_say(|| Words::new("không đọc được tệp", "cannot read the file"))?;
            if part.is_empty() {
                return Ok(None);
            }
            let found = part.iter().enumerate().find_map(|(at, byte)| Some((at, self.step(*byte)?)));
            let (kept, read, end) = match found {
                // After the array every opening bracket is one more thing that follows.
                Some((at, End::Open)) if self.is_over => (at + 1, at + 1, Some(End::Open)),
                Some((at, end)) => (at, at + 1, Some(end)),
                None => (part.len(), part.len(), None),
            };
            self.keep(part.get(..kept).unwrap_or_default());
            reader.consume(read);
            if end.is_some() {
                return Ok(end);
            }
        }
    }

    fn step(&mut self, byte: u8) -> Option<End> {
        if self.inside != Inside::Structure {
            self.inside = match (self.inside, byte) {
                (Inside::Text, b'\\') => Inside::Escape,
                (Inside::Text, b'"') => Inside::Structure,
                _ => Inside::Text,
            };
            return None;
        }
        match byte {
            b'"' => self.inside = Inside::Text,
            b'[' | b'{' => {
                self.depth += 1;
                return (self.depth == 1).then_some(End::Open);
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_over |= self.depth == 0;
                return (self.depth == 0).then_some(End::Close);
            }
            b',' if self.depth == 1 => return Some(End::Comma),
            _ => {}
        }
        None
    }

    fn keep(&mut self, part: &[u8]) {
        let room = MAX_RECORD.saturating_sub(self.element.len());
        self.too_long |= part.len() > room;
        self.element.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
    }

    /// The element that has just ended.
    fn take(&mut self, place: u64) -> Entry {
        let element = std::mem::take(&mut self.element);
        if std::mem::take(&mut self.too_long) {
            let reason = Words::new(
                format!("phần tử dài hơn {MAX_RECORD} byte, mức nhiều nhất của một bản ghi"),
                format!("the element is longer than {MAX_RECORD} bytes, the most for one record"),
            );
            return Entry::refused(place, both(&reason), &begin(&element));
        }
        match std::str::from_utf8(&element) {
            Ok(text) => entry(place, &Words::new("phần tử", "element"), text),
            Err(_not_text) => Entry::refused(
                place,
                "phần tử không phải là UTF-8 · the element is not UTF-8",
                &begin(&element),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;
    use std::ops::ControlFlow;

    use super::*;
    use crate::commands::load::entry::Content;

    fn read(content: &str) -> (Vec<Result<String, String>>, Result<(), String>) {
        let mut seen = Vec::new();
        let end = each(BufReader::with_capacity(3, content.as_bytes()), &mut |entry| {
            seen.push(match entry.content {
                Content::Entity(entity) => Ok(entity.id),
                Content::Refused { reason, .. } => Err(reason),
            });
            ControlFlow::Continue(())
        });
        (seen, end.map_err(|error| error.to_string()))
    }

    #[test]
    fn elements_are_cut_whatever_their_texts_hold() {
        let (seen, end) = read(
            " [ {\"id\": \"urn:x:1\", \"t\": \"a],\\\"{\"},\n{\"id\": \"urn:x:2\", \"l\": [[1, 2], {}]} ] \n",
        );
        assert_eq!((seen, end), (vec![Ok("urn:x:1".to_owned()), Ok("urn:x:2".to_owned())], Ok(())));
        assert_eq!(read("[]"), (Vec::new(), Ok(())));
    }

    #[test]
    fn a_broken_element_stands_alone() {
        let (seen, end) = read("[{\"id\": nope}, 7, , {\"id\": \"urn:x:2\"}]");
        assert!(seen[0].as_ref().is_err_and(|why| why.contains("not JSON")), "{seen:?}");
        assert!(seen[1].as_ref().is_err_and(|why| why.contains("object")), "{seen:?}");
        assert!(seen[2].is_err());
        assert_eq!((seen[3].as_deref(), end), (Ok("urn:x:2"), Ok(())));
    }

    #[test]
    fn an_array_that_ends_early_or_not_at_all_says_so_after_what_came_before() {
        for (content, why) in [
            ("[{\"id\": \"urn:x:1\"}, {\"id\": ", "missing"),
            ("[{\"id\": \"urn:x:1\"}", "missing"),
            ("[{\"id\": \"urn:x:1\"}] {}", "follows"),
            ("[{\"id\": \"urn:x:1\"}] more", "follows"),
        ] {
            let (seen, end) = read(content);
            assert_eq!((seen.len(), end), (2, Ok(())), "{content}");
            assert!(seen[1].as_ref().is_err_and(|reason| reason.contains(why)), "{seen:?}");
        }
    }
}
