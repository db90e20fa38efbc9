//! Lines: a broken one stands alone and spoils no other.

use std::io::{BufRead, Read as _};
use std::ops::ControlFlow;

use serde_json::value::RawValue;

use crate::commands::load::entry::{Entry, MAX_RECORD};
use crate::said::{OrSay as _, Words, both};

/// Characters kept of a line that cannot be read.
const KEPT: usize = 1000;
/// Why a line without text is refused.
const NOT_TEXT: &str = "dòng không phải là UTF-8 · the line is not UTF-8";

/// A line that is no text, or too long a one.
pub(in crate::commands::load) struct Fault {
    /// Why, as a sentence in both languages.
    pub(in crate::commands::load) reason: String,
    /// How it begins.
    pub(in crate::commands::load) begin: String,
}

/// Takes numbered lines; breaks when no more are wanted.
type VisitLine<'a> = &'a mut dyn FnMut(u64, Result<String, Fault>) -> ControlFlow<()>;

/// Reads the lines that are not empty, counted from 1.
pub(in crate::commands::load) fn each(mut reader: impl BufRead, visit: VisitLine<'_>) -> anyhow::Result<()> {
    for number in 1.. {
        let mut line = Vec::new();
        let most = u64::try_from(MAX_RECORD).unwrap_or(u64::MAX) + 1;
        let length = reader.by_ref().take(most).read_until(b'\n', &mut line);
        if length.or_say(|| unreadable(number))? == 0 {
            break;
        }
        let is_cut = line.len() > MAX_RECORD && line.last() != Some(&b'\n');
        if is_cut {
            skip_line(&mut reader).or_say(|| unreadable(number))?;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let line = if is_cut {
            let reason = Words::new(
                format!("dòng dài hơn {MAX_RECORD} byte, mức nhiều nhất của một bản ghi"),
                format!("the line is longer than {MAX_RECORD} bytes, the most for one record"),
            );
            Err(Fault { reason: both(&reason), begin: begin(&line) })
        } else {
            String::from_utf8(line)
                .map_err(|error| Fault { reason: NOT_TEXT.to_owned(), begin: begin(error.as_bytes()) })
        };
        if visit(number, line).is_break() {
            break;
        }
    }
    Ok(())
}

fn unreadable(number: u64) -> Words {
    Words::new(format!("không đọc được dòng {number}"), format!("cannot read line {number}"))
}

/// Passes over the rest of a line.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let rest = reader.fill_buf()?;
        let (length, is_end) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (rest.len(), rest.is_empty()),
        };
        reader.consume(length);
        if is_end {
            return Ok(());
        }
    }
}

fn begin(line: &[u8]) -> String {
    String::from_utf8_lossy(line.get(..KEPT.min(line.len())).unwrap_or_default()).into_owned()
}

/// Why `what`, a text of one line, is not JSON, with the place within it and what the parser says.
pub(in crate::commands::load) fn not_json(what: &Words, error: &serde_json::Error) -> String {
    let (Words { vi, en }, text, column) = (what, error.to_string(), error.column());
    let cause = text.rsplit_once(" at line ").map_or(text.as_str(), |(cause, _place)| cause);
    let en = format!("the {en} is not JSON at character {column}: {cause}");
    both(&Words::new(format!("{vi} không phải là JSON, ở ký tự {column}"), en))
}

/// What a line is called.
pub(in crate::commands::load) fn line() -> Words {
    Words::new("dòng", "line")
}

/// A text that should be an entity; `what` names it for people.
pub(super) fn entry(place: u64, what: &Words, text: &str) -> Entry {
    match serde_json::from_str::<Box<RawValue>>(text.trim()) {
        Ok(json) => Entry::of_json(place, json),
        Err(error) => {
            let begin: String = text.chars().take(KEPT).collect();
            Entry::refused(place, not_json(what, &error), &begin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::load::entry::Content;

    fn read(content: &[u8]) -> Vec<(u64, Result<String, String>)> {
        let mut lines = Vec::new();
        each(content, &mut |number, line| {
            lines.push((number, line.map_err(|fault| fault.reason)));
            ControlFlow::Continue(())
        })
        .expect("reads");
        lines
    }

    #[test]
    fn lines_keep_their_numbers_and_broken_ones_stand_alone() {
        let lines = read(b"a\r\n\n\xff\xfe\nd");
        assert_eq!(lines[0], (1, Ok("a\r\n".to_owned())));
        assert_eq!(lines[1], (3, Err(NOT_TEXT.to_owned())));
        assert_eq!(lines[2], (4, Ok("d".to_owned())));
    }

    #[test]
    fn a_line_without_end_is_refused_and_the_next_one_is_read() {
        let mut content = vec![b'x'; MAX_RECORD + 10];
        content.extend(b"\nnext\n");
        let lines = read(&content);
        assert!(lines[0].1.as_ref().is_err_and(|reason| reason.contains("longer than")));
        assert_eq!(lines[1], (2, Ok("next\n".to_owned())));
        let exact = vec![b'y'; MAX_RECORD];
        assert_eq!(read(&exact)[0].1.as_ref().map(String::len), Ok(MAX_RECORD));
    }

    #[test]
    fn a_line_that_is_not_json_says_so() {
        let Content::Refused { reason, .. } = entry(1, &line(), "{\"broken\": \n").content else {
            panic!("refused")
        };
        assert!(reason.contains("dòng không phải là JSON") && reason.contains("not JSON"), "{reason}");
    }
}
