//! Copies of a running store, and back.
//!
//! The copy is taken through a connection that holds one read transaction from the first page to the last, so it shows
//! one moment however long it takes. The log grows meanwhile and starts over afterwards.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connect;
use super::engine::{Engine, FILE};
use super::failure::Failed;
use super::lock::Lock;
use super::migrate;
use crate::Error;
use crate::blobs::copy_all;

/// Pages copied by one step.
const PAGES: i32 = 1024;

/// What the copy is called until it is complete.
const UNFINISHED: &str = "graph.unfinished";

impl Engine {
    pub(crate) async fn backup(&self, to: PathBuf) -> Failed<()> {
        self.pool.check_open()?;
        let shared = Arc::clone(&self.shared);
        let copying = tokio::task::spawn_blocking(move || {
            let source = connect::reader(&shared.file, 1024)?;
            copy(&source, shared.file.parent().unwrap_or(&shared.file), &to)
        });
        copying.await.map_err(|error| Error::Engine(format!("the backup did not finish: {error}")))?
    }
}

/// Copies a store that another process may have open.
pub(crate) fn copy_from(dir: &Path, to: &Path) -> Failed<()> {
    let file = dir.join(FILE);
    if !file.is_file() {
        return Err(Error::Invalid(format!("{} holds no store", dir.display())));
    }
    copy(&connect::reader(&file, 1024)?, dir, to)
}

fn copy(source: &Connection, dir: &Path, to: &Path) -> Failed<()> {
    std::fs::create_dir_all(to).map_err(|error| Error::file(to, &error))?;
    refuse_used(to, "a backup goes into a new or empty directory")?;
    let unfinished = to.join(UNFINISHED);
    forget(&unfinished);
    // The files are copied after the moment that the copy shows, so that none is missing which it names.
    let copied =
        pages(source, &unfinished).and_then(|()| copy_all(dir, to)).and_then(|()| finish(&unfinished, to));
    if copied.is_err() {
        forget(&unfinished);
    }
    copied
}

fn pages(source: &Connection, to: &Path) -> Failed<()> {
    let mut target = Connection::open(to)?;
    source.execute_batch("BEGIN")?;
    // The transaction begins with the first read.
    let _schema = migrate::schema(source)?;
    let backup = Backup::new(source, &mut target)?;
    loop {
        match backup.step(PAGES)? {
            StepResult::Done => break,
            StepResult::More => {}
            _ => std::thread::yield_now(),
        }
    }
    drop(backup);
    source.execute_batch("COMMIT")?;
    target.close().map_err(|(_connection, error)| error.into())
}

/// Takes away what an interrupted copy has left, if it has left something.
fn forget(unfinished: &Path) {
    if unfinished.exists()
        && let Err(error) = std::fs::remove_file(unfinished)
    {
        tracing::warn!(file.path = %unfinished.display(), %error, "could not remove an unfinished copy");
    }
}

/// Gives a complete copy its name, durably.
fn finish(unfinished: &Path, dir: &Path) -> Failed<()> {
    let lift = |path: &Path, result: std::io::Result<()>| result.map_err(|error| Error::file(path, &error));
    lift(unfinished, File::open(unfinished).and_then(|file| file.sync_all()))?;
    let file = dir.join(FILE);
    lift(&file, std::fs::rename(unfinished, &file))?;
    lift(dir, File::open(dir).and_then(|dir| dir.sync_all()))
}

fn refuse_used(dir: &Path, rule: &str) -> Failed<()> {
    if dir.join(FILE).exists() {
        return Err(Error::Invalid(format!("{} holds a store already; {rule}", dir.display())));
    }
    Ok(())
}

/// Brings a backup back.
pub(crate) fn restore(from: &Path, dir: &Path) -> Failed<()> {
    let source = from.join(FILE);
    if !source.is_file() {
        return Err(Error::Invalid(format!("{} holds no backup of a store", from.display())));
    }
    {
        let connection = connect::resting(&source)?;
        let found = migrate::schema(&connection)?;
        if found == 0 || found > migrate::newest() {
            return Err(Error::Newer { found, known: migrate::newest() });
        }
        let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(Error::Damaged(format!("the backup: {sound}")));
        }
    }
    std::fs::create_dir_all(dir).map_err(|error| Error::file(dir, &error))?;
    let _lock = Lock::take(dir)?;
    refuse_used(dir, "restore into a new or empty directory, or move the old store away first")?;
    let unfinished = dir.join(UNFINISHED);
    forget(&unfinished);
    std::fs::copy(&source, &unfinished).map_err(|error| Error::file(&unfinished, &error))?;
    copy_all(from, dir)?;
    finish(&unfinished, dir)
}
