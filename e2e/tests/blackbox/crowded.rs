//! More requests than are worked on at once.

use std::time::Duration;

use anyhow::ensure;
use dinh_e2e::{Api, Method, PATIENCE, Server, Source, Test, until};
use serde_json::json;

use crate::sources::register;

/// A server that works on one request at a time, and a source that takes a while for each answer.
async fn narrow(folder: &std::path::Path) -> anyhow::Result<(Server, Source)> {
    std::fs::write(folder.join("dinh.toml"), "[http]\nmax_concurrent = 1\n[outbound]\nallow = [\"*\"]\n")?;
    let server = Server::start_in(&folder.join("data"), &["--config", "dinh.toml"]).await?;
    let source = Source::slow(Duration::from_secs(3)).await?;
    source.say(&Method::GET, "/ngsi-ld/v1/entities", 200, Some(&json!([])));
    let api = server.api()?;
    register(&api, &source.url(), "inclusive", json!({"information": [{"entities": [{"type": "Bus"}]}]}))
        .await?;
    Ok((server, source))
}

/// Asks what takes a while, and goes on once it is being worked on.
async fn occupy(api: &Api, source: &Source) -> anyhow::Result<tokio::task::JoinHandle<anyhow::Result<u16>>> {
    let asking = tokio::spawn({
        let api = api.clone();
        async move { Ok(api.get("/ngsi-ld/v1/entities?type=Bus").await?.status) }
    });
    source.wait_for("it is asked", PATIENCE, |asked| !asked.is_empty()).await?;
    Ok(asking)
}

#[tokio::test]
async fn who_finds_no_room_is_told_when_to_come_again_and_the_others_are_served() -> Test {
    let folder = tempfile::tempdir()?;
    let (server, source) = narrow(folder.path()).await?;
    let api = server.api()?;
    let occupied = occupy(&api, &source).await?;

    let refused = api.get("/ngsi-ld/v1/entities?type=Bus").await?;
    ensure!(refused.header("retry-after") == "1", "{:?}", refused.headers);
    let problem = refused.expect_problem(503)?;
    ensure!(problem["detail"].as_str().is_some_and(|d| d.contains("the most at once")), "{problem}");
    let page = api.send(api.request(Method::GET, "/").header("accept-language", "vi")).await?.expect(503)?;
    ensure!(
        page.header("retry-after") == "1" && page.text().contains("Hệ thống đang bận"),
        "{}",
        page.text()
    );
    api.get("/health").await?.expect(200)?;

    ensure!(occupied.await?? == 200);
    api.get("/").await?.expect(303)?;
    let told = || async { Ok(server.log().contains("too much to do").then_some(())) };
    until("the refusals are told", PATIENCE, told).await?;
    ensure!(server.log().matches("too much to do").count() == 1, "each is told: {}", server.log());
    Ok(())
}
