//! The file of refused records: one JSON object a line, each with its place and reason.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::value::RawValue;

use crate::said::{OrSay as _, place};

/// The file of refused records.
#[derive(Debug)]
pub(super) struct Rejects {
    path: PathBuf,
    file: File,
    length: u64,
}

/// One refused record.
#[derive(Debug, Serialize)]
pub(super) struct Reject<'a> {
    /// The file that it is from.
    pub(super) file: &'a str,
    /// Its line, row or item there.
    pub(super) line: u64,
    /// Why it was refused.
    pub(super) reason: &'a str,
    /// What it says.
    pub(super) record: &'a RawValue,
}

impl Rejects {
    /// Opens the file; what an interrupted load has written stays until it is known whether that load goes on.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::options().create(true).truncate(false).write(true).open(path);
        let file = file.or_say(|| place("không ghi được", "cannot write", path))?;
        Ok(Self { path: path.to_owned(), file, length: 0 })
    }

    /// Goes on behind the first `length` bytes, as far as the file is so long.
    pub(super) fn go_on_after(&mut self, length: u64) -> anyhow::Result<()> {
        let there = self.file.metadata().map_or(0, |m| m.len());
        self.length = self.length.max(length.min(there));
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        Ok(())
    }

    /// Adds records.
    pub(super) fn add(&mut self, rejects: &[Reject<'_>]) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        for reject in rejects {
            serde_json::to_writer(&mut lines, reject)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines).or_say(|| place("không ghi được", "cannot write", &self.path))?;
        self.length += u64::try_from(lines.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Bytes written.
    pub(super) fn length(&self) -> u64 {
        self.length
    }
}
