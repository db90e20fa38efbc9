//! The follower: hands each change of the feed to the subscriptions that it may concern.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dinh_store::Recorded;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::entry;

/// Changes read at once.
const BATCH: usize = 512;
/// Pause after the feed could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows the feed until `stop`.
pub(super) async fn run(shared: &Arc<Shared>, stop: &CancellationToken) {
    let mut head = shared.store.watch(&shared.feed);
    while !stop.is_cancelled() {
        let done = shared.handed.load(Ordering::SeqCst);
        match shared.store.changes(&shared.feed, done, BATCH).await {
            Ok(changes) if changes.is_empty() => {
                tokio::select! {
                    moved = head.changed() => if moved.is_err() { return },
                    () = stop.cancelled() => return,
                }
            }
            Ok(changes) => hand_out(shared, &changes).await,
            Err(dinh_store::Error::Trimmed { first }) => {
                skipped("all", done, first);
                shared.handing.store(first - 1, Ordering::SeqCst);
                shared.handed.store(first - 1, Ordering::SeqCst);
            }
            Err(error) => {
                tracing::error!(%error, "the change feed cannot be read for subscriptions");
                tokio::select! { () = tokio::time::sleep(PAUSE) => {}, () = stop.cancelled() => return }
            }
        }
    }
}

/// Says that changes were not told of: more were made while nobody followed than the feed holds. To wait for them would
/// mean to tell of nothing ever again.
pub(super) fn skipped(subscription: &str, after: u64, first: u64) {
    let missed = first.saturating_sub(after).saturating_sub(1);
    tracing::error!(subscription, missed, "changes that were trimmed from the feed are not told of");
    metrics::counter!("dinh_subscriptions_missed_total").increment(missed);
}

async fn hand_out(shared: &Arc<Shared>, changes: &[Arc<Recorded>]) {
    let Some(last) = changes.last() else { return };
    shared.handing.store(last.change.seq, Ordering::SeqCst);
    for recorded in changes {
        let change = &recorded.change;
        for entry in shared.book.candidates(&change.tenant, &change.types) {
            let grant = shared.reading_of(&entry).await;
            let concerns = grant.is_ok_and(|grant| entry.may_concern(recorded, grant.sight()));
            if concerns && entry.offer(recorded, shared.clock.now()) {
                entry::wake(shared, &entry);
            }
        }
    }
    shared.handed.store(last.change.seq, Ordering::SeqCst);
    metrics::counter!("dinh_subscriptions_changes_total").increment(changes.len() as u64);
}
