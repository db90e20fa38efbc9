//! The follower: marks each dossier that the change feed tells of. Marks and position are one commit, so that nothing is
//! forgotten; what is marked twice is told once, since the sender knows what was told.

use std::time::Duration;

use dinh_context::graph::{Commit, Op, Recorded, StoreError};
use dinh_context::{FeedReader, Session};
use dinh_model::{ChangeKind, Tenant};
use dinh_ngsild::query::{EntityQuery, Path, Q};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::keep;
use crate::Error;
use crate::facade::{PART, Portal};

/// Kind and key of the record of how far the feed was read.
const POSITION: (&str, &str) = ("portal-position", "feed");
/// Changes read at once.
const BATCH: usize = 500;
/// Changes that are read before the position is kept although none was of a dossier.
const FAR: u64 = 20_000;
/// Dossiers marked in one commit.
const PORTION: usize = 200;
/// Pause after the feed could not be read.
const PAUSE: Duration = Duration::from_secs(2);

impl Portal {
    /// Follows the feed for one tenant until `stop`.
    pub(in crate::facade) async fn follow(&self, tenant: &Tenant, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.follow_on(tenant, stop).await {
                tracing::error!(%tenant, %error, "the change feed cannot be read for the national portal");
                tokio::select! { () = tokio::time::sleep(PAUSE) => {}, () = stop.cancelled() => {} }
            }
        }
    }

    /// Reads the feed of one tenant up to its end, once.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn follow_to_the_end(&self, tenant: &Tenant) -> Result<(), Error> {
        let (own, feed) = (self.own(tenant), self.0.context.feed(PART)?);
        let mut at = self.begin(&own).await?;
        let mut kept = at;
        loop {
            let read = self.follow_once(&own, &feed, at, &mut kept).await?;
            if read == at {
                return Ok(());
            }
            at = read;
        }
    }

    /// Forgets how far the feed was read, so that all dossiers are looked at again.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn forget_position(&self, tenant: &Tenant) -> Result<(), Error> {
        let (kind, key) = POSITION;
        let own = self.own(tenant);
        if own.record(kind, key).await?.is_some() {
            own.apply(Op::DeleteRecord { kind: kind.to_owned(), key: key.to_owned() }).await?;
        }
        Ok(())
    }

    async fn follow_on(&self, tenant: &Tenant, stop: &CancellationToken) -> Result<(), Error> {
        let (own, feed) = (self.own(tenant), self.0.context.feed(PART)?);
        let mut head = feed.watch();
        let mut at = self.begin(&own).await?;
        let mut kept = at;
        while !stop.is_cancelled() {
            let read = self.follow_once(&own, &feed, at, &mut kept).await?;
            if read == at {
                tokio::select! {
                    moved = head.changed() => if moved.is_err() { return Ok(()) },
                    () = stop.cancelled() => {}
                }
            }
            at = read;
        }
        Ok(())
    }

    /// Where to read on. Who was never here marks all dossiers that there are.
    pub(in crate::facade) async fn begin(&self, own: &Session) -> Result<u64, Error> {
        let (kind, key) = POSITION;
        if let Some(seq) = own.record(kind, key).await?.and_then(|record| record.body["seq"].as_u64()) {
            return Ok(seq);
        }
        let head = self.0.context.head();
        self.mark_all(own, head).await?;
        own.apply(position(head)).await?;
        Ok(head)
    }

    /// Reads a batch after a change, marks what it is about, and says up to which change that was.
    async fn follow_once(
        &self,
        own: &Session,
        feed: &FeedReader,
        after: u64,
        kept: &mut u64,
    ) -> Result<u64, Error> {
        let changes = match feed.changes(after, BATCH).await {
            Ok(changes) => changes,
            // What lies between is not kept any more: all dossiers are looked at instead.
            Err(dinh_context::Error::Store(StoreError::Trimmed { first })) => {
                let reached = first.saturating_sub(1);
                self.mark_all(own, reached).await?;
                own.apply(position(reached)).await?;
                *kept = reached;
                return Ok(reached);
            }
            Err(error) => return Err(error.into()),
        };
        let Some(last) = changes.last() else { return Ok(after) };
        let seq = last.change.seq;
        let mut ops: Vec<Op> = Vec::new();
        let dossier = self.names().of("Dossier");
        for recorded in &changes {
            if is_news(recorded, own.tenant(), &dossier) {
                let change = &recorded.change;
                ops.push(keep::news(&change.entity, change.seq, change.at));
            }
        }
        if !ops.is_empty() || seq.saturating_sub(*kept) > FAR {
            let any = !ops.is_empty();
            ops.push(position(seq));
            own.commit(Commit::atomic(ops)).await?;
            *kept = seq;
            if any {
                self.0.news.notify_waiters();
            }
        }
        Ok(seq)
    }

    /// Marks all dossiers of national procedures.
    pub(in crate::facade) async fn mark_all(&self, own: &Session, change: u64) -> Result<usize, Error> {
        let mut marked = 0;
        loop {
            let query = EntityQuery {
                q: Some(Q::Exists(Path::attribute(self.names().of("procedure")))),
                offset: marked,
                limit: PORTION,
                ..EntityQuery::of_type(self.names().of("Dossier"))
            };
            let page = own.query(query).await?;
            let now = self.now();
            let ops = page.entities.iter().map(|stored| keep::news(&stored.entity.id, change, now));
            let ops: Vec<Op> = ops.collect();
            let read = ops.len();
            if read > 0 {
                own.commit(Commit::atomic(ops)).await?;
            }
            marked += read;
            if read < PORTION {
                self.0.news.notify_waiters();
                return Ok(marked);
            }
        }
    }
}

fn is_news(recorded: &Recorded, tenant: &Tenant, dossier: &dinh_model::Term) -> bool {
    let change = &recorded.change;
    change.tenant == *tenant && change.kind != ChangeKind::Deleted && change.types.contains(dossier)
}

fn position(seq: u64) -> Op {
    let (kind, key) = POSITION;
    Op::PutRecord { kind: kind.to_owned(), key: key.to_owned(), body: json!({"seq": seq}) }
}
