//! Connections that read.
//!
//! A read takes a connection from the pool and runs on one of the runtime's blocking threads. Each read is one
//! transaction, so it sees one state of the graph, and it is short: every loop in it is bounded.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{Semaphore, TryAcquireError};

use super::connect;
use super::failure::Failed;
use super::shared::Shared;
use crate::Error;

/// The pool.
pub(super) struct Pool {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    readers: u32,
    bound: usize,
}

impl Pool {
    pub(super) fn open(shared: &Shared) -> Failed<Self> {
        let options = &shared.options;
        let readers = options.readers.max(1);
        let idle = (0..readers)
            .map(|_| connect::reader(&shared.file, options.reader_cache_kib))
            .collect::<Failed<Vec<_>>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(idle)),
            free: Arc::new(Semaphore::new(readers)),
            waiting: Arc::new(Semaphore::new(options.read_queue + readers)),
            readers: u32::try_from(readers).unwrap_or(u32::MAX),
            bound: options.read_queue,
        })
    }

    /// Refuses once the pool is closed.
    pub(super) fn check_open(&self) -> Failed<()> {
        if self.waiting.is_closed() { Err(Error::Closed) } else { Ok(()) }
    }

    /// Runs `work` on a connection, in one transaction.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Failed<T> + Send + 'static,
    ) -> Failed<T> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|error| match error {
            TryAcquireError::Closed => Error::Closed,
            TryAcquireError::NoPermits => Error::Busy { what: "reads", bound: self.bound },
        })?;
        let asked = Instant::now();
        let turn = Arc::clone(&self.free).acquire_owned().await.map_err(|_closed| Error::Closed)?;
        metrics::histogram!("dinh_store_read_wait_seconds").record(asked.elapsed());
        let idle = Arc::clone(&self.idle);
        let read = tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            let taken = Taken::from(idle)?;
            let result = in_transaction(taken.connection()?, work);
            metrics::histogram!("dinh_store_read_seconds").record(started.elapsed());
            // Back in the pool before the next one's turn.
            drop(taken);
            drop((turn, place));
            result
        });
        read.await.map_err(|error| Error::Engine(format!("a read did not finish: {error}")))?
    }

    /// No more reads; waits for those that run.
    pub(super) async fn close(&self) {
        self.waiting.close();
        // Fails if somebody else has closed it, which is as good.
        let _all = self.free.acquire_many(self.readers).await;
        self.free.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn in_transaction<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Failed<T>) -> Failed<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    let value = work(connection)?;
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(value)
}

/// A connection taken from the pool; it goes back when dropped, also when `work` panics.
struct Taken {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Taken {
    fn from(idle: Arc<Mutex<Vec<Connection>>>) -> Failed<Self> {
        let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if connection.is_none() { Err(Error::Closed) } else { Ok(Self { connection, idle }) }
    }

    fn connection(&self) -> Failed<&Connection> {
        self.connection.as_ref().ok_or(Error::Closed)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
                tracing::error!("a reader of the store could not end its transaction");
            }
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
