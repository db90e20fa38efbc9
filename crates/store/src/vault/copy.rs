//! Copying the keys while they are used.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::file::{self, FILE};
use crate::{Error, Result};

/// Pages copied by one step.
const PAGES: i32 = 1024;

/// Copies the database of keys in a folder, as it is at one moment, into another that has none; false if there is
/// nothing to copy. Another process may be using it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<bool> {
    if !from.join(FILE).is_file() {
        return Ok(false);
    }
    file::make_folder(to)?;
    let target = to.join(FILE);
    if target.exists() {
        return Err(Error::Invalid(format!(
            "{} holds keys already; copy them into a new folder",
            to.display()
        )));
    }
    let source = file::reader(from)?;
    let mut copy = Connection::open(&target)?;
    source.execute_batch("BEGIN")?;
    // The transaction begins with the first read.
    let _schema: u32 = source.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let backup = Backup::new(&source, &mut copy)?;
    while !matches!(backup.step(PAGES)?, StepResult::Done) {
        std::thread::yield_now();
    }
    drop(backup);
    copy.close().map_err(|(_connection, error)| Error::from(error))?;
    for path in [&target, to] {
        std::fs::File::open(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| Error::file(path, &error))?;
    }
    Ok(true)
}
