//! Transactions that hold many commits.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use rusqlite::params;

use super::audit::Deeds;
use super::cache::{CacheKey, Found};
use super::counts::Counts;
use super::{Place, Writer};
use crate::feed::Recorded;
use crate::names::{NameId, SharedNames};
use crate::sqlite::failure::Failed;
use crate::sqlite::queue::{CommitJob, Job};
use crate::sqlite::recall::Standing;
use crate::sqlite::shared::TenantId;
use crate::{Error, Receipt};

/// What becomes of one commit of a group that stands: done, or refused for a reason of its own.
pub(super) type Outcome = Result<Receipt, Error>;

/// What a transaction under way has changed in memory.
pub(super) struct Group {
    /// Where it has begun.
    start: Place,
    /// Changes to tell of, with their sizes, once they are durable.
    pub(super) feed: Vec<(Arc<Recorded>, usize)>,
    /// Counts to write.
    pub(super) counts: Counts,
    /// Counts of the commit being written.
    pub(super) commit_counts: Counts,
    /// Entities put in the cache.
    pub(super) touched: Vec<CacheKey>,
    /// What the commit being written has done, for the audit.
    pub(super) deeds: Deeds,
}

impl Group {
    pub(super) fn new(start: Place) -> Self {
        Self {
            start,
            feed: Vec::new(),
            counts: Counts::default(),
            commit_counts: Counts::default(),
            touched: Vec::new(),
            deeds: Deeds::default(),
        }
    }
}

impl Writer {
    /// Writes `first` and what else is waiting. Gives back what was waiting and is not a commit.
    pub(super) fn group(&mut self, first: CommitJob, inbox: &Receiver<Job>) -> Option<Job> {
        let mut jobs = vec![first];
        let mut other = None;
        let started = Instant::now();
        let together = self.transaction(|writer| writer.commits(&mut jobs, &mut other, inbox, started));
        metrics::histogram!("dinh_store_group_seconds").record(started.elapsed());
        #[expect(clippy::cast_precision_loss, reason = "a histogram")]
        metrics::histogram!("dinh_store_group_commits").record(jobs.len() as f64);
        match together {
            Ok(outcomes) => {
                for (job, outcome) in jobs.into_iter().zip(outcomes) {
                    super::answer(job.reply, outcome);
                }
            }
            Err(error) => self.alone(jobs, error),
        }
        other
    }

    /// Tries each commit of a failed group alone.
    fn alone(&mut self, mut jobs: Vec<CommitJob>, error: Error) {
        tracing::error!(%error, group.commits = jobs.len(), "a group of commits failed");
        if jobs.len() == 1 {
            if let Some(job) = jobs.pop() {
                super::answer(job.reply, Err(error));
            }
            return;
        }
        for job in jobs {
            let outcome = self.transaction(|writer| writer.commit(&job.planned));
            super::answer(job.reply, outcome.and_then(|outcome| outcome));
        }
    }

    /// Writes the jobs, taking in what is waiting for as long as the bounds allow.
    fn commits(
        &mut self,
        jobs: &mut Vec<CommitJob>,
        other: &mut Option<Job>,
        inbox: &Receiver<Job>,
        started: Instant,
    ) -> Failed<Vec<Outcome>> {
        let (most_ops, most_bytes, longest) =
            (self.shared.options.group_ops, self.shared.options.group_bytes, self.shared.options.group_time);
        let (mut outcomes, mut ops, mut bytes) = (Vec::new(), 0, 0);
        while let Some(job) = jobs.last() {
            ops += job.planned.steps.len();
            bytes += job.planned.bytes;
            outcomes.push(self.commit(&job.planned)?);
            if ops >= most_ops || bytes >= most_bytes || started.elapsed() >= longest {
                break;
            }
            match inbox.try_recv() {
                Ok(Job::Commit(next)) => jobs.push(next),
                Ok(job) => {
                    *other = Some(job);
                    break;
                }
                Err(_empty) => break,
            }
        }
        Ok(outcomes)
    }

    /// Runs `work` in a transaction. If it fails, or the commit fails, nothing has happened.
    pub(super) fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> Failed<T>) -> Failed<T> {
        self.group = Group::new(self.place);
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        // A fault in the program must not end the thread that everybody's writes depend on.
        let result = catch_unwind(AssertUnwindSafe(|| {
            let value = work(self)?;
            self.finish()?;
            Ok(value)
        }));
        let result = result.unwrap_or_else(|_panic| {
            Err(Error::Engine("a fault in the program stopped this commit; nothing of it was kept".into()))
        });
        match result {
            Ok(value) => {
                let group = std::mem::replace(&mut self.group, Group::new(self.place));
                self.shared.feed.publish(group.feed.into_iter());
                Ok(value)
            }
            Err(error) => {
                self.undo();
                Err(error)
            }
        }
    }

    fn finish(&mut self) -> Failed<()> {
        let names = self.save_names("name", &self.shared.names)?;
        let tenants = self.save_names("tenant", &self.shared.tenants)?;
        let mut counts = std::mem::take(&mut self.group.counts);
        // Also where as many have come as have gone.
        let retyped: BTreeSet<TenantId> = counts.types.keys().map(|(tenant, _)| *tenant).collect();
        counts.flush(&self.connection)?;
        self.keys_first()?;
        let started = Instant::now();
        self.shared.recall.begin(self.group.touched.iter(), retyped.into_iter());
        let committed = self.connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        self.tell_readers(committed.is_ok());
        committed?;
        metrics::histogram!("dinh_store_commit_seconds").record(started.elapsed());
        self.shared.names.mark_durable(names);
        self.shared.tenants.mark_durable(tenants);
        Ok(())
    }

    /// Tells those who read from memory what has become of a commit. Of one that failed nothing is told: they ask the
    /// database.
    fn tell_readers(&self, stands: bool) {
        let touched: &[CacheKey] = if stands { &self.group.touched } else { &[] };
        let cache = &self.cache;
        self.shared.recall.end(touched.iter().filter_map(|key| {
            let (found, bytes) = cache.peek(key)?;
            let Found { pk, version, entity } = found;
            Some(Standing { tenant: key.0, pk: *pk, version: *version, entity, bytes })
        }));
    }

    /// Writes names that the database does not hold yet; the number of the last one, or 0.
    fn save_names(&self, table: &str, names: &SharedNames) -> Failed<NameId> {
        if names.all_durable() {
            return Ok(0);
        }
        let mut last = 0;
        let mut statement =
            self.connection.prepare_cached(&format!("INSERT INTO {table} VALUES (?1, ?2)"))?;
        for (id, text) in names.not_durable() {
            statement.execute(params![id, text])?;
            last = id;
        }
        Ok(last)
    }

    fn undo(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "could not roll back");
        }
        let group = std::mem::replace(&mut self.group, Group::new(self.place));
        self.place = group.start;
        if let Some(vault) = &self.shared.vault {
            vault.undo();
        }
        for key in &group.touched {
            self.cache.remove(key);
        }
    }
}
