//! What queries find is frozen, and asked and changed by itself; what is linked is asked for.

use anyhow::{Result, ensure};
use dinh_e2e::{Api, PATIENCE, Reply, Server, Test, until};
use reqwest::Method;
use serde_json::{Value, json};

use crate::vocabulary::{exists, gauge, gauge_id, level, path, value};

const SNAPSHOTS: &str = "/ngsi-ld/v1/snapshots";

/// Makes a snapshot of what a query finds, and waits until it is there. Answers with its path and what it tells of itself.
async fn frozen(api: &Api, q: &str) -> Result<(String, Value)> {
    let query = json!({"type": "Query", "entities": [{"type": "RiverGauge"}], "q": q});
    let asked = json!({"type": "Snapshot", "snapshotQueries": [query]});
    let made = api.post(SNAPSHOTS, &asked).await?.expect(201)?;
    ready(api, made.header("location").to_owned()).await
}

async fn ready(api: &Api, place: String) -> Result<(String, Value)> {
    let told = until("the snapshot is ready", PATIENCE, async || {
        let told = api.json(&place).await?;
        Ok((told["snapshotStatus"] != "preparing").then_some(told))
    })
    .await?;
    Ok((place, told))
}

/// A request within a snapshot.
async fn within(
    api: &Api,
    snapshot: &Value,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Result<Reply> {
    let name = snapshot["id"].as_str().unwrap_or_default();
    let request = api.request(method, path).header("NGSILD-Snapshot", name);
    let reply = match body {
        Some(body) => api.send(request.json(&body)).await?,
        None => api.send(request).await?,
    };
    ensure!(reply.header("ngsild-snapshot") == name, "told again");
    Ok(reply)
}

#[tokio::test]
async fn a_snapshot_stays_as_it_was_and_changes_by_itself() -> Test {
    let mut server = Server::start().await?;
    let api = server.api()?;
    for (name, height) in [("high", 4.0), ("low", 1.0)] {
        api.create(&gauge(name, height)).await?;
    }
    let (place, snapshot) = frozen(&api, "waterLevel>2").await?;
    ensure!(snapshot["snapshotStatus"] == "success" && snapshot["snapshotPriority"] == 5, "{snapshot}");
    ensure!(snapshot["snapshotQueriesDetails"] == json!([{"resultStatus": "success"}]), "{snapshot}");

    let upsert = "/ngsi-ld/v1/entityOperations/upsert?options=update";
    api.post(upsert, &json!([level("high", 1.0)])).await?.expect(204)?;
    let all = "/ngsi-ld/v1/entities?type=RiverGauge";
    let found = within(&api, &snapshot, Method::GET, all, None).await?.expect(200)?.json()?;
    ensure!(
        found.as_array().is_some_and(|all| all.len() == 1) && *value(&found[0], "waterLevel") == json!(4.0),
        "{found}"
    );
    within(&api, &snapshot, Method::POST, upsert, Some(json!([level("high", 9.0)]))).await?.expect(204)?;
    let here = api.json(&path(&gauge_id("high"))).await?;
    ensure!(*value(&here, "waterLevel") == json!(1.0), "a what-if stays within: {here}");

    let cloned =
        api.post(&format!("{place}/clone"), &json!({"type": "Snapshot", "snapshotPriority": 9})).await?;
    let (_, clone) = ready(&api, cloned.expect(201)?.header("location").to_owned()).await?;
    let told = api.patch(&place, &json!({"snapshotPriority": 2})).await?.expect(200)?.json()?;
    ensure!(told["snapshotPriority"] == 2, "{told}");
    api.delete(&format!("{SNAPSHOTS}?q=snapshotPriority%3C5")).await?.expect(204)?;
    api.get(&place).await?.expect_problem(404)?;
    within(&api, &snapshot, Method::GET, all, None).await?.expect_problem(404)?;
    let copy =
        within(&api, &clone, Method::GET, &path(&gauge_id("high")), None).await?.expect(200)?.json()?;
    ensure!(*value(&copy, "waterLevel") == json!(9.0), "{copy}");

    server.kill().await?;
    server.start_again().await?;
    let api = server.api()?;
    let copy = within(&api, &clone, Method::GET, all, None).await?.expect(200)?.json()?;
    ensure!(copy.as_array().is_some_and(|all| all.len() == 1), "it outlives the program: {copy}");
    ensure!(exists(&api, &gauge_id("low")).await?);
    within(&api, &clone, Method::GET, "/ngsi-ld/v1/csourceRegistrations?type=X", None)
        .await?
        .expect_problem(400)?;
    api.delete(&format!("{SNAPSHOTS}?q=waterLevel%3E1")).await?.expect_problem(400)?;
    Ok(())
}

#[tokio::test]
async fn conditions_look_behind_links_as_deep_as_links_are_asked_for() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for name in ["a", "b"] {
        api.create(&gauge(name, 1.0)).await?;
        let station = json!({
            "id": format!("urn:ngsi-ld:Station:{name}"), "type": "Station",
            "has": {"type": "Relationship", "object": gauge_id(name)}, "of": {"type": "Property", "value": name},
        });
        api.create(&station).await?;
    }
    let office = json!({
        "id": "urn:ngsi-ld:Office:1", "type": "Office",
        "runs": {"type": "Relationship", "object": ["urn:ngsi-ld:Station:a", "urn:ngsi-ld:Station:b"]},
    });
    api.create(&office).await?;
    let asked =
        async |q: &str, join: &str| api.get(&format!("/ngsi-ld/v1/entities?type=Office&q={q}{join}")).await;
    let found = async |q: &str, join: &str| -> Result<usize> {
        Ok(asked(q, join).await?.expect(200)?.json()?.as_array().map_or(0, Vec::len))
    };
    let (one, two) = ("&join=inline", "&join=flat&joinLevel=2");
    ensure!(found("runs%7Bof%7D==%22b%22", one).await? == 1);
    ensure!(found("runs%7BStation:of%7D==%22c%22", one).await? == 0);
    ensure!(found("runs%7BOffice:of%7D==%22b%22", one).await? == 0);
    ensure!(found("runs%7Bhas%7BwaterLevel%7D%7D==1", two).await? >= 1);
    asked("runs%7Bhas%7BwaterLevel%7D%7D==1", one).await?.expect_problem(400)?;
    asked("runs%7Bof%7D==%22b%22", "").await?.expect_problem(400)?;
    Ok(())
}

