//! The command line, as a stranger meets it.

use anyhow::ensure;
use dinh_e2e::{Server, Test, run};
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id};

#[tokio::test]
async fn help_names_every_command_and_each_command_explains_itself() -> Test {
    let folder = tempfile::tempdir()?;
    let help = run(folder.path(), ["--help"]).await?.succeeded()?.out;
    let commands = [
        "serve",
        "demo",
        "load",
        "procedures",
        "replay",
        "query",
        "export",
        "backup",
        "restore",
        "verify",
        "doctor",
        "openapi",
        "config",
    ];
    for command in commands {
        ensure!(help.contains(command), "{command} is not in the help:\n{help}");
        let own = run(folder.path(), [command, "--help"]).await?.succeeded()?.out;
        ensure!(own.contains("Usage: dinh"), "{own}");
    }
    let unknown = run(folder.path(), ["paly"]).await?.refused()?;
    ensure!(unknown.err.contains("paly"), "{}", unknown.err);
    Ok(())
}

#[tokio::test]
async fn configuration_tells_where_each_value_comes_from() -> Test {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("dinh.toml"), "[store]\nreaders = 2\n")?;
    let told = run(folder.path(), ["config", "--listen", "127.0.0.1:9999"]).await?.succeeded()?.out;
    let line = |key: &str| told.lines().find(|l| l.starts_with(key)).unwrap_or_default().to_owned();
    ensure!(line("listen").contains("9999") && line("listen").contains("command line"), "{told}");
    ensure!(line("store.readers").contains('2') && line("store.readers").contains("dinh.toml"), "{told}");
    ensure!(line("http.max_body").contains("default"), "{told}");
    std::fs::write(folder.path().join("dinh.toml"), "[store]\nraeders = 2\n")?;
    let refused = run(folder.path(), ["config"]).await?.refused()?;
    ensure!(refused.err.contains("raeders"), "{}", refused.err);
    Ok(())
}

#[tokio::test]
async fn entities_are_queried_counted_and_exported() -> Test {
    let folder = tempfile::tempdir()?;
    let server = Server::start().await?;
    let api = server.api()?;
    let both = json!([gauge("a", 1.0), gauge("b", 2.0)]);
    api.post("/ngsi-ld/v1/entityOperations/create", &both).await?.expect(201)?;
    let url = ["--url", server.url()];

    let found =
        run(folder.path(), ["query", "--type", "RiverGauge", "--q", "waterLevel>1.5"].iter().chain(&url));
    let found = found.await?.succeeded()?.out;
    ensure!(found.contains(&gauge_id("b")) && !found.contains(&gauge_id("a")), "{found}");
    let count = run(folder.path(), ["query", "--type", "RiverGauge", "--count"].iter().chain(&url))
        .await?
        .succeeded()?;
    ensure!(count.out.trim() == "2", "{}", count.out);

    let lines = run(folder.path(), ["export"].iter().chain(&url)).await?.succeeded()?.out;
    let entities: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(entities.len() == 2 && entities.iter().all(|e| e["waterLevel"]["value"].is_number()), "{lines}");
    let arguments = ["export", "--form", "geojson", "--to", "out.geojson"];
    run(folder.path(), arguments.iter().chain(&url)).await?.succeeded()?;
    let written: Value = serde_json::from_slice(&std::fs::read(folder.path().join("out.geojson"))?)?;
    ensure!(written["features"].as_array().is_some_and(|f| f.len() == 2), "{written}");
    let table = run(folder.path(), ["export", "--form", "csv"].iter().chain(&url)).await?.succeeded()?.out;
    ensure!(table.lines().count() == 3 && table.contains("waterLevel"), "{table}");
    Ok(())
}

#[tokio::test]
async fn what_was_exported_can_be_loaded_again() -> Test {
    let folder = tempfile::tempdir()?;
    let (first, second) = (Server::start().await?, Server::start().await?);
    first.api()?.create(&gauge("a", 1.25)).await?;
    run(folder.path(), ["export", "--url", first.url(), "--to", "all.ndjson"]).await?.succeeded()?;
    run(folder.path(), ["load", "all.ndjson", "--url", second.url()]).await?.succeeded()?;
    let path = crate::vocabulary::path(&gauge_id("a"));
    ensure!(first.api()?.json(&path).await? == second.api()?.json(&path).await?);
    Ok(())
}

#[tokio::test]
async fn the_openapi_document_and_the_doctor_speak_without_a_server() -> Test {
    let folder = tempfile::tempdir()?;
    let document = run(folder.path(), ["openapi"]).await?.succeeded()?.out;
    let document: Value = serde_json::from_str(&document)?;
    ensure!(document["info"]["title"].is_string(), "{}", document["info"]);
    let told = run(folder.path(), ["doctor", "--data", "data"]).await?.succeeded()?.out;
    ensure!(told.lines().count() >= 3, "{told}");
    Ok(())
}
