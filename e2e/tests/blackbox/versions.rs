//! Optimistic concurrency by version, and writes that are done once however often they are sent.

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Reply, Server, Test};
use reqwest::Method;
use serde_json::{Value, json};

use crate::vocabulary::{gauge, gauge_id, path, value};

async fn patch_with(api: &Api, header: (&str, &str), body: &Value) -> Result<Reply> {
    let request = api.request(Method::PATCH, &format!("{}/attrs", path(&gauge_id("a"))));
    api.send(request.header(header.0, header.1).json(body)).await
}

fn level(height: f64) -> Value {
    json!({"waterLevel": {"type": "Property", "value": height}})
}

#[tokio::test]
async fn of_two_writers_that_read_the_same_version_only_the_first_succeeds() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let read = api.get(&path(&gauge_id("a"))).await?.expect(200)?;
    let version = read.header("etag").to_owned();
    ensure!(!version.is_empty(), "an entity carries its version");
    patch_with(&api, ("if-match", &version), &level(2.0)).await?.expect(204)?;
    patch_with(&api, ("if-match", &version), &level(3.0)).await?.expect_problem(412)?;
    let now = api.get(&path(&gauge_id("a"))).await?.expect(200)?;
    ensure!(*value(&now.json()?, "waterLevel") == json!(2.0) && now.header("etag") != version);
    let known = api.request(Method::GET, &path(&gauge_id("a"))).header("if-none-match", now.header("etag"));
    api.send(known).await?.expect(304)?;
    Ok(())
}

#[tokio::test]
async fn a_write_with_a_key_is_done_once_also_after_kill_9() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    let create = |api: Api, level: f64| async move {
        let request = api.request(Method::POST, "/ngsi-ld/v1/entities").header("idempotency-key", "lan-1");
        api.send(request.json(&gauge("a", level))).await
    };
    create(api.clone(), 1.0).await?.expect(201)?;
    create(api, 1.0).await?.expect(201)?;
    server.kill().await?;
    server.start_again().await?;
    let api = server.api()?;
    create(api.clone(), 1.0).await?.expect(201)?;
    let other = create(api.clone(), 2.0).await?;
    ensure!((400..500).contains(&other.status), "another body under the same key: {}", other.status);
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(1.0));
    Ok(())
}
