//! Several servers that answer as one: each test starts two or three of the shipped binary, which talk over HTTP.

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Method, PATIENCE, Receiver, Server, Test};
use serde_json::{Value, json};

use crate::vocabulary::{exists, gauge, gauge_id, level, path, value};

const REGISTRATIONS: &str = "/ngsi-ld/v1/csourceRegistrations";
const ALL: &str = "type=RiverGauge&limit=100";

/// Registers what `there` tells of gauges, in a mode; answers with the path of the registration.
async fn register(api: &Api, there: &Server, mode: &str, members: Value) -> Result<String> {
    let mut registration = json!({
        "type": "ContextSourceRegistration", "mode": mode, "endpoint": there.url(),
        "information": [{"entities": [{"type": "RiverGauge"}]}],
    });
    if let (Some(own), Value::Object(further)) = (registration.as_object_mut(), members) {
        own.extend(further);
    }
    let reply = api.post(REGISTRATIONS, &registration).await?.expect(201)?;
    Ok(reply.header("location").to_owned())
}

async fn sorted_ids(api: &Api, parameters: &str) -> Result<Vec<String>> {
    let mut ids = api.ids(parameters).await?;
    ids.sort();
    Ok(ids)
}

#[tokio::test]
async fn two_provinces_are_asked_as_one_and_each_alone() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    for (api, name, height) in [(&api, "a", 1.0), (&other, "b", 2.0), (&other, "c", 3.0)] {
        api.create(&gauge(name, height)).await?;
    }
    let at = register(&api, &there, "inclusive", json!({})).await?;

    ensure!(sorted_ids(&api, ALL).await? == ["a", "b", "c"]);
    ensure!(sorted_ids(&api, &format!("{ALL}&local=true")).await? == ["a"]);
    ensure!(sorted_ids(&api, "type=RiverGauge&q=waterLevel%3E2").await? == ["c"]);
    let counted = api.get("/ngsi-ld/v1/entities?type=RiverGauge&count=true&limit=2").await?.expect(200)?;
    ensure!(counted.header("ngsild-results-count") == "3", "{}", counted.header("ngsild-results-count"));
    ensure!(counted.json()?.as_array().is_some_and(|page| page.len() == 2), "a page of two");
    ensure!(api.ids("type=RiverGauge&limit=2&offset=2").await?.len() == 1, "and one behind it");
    let entity = api.json(&path(&gauge_id("b"))).await?;
    ensure!(*value(&entity, "waterLevel") == json!(2.0), "{entity}");
    let told = api.json(&at).await?;
    ensure!(told["status"] == "ok" && told["timesSent"].as_u64().is_some_and(|sent| sent >= 3), "{told}");

    api.delete(&at).await?.expect(204)?;
    ensure!(sorted_ids(&api, ALL).await? == ["a"]);
    ensure!(!exists(&api, &gauge_id("b")).await?);
    Ok(())
}

#[tokio::test]
async fn what_several_tell_of_one_thing_is_one_and_the_latest_holds() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    api.create(&gauge("a", 1.0)).await?;
    let mut newer = gauge("a", 5.0);
    newer["waterLevel"]["observedAt"] = json!("2026-10-02T00:00:00Z");
    newer["discharge"] = json!({"type": "Property", "value": 120});
    other.create(&newer).await?;
    let at = register(&api, &there, "inclusive", json!({})).await?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(
        *value(&entity, "waterLevel") == json!(5.0) && *value(&entity, "discharge") == json!(120),
        "{entity}"
    );

    api.patch(&at, &json!({"mode": "auxiliary", "operations": ["retrieveOps"]})).await?.expect(204)?;
    let entity = api.json(&path(&gauge_id("a"))).await?;
    ensure!(
        *value(&entity, "waterLevel") == json!(1.0) && *value(&entity, "discharge") == json!(120),
        "{entity}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_kept_elsewhere_is_written_there_and_not_here() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    register(
        &api,
        &there,
        "redirect",
        json!({"operations": ["redirectionOps", "createBatch", "upsertBatch"]}),
    )
    .await?;
    api.create(&gauge("a", 1.0)).await?;
    ensure!(exists(&other, &gauge_id("a")).await?, "it is there");
    api.get(&format!("{}?local=true", path(&gauge_id("a")))).await?.expect_problem(404)?;

    let attributes = format!("{}/attrs", path(&gauge_id("a")));
    api.patch(&attributes, &json!({"waterLevel": {"type": "Property", "value": 7}})).await?.expect(204)?;
    ensure!(*value(&other.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(7));
    let batch = json!([level("a", 8.0), gauge("b", 2.0)]);
    let reply = api.post("/ngsi-ld/v1/entityOperations/upsert", &batch).await?.expect(201)?;
    ensure!(reply.json()? == json!([gauge_id("b")]), "{}", reply.text());
    ensure!(sorted_ids(&other, ALL).await? == ["a", "b"]);

    api.delete(&path(&gauge_id("a"))).await?.expect(204)?;
    ensure!(!exists(&other, &gauge_id("a")).await?);
    let again = api.post("/ngsi-ld/v1/entities", &gauge("b", 1.0)).await?;
    again.expect_problem(409)?;
    Ok(())
}

