//! Where an export goes: to standard output, or to a file that appears only when it is complete.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use crate::said::{OrSay as _, place};

/// The place of an export.
pub(in crate::commands) struct Output {
    writer: Box<dyn Write>,
    file: Option<Unfinished>,
    told: ProgressBar,
}

/// A file under a name of its own until it is complete.
struct Unfinished {
    now: PathBuf,
    then: PathBuf,
}

impl Output {
    pub(in crate::commands) fn open(to: Option<&Path>) -> anyhow::Result<Self> {
        let Some(to) = to else {
            let out = std::io::stdout();
            // Lines that scroll by are progress enough.
            let told = if out.is_terminal() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
            return Ok(Self { writer: Box::new(BufWriter::new(out)), file: None, told });
        };
        let mut now = OsString::from(to);
        now.push(".part");
        let now = PathBuf::from(now);
        let file = File::create(&now).or_say(|| place("không ghi được", "cannot write", &now))?;
        let writer = Box::new(BufWriter::with_capacity(1 << 20, file));
        Ok(Self {
            writer,
            file: Some(Unfinished { now, then: to.to_owned() }),
            told: ProgressBar::new_spinner(),
        })
    }

    pub(in crate::commands) fn writer(&mut self) -> &mut dyn Write {
        &mut self.writer
    }

    pub(in crate::commands) fn count(&self, some: usize, of: &str) {
        self.told.inc(u64::try_from(some).unwrap_or(u64::MAX));
        self.told.set_message(format!("{} {of}", self.told.position()));
    }

    pub(in crate::commands) fn finish(mut self) -> anyhow::Result<()> {
        self.writer.flush()?;
        if let Some(Unfinished { now, then }) = self.file.take() {
            let unwritten = || place("không ghi được", "cannot write", &then);
            File::open(&now).and_then(|file| file.sync_all()).or_say(unwritten)?;
            std::fs::rename(&now, &then).or_say(unwritten)?;
        }
        self.told.finish();
        Ok(())
    }
}

impl Drop for Output {
    /// What is not complete must not look as if it were.
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            drop(std::fs::remove_file(&file.now));
        }
    }
}
