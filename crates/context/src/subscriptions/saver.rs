//! The saver: writes positions and counters, twice a second, in one commit.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dinh_model::Tenant;
use dinh_store::{Commit, Op};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::entry::Saved;
use crate::Error;

/// Time between two saves.
const EVERY: Duration = Duration::from_millis(500);
/// Kind of record.
pub(super) const STATE: &str = "subscription-state";
/// Name of the cursor up to which idle subscriptions have seen everything.
pub(super) const CURSOR: &str = "subscriptions";
/// Name of the cursor that keeps the feed from being trimmed past the slowest subscription.
const SLOWEST: &str = "subscriptions-slowest";

/// Saves until `stop`.
pub(super) async fn run(shared: &Arc<Shared>, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => save(shared).await,
            () = stop.cancelled() => return,
        }
    }
}

/// Saves what has changed since the last save. What cannot be saved now is tried again.
pub(super) async fn save(shared: &Arc<Shared>) {
    if let Err(error) = save_now(shared).await {
        tracing::warn!(%error, "positions of subscriptions were not saved; they will be tried again");
    }
}

/// The same; what has changed before this was called is durable when it returns.
pub(super) async fn save_now(shared: &Arc<Shared>) -> Result<(), Error> {
    let _saving = shared.saving.lock().await;
    // Read before the entries: whatever is handed out from here on either still waits in an entry, and is then part
    // of its saved position, or lies behind this number and is matched again after a crash.
    let handed = shared.handed.load(Ordering::SeqCst);
    let mut slowest = handed;
    let mut ops = Vec::new();
    let mut saved = Vec::new();
    for entry in shared.book.all() {
        let (state, dirty) = entry.snapshot();
        slowest = slowest.min(state.position.unwrap_or(handed));
        if dirty {
            ops.push(put(&entry.tenant, &entry.id, &state));
            saved.push((entry, state));
        }
    }
    if ops.is_empty() && handed == shared.saved_up_to.load(Ordering::SeqCst) {
        return Ok(());
    }
    ops.push(Op::SaveCursor { name: CURSOR.to_owned(), seq: handed });
    ops.push(Op::SaveCursor { name: SLOWEST.to_owned(), seq: slowest });
    shared.write(Commit::atomic(ops)).await?;
    shared.saved_up_to.store(handed, Ordering::SeqCst);
    for (entry, state) in saved {
        entry.mark_saved(&state);
    }
    Ok(())
}

fn put(tenant: &Tenant, id: &str, state: &Saved) -> Op {
    let body = serde_json::to_value(state).unwrap_or_default();
    Op::PutRecord { kind: STATE.to_owned(), key: key(tenant, id), body }
}

/// Key of a subscription's records: all tenants' are kept with the default one, so that one commit saves them all.
pub(super) fn key(tenant: &Tenant, id: &str) -> String {
    format!("{tenant}/{id}")
}
