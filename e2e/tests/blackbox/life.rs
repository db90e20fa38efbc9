//! Starting, answering for its health, being watched, stopping.

use std::time::Duration;

use anyhow::ensure;
use dinh_e2e::{PATIENCE, Server, Test, run, until};

use crate::vocabulary::{exists, gauge, gauge_id};

#[tokio::test]
async fn a_started_server_is_healthy_ready_and_describes_itself() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.get("/health").await?.expect(200)?;
    until("it is ready", PATIENCE, || async { Ok((api.get("/ready").await?.status == 200).then_some(())) })
        .await?;
    let document = api.json("/openapi.json").await?;
    ensure!(document["openapi"].as_str().is_some_and(|v| v.starts_with("3.")), "{}", document["openapi"]);
    for path in ["/ngsi-ld/v1/entities", "/ngsi-ld/v1/subscriptions", "/ngsi-ld/v1/entityOperations/upsert"] {
        ensure!(document["paths"].get(path).is_some(), "{path} is not described");
    }
    Ok(())
}

#[tokio::test]
async fn metrics_count_what_happens() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let metrics = api.get("/metrics").await?.expect(200)?.text();
    let samples: Vec<&str> = metrics.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    ensure!(samples.len() > 5, "{metrics}");
    for sample in samples {
        let number = sample.rsplit(' ').next().unwrap_or_default();
        ensure!(number.parse::<f64>().is_ok(), "not a sample: {sample}");
    }
    Ok(())
}

#[tokio::test]
async fn a_graceful_stop_is_quick_and_keeps_everything() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let stopped = server.stop().await?;
    ensure!(stopped.status == Some(0), "{stopped:?}\n{}", server.log());
    ensure!(stopped.took < Duration::from_secs(15), "{stopped:?}");
    run(server.data(), ["verify".as_ref(), "--data".as_ref(), server.data().as_os_str()])
        .await?
        .succeeded()?;
    server.start_again().await?;
    ensure!(exists(&server.api()?, &gauge_id("a")).await?);
    Ok(())
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() -> Test {
    let server = Server::start().await?;
    let data = server.data().as_os_str();
    let arguments = ["serve".as_ref(), "--data".as_ref(), data, "--listen".as_ref(), "127.0.0.1:0".as_ref()];
    let refused = run(server.data(), arguments).await?.refused()?;
    ensure!(!refused.err.trim().is_empty(), "the reason is told");
    server.api()?.get("/health").await?.expect(200)?;
    Ok(())
}

#[tokio::test]
async fn an_address_that_cannot_be_taken_is_named() -> Test {
    let folder = tempfile::tempdir()?;
    let server = Server::start().await?;
    let taken = server.url().trim_start_matches("http://");
    let refused = run(folder.path(), ["serve", "--data", "d", "--listen", taken]).await?.refused()?;
    ensure!(refused.err.contains(taken), "{}", refused.err);
    let refused = run(folder.path(), ["serve", "--data", "e", "--listen", "nowhere"]).await?.refused()?;
    ensure!(refused.err.contains("nowhere"), "{}", refused.err);
    Ok(())
}
