//! The way to the writer: bounded in commits and in bytes. Callers wait for a place, for a bounded time.

use std::sync::Arc;
use std::sync::mpsc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::plan::Planned;
use crate::{Error, IndexSpec, KeptSeal, Options, Receipt, Result};

/// What the writer is asked to do.
pub(super) enum Job {
    /// Write a commit.
    Commit(CommitJob),
    /// Declare indexes and searchable attributes.
    Declare(Declaration, oneshot::Sender<Result<()>>),
    /// Bring a bounded number of entities into indexes that are not ready; answers whether all are.
    Backfill(oneshot::Sender<Result<bool>>),
    /// Make the indexes that queries have turned out to need, step by step between other work.
    Adapt,
    /// Do one bounded step of housekeeping now; answers whether there is nothing more to do.
    Housekeep(oneshot::Sender<Result<bool>>),
    /// Make the key of an entity that is to be written; its number.
    Key(Box<super::writer::KeyFor>, oneshot::Sender<Result<u64>>),
    /// Erase for good.
    Erase(Box<Planned>, oneshot::Sender<Result<Receipt>>),
    /// Keep a seal of the audit.
    Seal(Box<KeptSeal>, oneshot::Sender<Result<()>>),
    /// Keep the time stamp of the seal of this number.
    Token(u64, Vec<u8>, oneshot::Sender<Result<()>>),
    /// Copy the log into the database and stop.
    Close(oneshot::Sender<Result<()>>),
}

/// What is declared.
pub(super) enum Declaration {
    Indexes(Vec<IndexSpec>),
    Searchable(Vec<dinh_model::Term>),
}

/// A commit on its way. The places that it takes in the queue are free again when it is dropped.
pub(super) struct CommitJob {
    pub(super) planned: Planned,
    pub(super) reply: oneshot::Sender<Result<Receipt>>,
    _places: [OwnedSemaphorePermit; 2],
}

/// The sending end.
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
    commits: Arc<Semaphore>,
    kib: Arc<Semaphore>,
    options: Options,
}

impl Queue {
    pub(super) fn new(options: &Options) -> (Self, mpsc::Receiver<Job>) {
        let (jobs, inbox) = mpsc::channel();
        let queue = Self {
            jobs,
            commits: Arc::new(Semaphore::new(options.write_queue)),
            kib: Arc::new(Semaphore::new(options.write_queue_bytes / 1024)),
            options: options.clone(),
        };
        (queue, inbox)
    }

    /// Hands a commit to the writer and waits until it is durable.
    pub(super) async fn commit(&self, planned: Planned) -> Result<Receipt> {
        let kib = u32::try_from(planned.bytes.min(self.options.write_queue_bytes) / 1024).unwrap_or(u32::MAX);
        let places = async {
            let commit = Arc::clone(&self.commits).acquire_owned().await;
            let memory = Arc::clone(&self.kib).acquire_many_owned(kib).await;
            Ok::<_, tokio::sync::AcquireError>([commit?, memory?])
        };
        let busy = || Error::Busy { what: "commits", bound: self.options.write_queue };
        let places = tokio::time::timeout(self.options.queue_wait, places)
            .await
            .map_err(|_elapsed| busy())?
            .map_err(|_closed| Error::Closed)?;
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("dinh_store_write_queue_depth")
            .set((self.options.write_queue - self.commits.available_permits()) as f64);
        let (reply, answer) = oneshot::channel();
        self.send(Job::Commit(CommitJob { planned, reply, _places: places }))?;
        answer.await.map_err(|_gone| Error::Closed)?
    }

    /// Hands the writer anything else and waits for the answer.
    pub(super) async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T>>) -> Job) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.send(job(reply))?;
        answer.await.map_err(|_gone| Error::Closed)?
    }

    /// Hands the writer something that nobody waits for.
    pub(super) fn send(&self, job: Job) -> Result<()> {
        self.jobs.send(job).map_err(|_gone| Error::Closed)
    }
}
