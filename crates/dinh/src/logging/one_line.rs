//! One line of the log for one event, whatever strangers have written into it: who names a thing with a line break must
//! not write lines of their own, and no terminal must obey a name.

use std::io::{self, Write};

/// How the log colours its lines: plain, bold, dim, italic, and the five of the levels.
const COLOURS: [&str; 9] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[3m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
    "\u{1b}[34m",
    "\u{1b}[35m",
];

/// Writes each event, which comes whole, as one line without control characters.
pub(super) struct OneLine<W> {
    to: W,
    colours: bool,
}

impl<W> OneLine<W> {
    /// Writes to `to`. With `colours` the few escapes stay that the log colours its lines with; none of them hides
    /// anything or moves the cursor, wherever it comes from.
    pub(super) fn new(to: W, colours: bool) -> Self {
        Self { to, colours }
    }
}

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        let mut told = String::with_capacity(text.len());
        for (at, c) in line.char_indices() {
            let rest = line.get(at..).unwrap_or_default();
            if is_harmless(c) || (self.colours && COLOURS.iter().any(|colour| rest.starts_with(colour))) {
                told.push(c);
            } else {
                told.extend(c.escape_default());
            }
        }
        told.push_str(end);
        self.to.write_all(told.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// False for what ends a line, moves a cursor or turns the direction of writing.
fn is_harmless(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    /// Begins a line of its own, clears the screen, rings, goes back, and turns the direction of writing.
    const HOSTILE: &str = "An\n2026-11-20T07:05:00Z  INFO dinh: signed in\r\u{1b}[2J\u{1b}[8m\u{7}\u{8}\u{9b}31m\u{2028}\u{202e}Ẩn";

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Logs what is hostile in every place where it can stand.
    fn log() {
        let span = tracing::info_span!("http", route = %HOSTILE, request = HOSTILE);
        let _within = span.enter();
        tracing::warn!(name = HOSTILE, agent = %HOSTILE, shown = ?HOSTILE, "refused {HOSTILE}");
        tracing::warn!(error = %io::Error::other(HOSTILE), "failed");
    }

    fn logged(json: bool, colours: bool) -> String {
        let kept = Kept::default();
        let to = kept.clone();
        let builder = tracing_subscriber::fmt()
            .with_writer(move || OneLine::new(to.clone(), colours))
            .with_ansi(colours);
        if json {
            tracing::subscriber::with_default(builder.json().flatten_event(true).finish(), log);
        } else {
            tracing::subscriber::with_default(builder.finish(), log);
        }
        let bytes = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).expect("is text")
    }

    #[test]
    fn an_event_is_one_line_without_control_characters() {
        for json in [false, true] {
            let text = logged(json, false);
            assert_eq!(text.matches('\n').count(), 2, "{text:?}");
            assert!(text.ends_with('\n') && text.contains("Ẩn"), "{text:?}");
            assert!(text.chars().all(|c| c == '\n' || is_harmless(c)), "{text:?}");
        }
    }

    #[test]
    fn where_there_are_colours_nothing_else_is_obeyed() {
        let text = logged(false, true);
        assert_eq!(text.matches('\n').count(), 2, "{text:?}");
        assert!(text.contains(COLOURS[0]), "{text:?}");
        let escapes = text.match_indices('\u{1b}').filter_map(|(at, _)| text.get(at..));
        for escape in escapes {
            assert!(COLOURS.iter().any(|colour| escape.starts_with(colour)), "{text:?}");
        }
        assert!(text.chars().all(|c| matches!(c, '\n' | '\u{1b}') || is_harmless(c)), "{text:?}");
    }
}
