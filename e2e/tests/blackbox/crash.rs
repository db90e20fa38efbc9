//! kill -9 at random moments, under load.

use anyhow::ensure;
use dinh_e2e::{Test, rounds, survive_kills};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_no_acknowledged_update_and_forgets_no_notification() -> Test {
    let tally = survive_kills(rounds(5)).await?;
    ensure!(tally.updates > 0 && tally.notifications > 0, "{tally:?}");
    Ok(())
}