#[tokio::test]
async fn what_one_source_alone_has_is_not_registered_twice_nor_kept_here() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    let about = json!({
        "information": [{"entities": [{"id": gauge_id("a"), "type": "RiverGauge"}], "propertyNames": ["waterLevel"]}],
        "operations": ["redirectionOps"],
    });
    register(&api, &there, "exclusive", about.clone()).await?;
    let twice = json!({"type": "ContextSourceRegistration", "mode": "exclusive", "endpoint": there.url(),
        "information": about["information"]});
    api.post(REGISTRATIONS, &twice).await?.expect_problem(409)?;

    api.create(&gauge("a", 4.0)).await?;
    let here_alone = api.json(&format!("{}?local=true", path(&gauge_id("a")))).await?;
    ensure!(here_alone.get("waterLevel").is_none() && here_alone.get("name").is_some(), "{here_alone}");
    let there_alone = other.json(&path(&gauge_id("a"))).await?;
    ensure!(
        there_alone.get("name").is_none() && *value(&there_alone, "waterLevel") == json!(4.0),
        "{there_alone}"
    );
    let whole = api.json(&path(&gauge_id("a"))).await?;
    ensure!(whole.get("name").is_some() && *value(&whole, "waterLevel") == json!(4.0), "{whole}");
    Ok(())
}

#[tokio::test]
async fn a_source_that_is_gone_is_a_warning_for_readers_and_an_error_for_writers() -> Test {
    let (here, mut there) = (Server::start().await?, Server::start().await?);
    let api = here.api()?;
    register(&api, &there, "redirect", json!({"operations": ["redirectionOps"]})).await?;
    api.create(&gauge("a", 1.0)).await?;
    there.kill().await?;
    let reply = api.get("/ngsi-ld/v1/entities?type=RiverGauge").await?.expect(200)?;
    ensure!(
        reply.json()? == json!([]) && reply.header("ngsild-warning").starts_with("199 "),
        "{}",
        reply.header("ngsild-warning")
    );
    api.delete(&path(&gauge_id("a"))).await?.expect_problem(502)?;
    let told = &api.json(&format!("{REGISTRATIONS}?type=RiverGauge")).await?[0];
    ensure!(told["status"] == "failed" && told["timesFailed"].as_u64().is_some_and(|n| n >= 2), "{told}");
    Ok(())
}

#[tokio::test]
async fn servers_that_name_each_other_do_not_go_round_in_circles() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    api.create(&gauge("a", 1.0)).await?;
    other.create(&gauge("b", 2.0)).await?;
    register(&api, &there, "inclusive", json!({})).await?;
    register(&other, &here, "inclusive", json!({})).await?;
    for api in [&api, &other] {
        ensure!(sorted_ids(api, ALL).await? == ["a", "b"]);
    }
    Ok(())
}

