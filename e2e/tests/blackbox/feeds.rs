//! Data in: pushed, published, dropped into a folder, replayed.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Broker, PATIENCE, Packs, Server, Test, run, until};
use serde_json::{Value, json};

use crate::vocabulary::{GAUGE_MAP, dead_letters, exists, gauge_id, level_becomes, now, path, record};

async fn serve(packs: &Packs) -> Result<(Server, Api)> {
    let server = Server::start_with(&["--packs".as_ref(), packs.path().as_os_str()]).await?;
    let api = server.tenant(packs.tenant())?;
    Ok((server, api))
}

#[tokio::test]
async fn pushed_records_become_entities_with_unit_and_time() -> Test {
    let mut packs = Packs::new()?;
    packs.feed("day", &format!("[source]\nkind = \"http-push\"\n{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    let records = json!([record("a", &json!(1.5)), record("b", &json!("2.5"))]);
    let reply = api.post("/api/v1/thu/feeds/thu/day/records", &records).await?;
    ensure!((200..300).contains(&reply.status), "{} {}", reply.status, reply.text());
    let entity = level_becomes(&api, "a", 1.5).await?;
    ensure!(entity["waterLevel"]["unitCode"] == "MTR", "{entity}");
    ensure!(entity["waterLevel"]["observedAt"].is_string(), "{entity}");
    level_becomes(&api, "b", 2.5).await?;

    let csv = format!("id,time,level\nc,{},3.5\n", now());
    let reply = api.post_bytes("/api/v1/thu/feeds/thu/day/records", "text/csv", csv).await?;
    ensure!((200..300).contains(&reply.status), "{} {}", reply.status, reply.text());
    level_becomes(&api, "c", 3.5).await?;
    Ok(())
}

#[tokio::test]
async fn published_messages_become_entities_also_after_the_broker_was_away() -> Test {
    let mut broker = Broker::start().await?;
    let mut packs = Packs::new()?;
    let source =
        format!("[source]\nkind = \"mqtt\"\nurl = \"{}\"\ntopics = [\"tram/+/muc-nuoc\"]\n", broker.url());
    packs.feed("mqtt", &format!("{source}{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    let station = broker.client("station", "nothing").await?;
    until("the first message arrives", PATIENCE, || async {
        // Whether the feed has subscribed already cannot be seen from outside, so the station repeats itself.
        station.publish("tram/a/muc-nuoc", record("a", &json!(1.5)).to_string().into_bytes()).await?;
        Ok((api.get(&path(&gauge_id("a"))).await?.status == 200).then_some(()))
    })
    .await?;
    broker.kill().await?;
    broker.start_again().await?;
    let station = broker.client("station-2", "nothing").await?;
    until("a message arrives after the broker came back", PATIENCE, || async {
        station.publish("tram/a/muc-nuoc", record("a", &json!(2.5)).to_string().into_bytes()).await?;
        let entity = api.json(&path(&gauge_id("a"))).await?;
        Ok((entity["waterLevel"]["value"] == json!(2.5)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_message_that_is_not_json_stops_nothing() -> Test {
    let broker = Broker::start().await?;
    let mut packs = Packs::new()?;
    let source = format!("[source]\nkind = \"mqtt\"\nurl = \"{}\"\ntopics = [\"tram/#\"]\n", broker.url());
    packs.feed("mqtt", &format!("{source}{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    let station = broker.client("station", "nothing").await?;
    until("the broken message is kept with its reason", PATIENCE, || async {
        station.publish("tram/a", b"\xff\xfe not json".to_vec()).await?;
        Ok((!dead_letters(&api, "mqtt").await?.is_empty()).then_some(()))
    })
    .await?;
    station.publish("tram/a", record("a", &json!(1.5)).to_string().into_bytes()).await?;
    level_becomes(&api, "a", 1.5).await.map(drop)
}

#[tokio::test]
async fn files_dropped_into_a_folder_are_read_once_each() -> Test {
    let folder = tempfile::tempdir()?;
    let mut packs = Packs::new()?;
    let at = folder.path().display();
    let source = format!("[source]\nkind = \"folder\"\npath = \"{at}\"\nevery = \"1s\"\nsettle = \"1s\"\n");
    packs.feed("folder", &format!("{source}{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    std::fs::write(folder.path().join("one.csv"), format!("id,time,level\na,{},1.5\n", now()))?;
    std::fs::write(folder.path().join("two.json"), json!([record("b", &json!(2.5))]).to_string())?;
    level_becomes(&api, "a", 1.5).await?;
    level_becomes(&api, "b", 2.5).await?;
    // A file is known by its content: one that comes again under another name is not read again.
    api.delete(&path(&gauge_id("a"))).await?.expect(204)?;
    std::fs::copy(folder.path().join("one.csv"), folder.path().join("again.csv"))?;
    std::fs::write(folder.path().join("three.csv"), format!("id,time,level\nc,{},3.5\n", now()))?;
    level_becomes(&api, "c", 3.5).await?;
    ensure!(!exists(&api, &gauge_id("a")).await?, "read twice");
    Ok(())
}

/// An hour of levels, one a minute.
fn recording() -> Result<String> {
    let mut text = "id,time,level\n".to_owned();
    for minute in 0..60 {
        writeln!(text, "a,2025-10-01T00:{minute:02}:00+07:00,{}.5", minute % 5)?;
    }
    Ok(text)
}

const REPLAY: &str =
    "[source]\nkind = \"replay\"\npath = \"recordings/a.csv\"\ntime_column = \"time\"\nspeed = 60.0\n";

/// Waits for a replayed level, which says of when it is and carries a time of today.
async fn replayed(api: &Api) -> Test {
    let entity = until("a replayed value arrives", PATIENCE, || async {
        let reply = api.get(&path(&gauge_id("a"))).await?;
        if reply.status == 200 { reply.json().map(Some) } else { Ok(None) }
    })
    .await?;
    let level = &entity["waterLevel"];
    ensure!(level["replayOf"]["value"].as_str().is_some_and(|t| t.starts_with("2025-")), "{level}");
    let shown: jiff::Timestamp = level["observedAt"].as_str().unwrap_or_default().parse()?;
    let age = now().parse::<jiff::Timestamp>()?.duration_since(shown);
    ensure!(!age.is_negative() && age.as_secs() < 24 * 3600, "{level} is {age:?} old");
    Ok(())
}

#[tokio::test]
async fn a_replayed_value_says_so_and_carries_a_time_of_today() -> Test {
    let mut packs = Packs::new()?;
    packs.write("thu/recordings/a.csv", recording()?)?;
    packs.feed("replay", &format!("{REPLAY}{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    replayed(&api).await
}

#[tokio::test]
async fn a_recording_is_replayed_into_a_folder_from_the_command_line() -> Test {
    let mut packs = Packs::new()?;
    packs.write("thu/recordings/a.csv", recording()?)?;
    packs.feed("replay", &format!("{REPLAY}{GAUGE_MAP}"))?;
    let folder = tempfile::tempdir()?;
    let words = ["replay", "thu/replay", "--tenant", "thu", "--seconds", "3", "--data", "d", "--packs"];
    let arguments = words.iter().map(std::ffi::OsStr::new).chain([packs.path().as_os_str()]);
    run(folder.path(), arguments).await?.succeeded()?;
    let server = Server::start_in::<&str>(&folder.path().join("d"), &[]).await?;
    replayed(&server.tenant("thu")?).await
}

#[tokio::test]
async fn a_source_tells_its_health_and_its_silence() -> Test {
    let mut packs = Packs::new()?;
    packs.feed("day", &format!("silent_after = \"2s\"\n[source]\nkind = \"http-push\"\n{GAUGE_MAP}"))?;
    let (_server, api) = serve(&packs).await?;
    let health = |feeds: &Value| feeds.to_string();
    ensure!(health(&api.json("/api/v1/thu/feeds").await?).contains("day"));
    api.post("/api/v1/thu/feeds/thu/day/records", &json!([record("a", &json!(1.5))])).await?;
    level_becomes(&api, "a", 1.5).await?;
    until("the source is reported silent", PATIENCE, || async {
        Ok(health(&api.json("/api/v1/thu/feeds").await?).contains("silent").then_some(()))
    })
    .await?;
    until("its silence is an entity too", PATIENCE, || async {
        let feed = api.json("/ngsi-ld/v1/entities/urn:ngsi-ld:Feed:thu:day").await?;
        Ok((feed["status"]["value"] == "silent").then_some(()))
    })
    .await
}
