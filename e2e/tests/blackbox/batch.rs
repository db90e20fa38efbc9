//! Batch operations: many entities in one request, a result for each.

use anyhow::ensure;
use dinh_e2e::{Server, Test, rival_batches, rounds};
use serde_json::{Value, json};

use crate::vocabulary::{exists, gauge, gauge_id, level, path, value};

const OPERATIONS: &str = "/ngsi-ld/v1/entityOperations";

#[tokio::test]
async fn creating_tells_what_was_created_and_what_was_not() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let create = format!("{OPERATIONS}/create");
    let created = api.post(&create, &json!([gauge("a", 1.0), gauge("b", 2.0)])).await?.expect(201)?.json()?;
    ensure!(created == json!([gauge_id("a"), gauge_id("b")]), "{created}");

    let bad = json!({"id": gauge_id("bad"), "type": "RiverGauge", "waterLevel": {"type": "Property"}});
    let mixed = json!([gauge("b", 9.0), gauge("c", 3.0), bad]);
    let told = api.post(&create, &mixed).await?.expect(207)?.json()?;
    ensure!(told["success"] == json!([gauge_id("c")]), "{told}");
    let refused: Vec<&Value> = told["errors"].as_array().map(|e| e.iter().collect()).unwrap_or_default();
    ensure!(refused.len() == 2, "{told}");
    ensure!(refused.iter().all(|e| e["error"]["title"].is_string() && e["entityId"].is_string()), "{told}");
    ensure!(*value(&api.json(&path(&gauge_id("b"))).await?, "waterLevel") == json!(2.0));
    ensure!(!exists(&api, &gauge_id("bad")).await?);
    Ok(())
}

#[tokio::test]
async fn upserting_replaces_or_updates_as_told() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let upsert = format!("{OPERATIONS}/upsert");
    let first = api.post(&upsert, &json!([gauge("a", 1.0), gauge("b", 2.0)])).await?.expect(201)?.json()?;
    ensure!(first == json!([gauge_id("a"), gauge_id("b")]), "{first}");

    api.post(&format!("{upsert}?options=update"), &json!([level("a", 5.0)])).await?.expect(204)?;
    let updated = api.json(&path(&gauge_id("a"))).await?;
    ensure!(*value(&updated, "waterLevel") == json!(5.0) && updated.get("name").is_some(), "{updated}");

    api.post(&upsert, &json!([level("b", 6.0)])).await?.expect(204)?;
    let replaced = api.json(&path(&gauge_id("b"))).await?;
    ensure!(*value(&replaced, "waterLevel") == json!(6.0) && replaced.get("name").is_none(), "{replaced}");
    Ok(())
}

#[tokio::test]
async fn updating_merging_and_deleting_name_the_entities_that_are_not_there() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.post(&format!("{OPERATIONS}/create"), &json!([gauge("a", 1.0), gauge("b", 2.0)]))
        .await?
        .expect(201)?;
    for operation in ["update", "merge"] {
        let sent = json!([level("a", 7.0), level("absent", 1.0)]);
        let told = api.post(&format!("{OPERATIONS}/{operation}"), &sent).await?.expect(207)?.json()?;
        ensure!(told["success"] == json!([gauge_id("a")]), "{operation}: {told}");
        ensure!(told["errors"][0]["entityId"] == gauge_id("absent"), "{operation}: {told}");
    }
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(7.0));

    let told = api.post(&format!("{OPERATIONS}/delete"), &json!([gauge_id("a"), gauge_id("absent")])).await?;
    let told = told.expect(207)?.json()?;
    ensure!(told["success"] == json!([gauge_id("a")]), "{told}");
    api.post(&format!("{OPERATIONS}/delete"), &json!([gauge_id("b")])).await?.expect(204)?;
    ensure!(api.query("type=RiverGauge").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_same_entity_twice_in_one_batch_is_applied_in_order() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let sent = json!([gauge("a", 1.0), gauge("a", 2.0), gauge("a", 3.0)]);
    api.post(&format!("{OPERATIONS}/upsert"), &sent).await?.expect(201)?;
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(3.0));
    let told = api.post(&format!("{OPERATIONS}/create"), &json!([gauge("b", 1.0), gauge("b", 2.0)])).await?;
    let told = told.expect(207)?.json()?;
    ensure!(told["success"] == json!([gauge_id("b")]), "{told}");
    ensure!(*value(&api.json(&path(&gauge_id("b"))).await?, "waterLevel") == json!(1.0));
    Ok(())
}

#[tokio::test]
async fn a_query_too_long_for_a_url_is_posted() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.post(&format!("{OPERATIONS}/create"), &json!([gauge("a", 1.0), gauge("b", 2.0)]))
        .await?
        .expect(201)?;
    let query = json!({"type": "Query", "entities": [{"type": "RiverGauge"}], "q": "waterLevel>1.5"});
    let found = api.post(&format!("{OPERATIONS}/query"), &query).await?.expect(200)?.json()?;
    ensure!(found.as_array().is_some_and(|f| f.len() == 1 && f[0]["id"] == gauge_id("b")), "{found}");
    Ok(())
}

#[tokio::test]
async fn an_empty_batch_is_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for operation in ["create", "upsert", "update", "merge", "delete"] {
        api.post(&format!("{OPERATIONS}/{operation}"), &json!([])).await?.expect_problem(400)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_batches_of_the_same_entities_one_is_done_after_the_other() -> Test {
    let rivalry = rival_batches(rounds(5), 100).await?;
    ensure!(rivalry.rounds > 0 && rivalry.reads > 0, "{rivalry:?}");
    Ok(())
}
