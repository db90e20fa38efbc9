//! Copying the write-ahead log into the database, without stopping anybody.
//!
//! When the log has grown past a bound, a thread of its own copies what is committed while the writer goes on; then
//! the writer copies the little that came in between, and as every page is in the database, its next transaction
//! starts the log over. Readers are short, so none holds the log back for long; if one does (a verification, a
//! backup), the log grows until it is done, and starts over then. While the log is far too long the writer waits for
//! the copy: then the disk is slower than the callers, and they had better wait too.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::connect;
use super::failure::Failed;
use crate::{Error, Options};

/// So many times the bound is far too long.
const FAR_TOO_LONG: usize = 8;

/// Watches the log.
pub(super) struct Checkpoints {
    /// Pages in the log after the last commit.
    pages: Arc<AtomicUsize>,
    bound: usize,
    copying: bool,
    helper: Option<Helper>,
}

struct Helper {
    ask: SyncSender<()>,
    done: Receiver<()>,
    thread: JoinHandle<()>,
}

impl Checkpoints {
    /// Follows the log of the connection that writes.
    pub(super) fn start(file: &Path, writer: &mut Connection, options: &Options) -> Failed<Self> {
        let pages = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&pages);
        writer.wal_hook(Some(move |_log: &mut rusqlite::hooks::Wal, pages| {
            seen.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        let helper = Some(Helper::start(connect::helper(file)?)?);
        Ok(Self { pages, bound: options.checkpoint_pages, copying: false, helper })
    }

    /// To be called between transactions.
    pub(super) fn after_write(&mut self, writer: &Connection) {
        let Some(helper) = &self.helper else { return };
        let pages = self.pages.load(Ordering::Relaxed);
        if !self.copying {
            if pages > self.bound {
                self.copying = helper.ask.try_send(()).is_ok();
            }
            return;
        }
        let far_too_long = pages > self.bound * FAR_TOO_LONG;
        let copied = if far_too_long { helper.done.recv().is_ok() } else { helper.done.try_recv().is_ok() };
        if copied {
            self.copying = false;
            match copy(writer) {
                Ok(0) => self.pages.store(0, Ordering::Relaxed),
                Ok(_readers_hold_some) => {}
                Err(error) => {
                    tracing::warn!(%error, "could not copy the log of the store; it is tried again");
                }
            }
        }
    }

    /// Copies everything and leaves an empty log.
    pub(super) fn finish(&mut self, writer: &Connection) -> Failed<()> {
        if let Some(Helper { ask, done, thread }) = self.helper.take() {
            drop((ask, done));
            if thread.join().is_err() {
                tracing::error!("the thread that copies the log of the store had failed");
            }
        }
        let busy: i64 = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy != 0 {
            tracing::info!("somebody still reads, so the log of the store stays until the next start");
        }
        Ok(())
    }
}

impl Helper {
    fn start(connection: Connection) -> Failed<Self> {
        let (ask, asked) = sync_channel::<()>(1);
        let (tell, done) = sync_channel::<()>(1);
        let work = move || {
            while asked.recv().is_ok() {
                if let Err(error) = copy(&connection) {
                    tracing::warn!(%error, "could not copy the log of the store; it is tried again");
                }
                if tell.send(()).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("dinh-store-log".into())
            .spawn(work)
            .map_err(|error| Error::Engine(format!("cannot start a thread: {error}")))?;
        Ok(Self { ask, done, thread })
    }
}

/// Copies what can be copied without waiting; the pages that are left.
fn copy(connection: &Connection) -> Failed<usize> {
    let (log, copied): (i64, i64) =
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get(1)?, row.get(2)?)))?;
    Ok(usize::try_from(log - copied).unwrap_or(0))
}
