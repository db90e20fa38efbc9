//! `dinh load`: many entities from files, counted, resumed, the refused ones kept with their reasons.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Result, ensure};
use dinh_e2e::{PATIENCE, Server, Test, dinh, run, until};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::vocabulary::{exists, gauge, gauge_id};

fn ndjson(names: impl Iterator<Item = String>) -> Result<String> {
    let mut text = String::new();
    for name in names {
        writeln!(text, "{}", gauge(&name, 1.0))?;
    }
    Ok(text)
}

async fn count(server: &Server) -> Result<String> {
    let reply =
        server.api()?.get("/ngsi-ld/v1/entities?type=RiverGauge&count=true&limit=0").await?.expect(200)?;
    Ok(reply.header("ngsild-results-count").to_owned())
}

#[tokio::test]
async fn a_file_is_loaded_into_a_running_server_and_into_a_folder() -> Test {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("g.ndjson"), ndjson((0..250).map(|i| format!("g{i}")))?)?;
    let mut server = Server::start_in::<&str>(&folder.path().join("data"), &[]).await?;
    let loaded = run(folder.path(), ["load", "g.ndjson", "--url", server.url()]).await?.succeeded()?;
    ensure!(format!("{}{}", loaded.out, loaded.err).contains("250"), "{} {}", loaded.out, loaded.err);
    ensure!(count(&server).await? == "250");
    server.stop().await?;

    let array: Vec<Value> = (0..30).map(|i| gauge(&format!("h{i}"), 2.0)).collect();
    std::fs::write(folder.path().join("h.json"), json!(array).to_string())?;
    run(folder.path(), ["load", "h.json", "--data", "data"]).await?.succeeded()?;
    server.start_again().await?;
    ensure!(count(&server).await? == "280");
    Ok(())
}

#[tokio::test]
async fn refused_records_are_counted_and_kept_with_their_reasons() -> Test {
    let folder = tempfile::tempdir()?;
    let mut text = ndjson(["a".to_owned(), "b".to_owned()].into_iter())?;
    text.push_str("{\"id\": \"no uri\", \"type\": \"RiverGauge\"}\n{\"broken\": \n");
    text.push_str(&gauge("c", 3.0).to_string());
    std::fs::write(folder.path().join("g.ndjson"), text)?;
    let server = Server::start_in::<&str>(&folder.path().join("data"), &[]).await?;
    let arguments = ["load", "g.ndjson", "--url", server.url(), "--rejects", "rejects.ndjson"];
    let told = run(folder.path(), arguments).await?;
    ensure!(count(&server).await? == "3", "{} {}", told.out, told.err);
    ensure!(exists(&server.api()?, &gauge_id("c")).await?);
    let rejects = std::fs::read_to_string(folder.path().join("rejects.ndjson"))?;
    ensure!(rejects.lines().count() == 2, "{rejects}");
    for line in rejects.lines() {
        ensure!(serde_json::from_str::<Value>(line)?.to_string().len() > 40, "a reason is given: {line}");
    }
    Ok(())
}

async fn load_until_some_arrived(folder: &Path, server: &Server) -> Test {
    let mut loading = Command::new(dinh()?)
        .args(["load", "g.ndjson", "--url", server.url()])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    until("some entities have arrived", PATIENCE, || async {
        Ok(count(server).await?.parse::<u64>().ok().filter(|n| *n >= 1_000))
    })
    .await?;
    loading.kill().await?;
    Ok(())
}

#[tokio::test]
async fn an_interrupted_load_goes_on_where_it_stopped() -> Test {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("g.ndjson"), ndjson((0..30_000).map(|i| format!("g{i}")))?)?;
    let server = Server::start_in::<&str>(&folder.path().join("data"), &[]).await?;
    load_until_some_arrived(folder.path(), &server).await?;
    let told = run(folder.path(), ["load", "g.ndjson", "--url", server.url()]).await?.succeeded()?;
    ensure!(count(&server).await? == "30000", "{} {}", told.out, told.err);
    Ok(())
}
