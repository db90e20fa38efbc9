//! Starting, answering for its health, being watched, stopping.

use std::time::Duration;

use anyhow::ensure;
use dinh_e2e::{PATIENCE, Packs, Server, Test, run, until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
async fn a_stop_ends_live_events_and_waits_for_nobody_who_follows_them() -> Test {
    let packs = Packs::new()?;
    let mut server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut browser = TcpStream::connect(&address).await?;
    let request = format!("GET /api/v1/{}/events HTTP/1.1\r\nHost: {address}\r\n\r\n", packs.tenant());
    browser.write_all(request.as_bytes()).await?;
    let mut first = [0; 4096];
    let read = browser.read(&mut first).await?;
    ensure!(first.get(..read).is_some_and(|head| head.starts_with(b"HTTP/1.1 200")), "{first:?}");
    let stopped = server.stop().await?;
    ensure!(stopped.status == Some(0), "{stopped:?}\n{}", server.log());
    ensure!(!server.log().contains("still open"), "{}", server.log());
    let mut rest = Vec::new();
    browser.read_to_end(&mut rest).await?;
    ensure!(rest.ends_with(b"0\r\n\r\n"), "cut off: {}", String::from_utf8_lossy(&rest));
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
