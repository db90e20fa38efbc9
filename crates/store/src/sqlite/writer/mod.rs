//! The one thread that writes.
//!
//! Commits are written in groups: the first one waiting begins a transaction, every further one waiting joins it until
//! the group is large enough or has lasted long enough, then the transaction is committed, once, and all are
//! acknowledged. Under load a group holds what arrived while the disk was busy with the group before, so throughput
//! grows with concurrency; a lone commit does not wait for anybody.
//!
//! If the engine fails in the middle of a group (disk full, damage, a fault in this program), the group is rolled back
//! and each commit is tried alone, so that a bad one fails by itself.

mod audit;
mod backfill;
mod cache;
mod commit;
mod counts;
mod entity;
mod erase;
mod erase_rows;
mod evolve;
mod expire;
mod group;
mod history;
mod indexes;
mod keep;
mod keys;
mod records;
mod seal;
mod wash;
mod words;

pub(super) use self::backfill::INDEX;
pub(super) use self::seal::KeyFor;
pub(super) use self::words::{EXACT, marked, place};

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use dinh_model::Timestamp;
use rusqlite::Connection;

use self::cache::EntityCache;
use self::group::Group;
use super::checkpoint::Checkpoints;
use super::failure::Failed;
use super::queue::Job;
use super::shared::Shared;
use crate::audit::Link;

/// What the next commit goes on from.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Number of the last change.
    pub(super) head: u64,
    /// Key of the next entity.
    pub(super) next_pk: i64,
    /// When the last change was made; time never goes back in the feed.
    pub(super) at: Timestamp,
    /// Whether entities may have departed and left history.
    pub(super) departed: bool,
    /// Whether entities may have come with their past, and only so.
    pub(super) evolved: bool,
    /// When something vanishes next.
    pub(super) expiry: Option<Timestamp>,
    /// The last entry of the audit.
    pub(super) audit: Link,
}

/// The writer.
pub(super) struct Writer {
    connection: Connection,
    shared: Arc<Shared>,
    checkpoints: Checkpoints,
    cache: EntityCache,
    place: Place,
    group: Group,
    keep: keep::Keep,
    /// True while entities are brought into indexes that queries have turned out to need.
    adapting: bool,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        shared: Arc<Shared>,
        checkpoints: Checkpoints,
        place: Place,
    ) -> Self {
        let cache = EntityCache::new(shared.options.entity_cache_bytes);
        let group = Group::new(place);
        Self {
            connection,
            shared,
            checkpoints,
            cache,
            place,
            group,
            keep: keep::Keep::default(),
            adapting: false,
        }
    }

    /// Works until everybody who could ask for something is gone, or somebody asks to close.
    pub(super) fn run(mut self, inbox: &Receiver<Job>) {
        let mut due = Instant::now() + self.shared.options.housekeeping;
        let mut next = None;
        loop {
            // Also under constant load, when nobody is ever idle.
            if Instant::now() >= due {
                due = self.housekeep_quietly();
            }
            if self.adapting {
                self.adapt_quietly();
            }
            let wait =
                if self.adapting { Duration::ZERO } else { due.saturating_duration_since(Instant::now()) };
            let job = match next.take() {
                Some(job) => job,
                None => match inbox.recv_timeout(wait) {
                    Ok(job) => job,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => break,
                },
            };
            match job {
                Job::Commit(commit) => next = self.group(commit, inbox),
                Job::Declare(declaration, reply) => answer(reply, self.declare(declaration)),
                Job::Backfill(reply) => answer(reply, self.backfill()),
                Job::Adapt => self.adapting = self.declare_wanted(),
                Job::Housekeep(reply) => {
                    let kept = self.housekeep();
                    answer(reply, kept.map(|kept| kept.done));
                }
                Job::Key(asked, reply) => answer(reply, self.key_for(&asked)),
                Job::Erase(planned, reply) => answer(reply, self.erase(&planned)),
                Job::Seal(seal, reply) => answer(reply, self.keep_seal(&seal)),
                Job::Token(number, token, reply) => answer(reply, self.keep_token(number, &token)),
                Job::Close(reply) => {
                    answer(reply, self.checkpoints.finish(&self.connection));
                    return;
                }
            }
            self.checkpoints.after_write(&self.connection);
        }
        if let Err(error) = self.checkpoints.finish(&self.connection) {
            tracing::warn!(%error, "could not copy the log of the store into the database while closing");
        }
    }

    /// One step of housekeeping; when the next one is due. When there is much to do, a sixth of the time goes there:
    /// enough to take away faster than anybody can write.
    fn housekeep_quietly(&mut self) -> Instant {
        let started = Instant::now();
        let behind = match self.housekeep() {
            Ok(kept) => kept.behind,
            Err(error) => {
                tracing::warn!(%error, "housekeeping of the store failed; it is tried again later");
                false
            }
        };
        self.checkpoints.after_write(&self.connection);
        Instant::now() + if behind { started.elapsed() * 5 } else { self.shared.options.housekeeping }
    }
}

/// Answers somebody who may have stopped waiting.
fn answer<T>(reply: tokio::sync::oneshot::Sender<Failed<T>>, result: Failed<T>) {
    if reply.send(result).is_err() {
        tracing::debug!("nobody waits for the answer of the store any more");
    }
}
