//! Backup and restore, while the server runs and people write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context as _, ensure};
use dinh_e2e::{PATIENCE, Server, Test, run, until};
use serde_json::json;

use crate::vocabulary::{gauge, level, value};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_under_load_restores_to_a_clean_graph() -> Test {
    let folder = tempfile::tempdir()?;
    let (data, copy, restored) =
        (folder.path().join("a"), folder.path().join("copy"), folder.path().join("b"));
    let server = Server::start_in::<&str>(&data, &[]).await?;
    let api = server.api()?;
    let gauges: Vec<_> = (0..200).map(|i| gauge(&format!("g{i}"), 0.0)).collect();
    api.post("/ngsi-ld/v1/entityOperations/create", &json!(gauges)).await?.expect(201)?;

    let (ended, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writer = tokio::spawn({
        let (api, ended, written) = (api.clone(), Arc::clone(&ended), Arc::clone(&written));
        async move {
            let mut step = 0;
            while !ended.load(Ordering::SeqCst) {
                step += 1;
                // Both gauges change in one batch: a consistent copy has them within one step of each other.
                let pair = json!([level("g0", f64::from(step)), level("g1", f64::from(step))]);
                api.post("/ngsi-ld/v1/entityOperations/update", &pair).await?.expect(204)?;
                written.fetch_add(1, Ordering::SeqCst);
            }
            anyhow::Ok(())
        }
    });
    until("the writer has begun", PATIENCE, || async {
        Ok((written.load(Ordering::SeqCst) > 5).then_some(()))
    })
    .await?;
    let before = written.load(Ordering::SeqCst);
    let arguments =
        ["backup".as_ref(), "--data".as_ref(), data.as_os_str(), "--to".as_ref(), copy.as_os_str()];
    run(folder.path(), arguments).await?.succeeded()?;
    ended.store(true, Ordering::SeqCst);
    writer.await??;

    let arguments =
        ["restore".as_ref(), "--data".as_ref(), restored.as_os_str(), "--from".as_ref(), copy.as_os_str()];
    run(folder.path(), arguments).await?.succeeded()?;
    run(folder.path(), ["verify".as_ref(), "--data".as_ref(), restored.as_os_str()]).await?.succeeded()?;
    let second = Server::start_in::<&str>(&restored, &[]).await?;
    let found = second.api()?.query("type=RiverGauge&limit=1000").await?;
    ensure!(found.len() == 200, "{} gauges", found.len());
    let step = |name: &str| {
        let entity =
            found.iter().find(|e| e["id"] == crate::vocabulary::gauge_id(name)).context("the gauge")?;
        value(entity, "waterLevel").as_f64().context("its level")
    };
    let (first, other) = (step("g0")?, step("g1")?);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand steps at most")]
    let least = before as f64;
    ensure!(
        first >= least && (first - other).abs() <= 1.0,
        "{first} and {other}, {before} before the backup"
    );
    Ok(())
}

#[tokio::test]
async fn a_backup_never_overwrites_and_a_restore_never_mixes() -> Test {
    let folder = tempfile::tempdir()?;
    let (data, copy) = (folder.path().join("a"), folder.path().join("copy"));
    let mut server = Server::start_in::<&str>(&data, &[]).await?;
    server.api()?.create(&gauge("a", 1.0)).await?;
    let backup = ["backup".as_ref(), "--data".as_ref(), data.as_os_str(), "--to".as_ref(), copy.as_os_str()];
    run(folder.path(), backup).await?.succeeded()?;
    run(folder.path(), backup).await?.refused()?;
    server.stop().await?;
    let restore =
        ["restore".as_ref(), "--data".as_ref(), data.as_os_str(), "--from".as_ref(), copy.as_os_str()];
    let refused = run(folder.path(), restore).await?.refused()?;
    ensure!(!refused.err.trim().is_empty());
    std::fs::write(folder.path().join("junk"), b"not a backup")?;
    let (junk, empty) = (folder.path().join("junk"), folder.path().join("c"));
    let restore =
        ["restore".as_ref(), "--data".as_ref(), empty.as_os_str(), "--from".as_ref(), junk.as_os_str()];
    run(folder.path(), restore).await?.refused()?;
    Ok(())
}
