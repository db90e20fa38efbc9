//! Taking away snapshots that have ended or were let go.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::content::empty;
use crate::{Context, Error};

/// How often it is looked which have ended.
const LOOK: Duration = Duration::from_secs(5);
/// How long a place is not given away after it was emptied, in microseconds: whoever was in it at the end is gone by then.
const REST: i64 = 600 * 1_000_000;

/// Takes them away until `stop`.
pub(crate) async fn run(house: &Context, stop: &CancellationToken) {
    loop {
        if let Err(error) = sweep(house).await {
            tracing::error!(%error, "a snapshot could not be taken away");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = house.snapshots().swept.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn sweep(house: &Context) -> Result<(), Error> {
    let (snapshots, now) = (house.snapshots(), house.clock().now());
    for kept in snapshots.all() {
        if kept.holds(now) {
            continue;
        }
        if !kept.gone {
            let _writing = snapshots.writing.lock().await;
            // It may have been given more time meanwhile.
            let still = snapshots.find(&kept.tenant, kept.snapshot.id.as_str());
            if let Some(kept) = still.filter(|kept| !kept.holds(now)) {
                snapshots.let_go(house, &kept).await?;
            }
            continue;
        }
        house.subscriptions().remove_all(&kept.place()).await?;
        empty(house, &kept.place()).await?;
        if now.micros_since(kept.snapshot.expires_at) > REST {
            snapshots.forget(house, &kept).await?;
        }
    }
    Ok(())
}