#[tokio::test]
async fn pages_of_evolutions_hang_together_by_a_map() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for name in ["a", "b"] {
        api.create(&gauge(name, 1.0)).await?;
    }
    let window = "timerel=after&timeAt=2000-01-01T00:00:00Z&timeproperty=createdAt";
    let evolutions = format!("/ngsi-ld/v1/temporal/entities?type=RiverGauge&{window}");
    let first = api.get(&format!("{evolutions}&id={}&entityMap=true", gauge_id("a"))).await?.expect(201)?;
    let map = first.header("ngsild-entitymap").to_owned();
    let by_map = api
        .send(api.request(Method::GET, &evolutions).header("NGSILD-EntityMap", &map))
        .await?
        .expect(200)?;
    ensure!(by_map.header("ngsild-entitymap") == map);
    let told = by_map.json()?;
    ensure!(told.as_array().is_some_and(|all| all.len() == 1 && all[0]["id"] == gauge_id("a")), "{told}");
    let made =
        api.get(&format!("/ngsi-ld/v1/temporal/entityMaps?type=RiverGauge&{window}")).await?.expect(201)?;
    let map = made.json()?;
    ensure!(map["entityMap"].as_object().is_some_and(|all| all.len() == 2), "{map}");
    api.get("/ngsi-ld/v1/temporal/entityMaps?type=RiverGauge").await?.expect_problem(400)?;
    Ok(())
}
