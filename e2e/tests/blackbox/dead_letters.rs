//! Records that could not be mapped: kept with the reason, corrected, replayed.

use anyhow::{Context as _, ensure};
use dinh_e2e::{PATIENCE, Packs, Server, Test, until};
use serde_json::json;

use crate::vocabulary::{GAUGE_MAP, dead_letters, exists, gauge_id, level_becomes, record};

#[tokio::test]
async fn a_bad_record_is_kept_corrected_and_replayed() -> Test {
    let mut packs = Packs::new()?;
    packs.feed("day", &format!("[source]\nkind = \"http-push\"\n{GAUGE_MAP}"))?;
    let mut server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let api = server.tenant(packs.tenant())?;
    let records = json!([record("a", &json!(1.5)), record("b", &json!("cao lắm")), record("c", &json!(3.5))]);
    api.post("/api/v1/thu/feeds/thu/day/records", &records).await?;
    level_becomes(&api, "a", 1.5).await?;
    level_becomes(&api, "c", 3.5).await?;
    let letters = until("the bad record is a dead letter", PATIENCE, || async {
        let letters = dead_letters(&api, "day").await?;
        Ok((!letters.is_empty()).then_some(letters))
    })
    .await?;
    ensure!(letters.len() == 1, "{letters:?}");
    let told = letters[0].to_string();
    ensure!(told.contains("cao lắm") && told.contains("level"), "the record and the field are named: {told}");

    server.kill().await?;
    server.start_again().await?;
    let api = server.tenant(packs.tenant())?;
    let letter =
        dead_letters(&api, "day").await?.into_iter().next().context("the dead letter survives kill -9")?;
    let id = letter["id"].as_str().map_or_else(|| letter["id"].to_string(), str::to_owned);
    let at = format!("/api/v1/thu/feeds/thu/day/dead-letters/{id}");
    let still_bad = api.put(&at, &record("b", &json!("vẫn cao"))).await?;
    ensure!((400..500).contains(&still_bad.status), "{} {}", still_bad.status, still_bad.text());
    ensure!(!exists(&api, &gauge_id("b")).await?);

    let mended = api.put(&at, &record("b", &json!(2.5))).await?;
    ensure!((200..300).contains(&mended.status), "{} {}", mended.status, mended.text());
    level_becomes(&api, "b", 2.5).await?;
    until("the dead letter is gone", PATIENCE, || async {
        Ok(dead_letters(&api, "day").await?.is_empty().then_some(()))
    })
    .await
}