#[tokio::test]
async fn who_watches_registrations_is_told_after_a_crash_too() -> Test {
    let (mut here, there) = (Server::start().await?, Server::start().await?);
    let receiver = Receiver::start().await?;
    let watching = json!({"type": "Subscription", "entities": [{"type": "RiverGauge"}],
        "notification": {"endpoint": {"uri": receiver.url(), "accept": "application/json"}}});
    here.api()?.post("/ngsi-ld/v1/csourceSubscriptions", &watching).await?.expect(201)?;
    let at = register(&here.api()?, &there, "inclusive", json!({})).await?;
    let reason = |body: &Value| body["triggerReason"].as_str().unwrap_or_default().to_owned();
    let heard = receiver.wait_for("it is told of the new one", PATIENCE, |all| !all.is_empty()).await?;
    ensure!(reason(&heard[0].body) == "newlyMatching", "{:?}", heard[0].body);

    here.kill().await?;
    here.start_again().await?;
    let api = here.api()?;
    ensure!(api.json(&at).await?["endpoint"] == there.url(), "a registration survives");
    api.delete(&at).await?.expect(204)?;
    receiver
        .wait_for("it is told that it went", PATIENCE, |all| {
            all.iter().any(|one| reason(&one.body) == "noLongerMatching")
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn pages_by_a_map_hang_together_at_the_other_server_too() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    for (api, name) in [(&api, "a"), (&other, "b"), (&other, "c")] {
        api.create(&gauge(name, 1.0)).await?;
    }
    register(&api, &there, "inclusive", json!({})).await?;
    let made = api.get("/ngsi-ld/v1/entityMaps?type=RiverGauge").await?.expect(201)?;
    let (place, made) = (made.header("ngsild-entitymap").to_owned(), made.json()?);
    let linked =
        made["linkedMaps"].as_object().and_then(|linked| linked.values().next()?.as_str().map(str::to_owned));
    let linked = linked.ok_or_else(|| anyhow::anyhow!("no linked map: {made}"))?;
    let theirs = other.json(&format!("/ngsi-ld/v1/entityMaps/{linked}")).await?;
    ensure!(theirs["entityMap"].as_object().is_some_and(|all| all.len() == 2), "{theirs}");

    other.create(&gauge("d", 1.0)).await?;
    let question = api.request(Method::GET, &format!("/ngsi-ld/v1/entities?{ALL}"));
    let found = api.send(question.header("NGSILD-EntityMap", &place)).await?.expect(200)?.json()?;
    ensure!(found.as_array().is_some_and(|all| all.len() == 3), "{found}");
    ensure!(sorted_ids(&api, ALL).await? == ["a", "b", "c", "d"], "without the map all are found");
    Ok(())
}

/// A gauge below another one.
fn below(name: &str, other: &str) -> Value {
    json!({
        "id": gauge_id(name), "type": "RiverGauge",
        "upstream": {"type": "Relationship", "object": gauge_id(other), "objectType": "RiverGauge"},
    })
}

#[tokio::test]
async fn links_lead_to_what_another_server_keeps() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    for (name, upstream) in [("low", "high"), ("deep", "dry"), ("last", "nothing")] {
        api.create(&below(name, upstream)).await?;
    }
    for (name, height) in [("high", 5.0), ("dry", 0.1)] {
        other.create(&gauge(name, height)).await?;
    }
    register(&api, &there, "inclusive", json!({})).await?;

    let low = path(&gauge_id("low"));
    let found = api.json(&format!("{low}?join=inline")).await?;
    ensure!(*value(&found["upstream"]["entity"], "waterLevel") == json!(5.0), "{found}");
    let alone = api.json(&format!("{low}?join=inline&local=true")).await?;
    ensure!(alone["upstream"].get("entity").is_none(), "{alone}");

    let condition = "type=RiverGauge&q=upstream%7BwaterLevel%7D%3E1&join=inline&splitEntities=true";
    ensure!(api.ids(condition).await? == ["low"]);
    let counted = api.get(&format!("/ngsi-ld/v1/entities?{condition}&count=true")).await?.expect(200)?;
    ensure!(counted.header("ngsild-results-count") == "1", "{:?}", counted.headers);
    ensure!(api.ids(&condition.replace("%3E1", "%3C1")).await? == ["deep"]);
    Ok(())
}

#[tokio::test]
async fn a_map_of_evolutions_names_who_tells_of_them() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    for (api, name) in [(&api, "a"), (&other, "b")] {
        api.create(&gauge(name, 1.0)).await?;
    }
    let operations = ["retrieveTemporal", "queryTemporal", "createEntityMapQueryTemporal"];
    let operations = json!({"operations": operations});
    let registered = register(&api, &there, "inclusive", operations).await?;
    let registration = registered.rsplit('/').next().unwrap_or_default();
    let question = "/ngsi-ld/v1/temporal/entities?type=RiverGauge&timerel=after&timeAt=2026-01-01T00:00:00Z";
    let first = api.get(&format!("{question}&entityMap=true")).await?.expect(201)?;
    let place = first.header("ngsild-entitymap").to_owned();
    let map = api.json(&place).await?;
    ensure!(map["entityMap"] == json!({gauge_id("a"): ["@none"], gauge_id("b"): [registration]}), "{map}");
    let theirs = map["linkedMaps"][registration].as_str().unwrap_or_default();
    let theirs = other.json(&format!("/ngsi-ld/v1/entityMaps/{theirs}")).await?;
    ensure!(theirs["entityMap"] == json!({gauge_id("b"): ["@none"]}), "{theirs}");
    other.create(&gauge("c", 1.0)).await?;
    let again = api.request(Method::GET, question).header("NGSILD-EntityMap", &place);
    let again = api.send(again).await?.expect(200)?.json()?;
    ensure!(again == first.json()? && again.as_array().is_some_and(|all| all.len() == 2), "{again}");
    Ok(())
}
