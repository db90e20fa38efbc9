//! The log: one JSON object a line, in UTC, with what an investigation needs, and nowhere else.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{PATIENCE, Server, Test, until};
use reqwest::Method;
use serde_json::Value;

use crate::vocabulary::gauge;

const ENTITIES: &str = "/ngsi-ld/v1/entities";
/// How the request calls itself that the test looks for.
const NAMED: &str = "yeu-cau-cua-bai-thu-9917";

fn holds(folder: &Path, text: &str) -> Result<bool> {
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let found = if path.is_dir() {
            holds(&path, text)?
        } else {
            std::fs::read(&path)?.windows(text.len()).any(|window| window == text.as_bytes())
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

#[tokio::test]
async fn every_line_is_an_event_with_the_time_in_utc_and_refusals_are_among_them() -> Test {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("dinh.toml"), "[log]\nformat = \"json\"\n")?;
    let before = crate::vocabulary::now();
    let mut server = Server::start_in(&folder.path().join("data"), &["--config", "dinh.toml"]).await?;
    let api = server.api()?;
    let foreign = api.request(Method::POST, ENTITIES).header("origin", "http://evil.example");
    let foreign = foreign.header("x-request-id", NAMED).json(&gauge("a", 1.0));
    let refused = api.send(foreign).await?.expect(403)?;
    ensure!(refused.header("x-request-id") == NAMED);
    api.get(&format!("{ENTITIES}?limt=3")).await?.expect(400)?;
    let logged = || async { Ok((server.log().matches("\"refused\"").count() >= 2).then_some(())) };
    until("both refusals are in the log", PATIENCE, logged).await?;
    server.stop().await?;

    let (log, after) = (server.log(), crate::vocabulary::now());
    let mut refusals = Vec::new();
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let at = event["timestamp"].as_str().with_context(|| line.to_owned())?;
        ensure!(at.ends_with('Z'), "{at} is not UTC");
        let at: jiff::Timestamp = at.parse()?;
        ensure!(
            before.parse::<jiff::Timestamp>()? <= at && at <= after.parse()?,
            "{at} is not the time: {line}"
        );
        ensure!(event["level"].is_string() && event["target"].is_string(), "{line}");
        if event["message"] == "refused" {
            refusals.push(event);
        }
    }
    let told = |name: &str| refusals.iter().map(|event| event[name].clone()).collect::<Vec<_>>();
    ensure!(told("status") == [403, 400] && told("from") == ["127.0.0.1", "127.0.0.1"], "{refusals:#?}");
    ensure!(refusals.iter().all(|event| event["span"]["route"] == ENTITIES), "{refusals:#?}");
    ensure!(refusals.first().is_some_and(|event| event["span"]["request"] == NAMED), "{refusals:#?}");
    for place in ["data", "data-keys"] {
        ensure!(!holds(&folder.path().join(place), NAMED)?, "{place} holds what belongs to the log");
    }
    Ok(())
}
