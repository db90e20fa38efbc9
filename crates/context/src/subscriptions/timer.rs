//! Subscriptions by time (`timeInterval`): the entities that match, every so often, changed or not.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::Entity;
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::subscription::Subscription;
use tokio_util::sync::CancellationToken;

use super::entry::Entry;
use super::{Shared, behind, notice, sender};
use crate::Error;

/// How often it is looked whose time has come.
const TICK: Duration = Duration::from_millis(250);
/// Most entities in one notification.
const MOST: usize = 1_000;

/// Notifies until `stop`.
pub(super) async fn run(shared: &Arc<Shared>, stop: &CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    let running = Arc::new(std::sync::Mutex::new(HashSet::new()));
    loop {
        tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => return }
        for entry in shared.book.timed() {
            if !is_due(shared, &entry) || !begin(&running, &entry) {
                continue;
            }
            let (shared, running) = (Arc::clone(shared), Arc::clone(&running));
            shared.clone().tasks.spawn(async move {
                if let Err(error) = notify(&shared, &entry).await {
                    tracing::error!(%error, subscription = entry.id, "a timed notification could not be made");
                }
                running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&entry.id);
            });
        }
    }
}

fn begin(running: &std::sync::Mutex<HashSet<String>>, entry: &Entry) -> bool {
    running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(entry.id.clone())
}

fn is_due(shared: &Shared, entry: &Entry) -> bool {
    let now = shared.clock.now();
    let Some(interval) = entry.subscription.interval_micros() else { return false };
    let due = entry.is_owed()
        || entry
            .counters()
            .deliveries
            .last_notification
            .is_none_or(|last| now.micros_since(last) >= interval);
    due && !entry.is_gone() && entry.is_active(now)
}

async fn notify(shared: &Shared, entry: &Entry) -> Result<(), Error> {
    let query = query_of(&entry.subscription);
    let Ok(grant) = shared.reading_of(entry).await else { return Ok(()) };
    let page = shared.store.query(&grant, &query).await?;
    let now = shared.clock.now();
    if page.entities.is_empty() {
        entry.paid();
        return Ok(());
    }
    let entities: Vec<&Entity> = page.entities.iter().map(|stored| stored.entity.as_ref()).collect();
    let linked = behind::linked(shared, &grant, entry, &entities).await?;
    let message = notice::timed(entry, (&page.entities, linked.as_ref()), &shared.fresh_id(), now);
    sender::attempt(shared, entry, &message, now).await;
    entry.paid();
    Ok(())
}

fn query_of(subscription: &Subscription) -> EntityQuery {
    EntityQuery {
        selectors: subscription.entities.clone(),
        attrs: subscription.watched.clone(),
        q: subscription.q.clone(),
        scopes: subscription.scopes.as_ref().map(|(scopes, _)| scopes.clone()),
        geo: subscription.geo.as_ref().map(|geo| geo.query.clone()),
        limit: MOST,
        ..EntityQuery::default()
    }
}
