//! What leaves the house for other sources, word by word: a played broker keeps what it is asked.

use anyhow::{Result, ensure};
use dinh_e2e::{Api, Method, Server, Source, Test};
use serde_json::{Value, json};

use crate::vocabulary::{exists, gauge, gauge_id, path};

const REGISTRATIONS: &str = "/ngsi-ld/v1/csourceRegistrations";

/// Registers a played broker for gauges.
pub(crate) async fn register(api: &Api, url: &str, mode: &str, members: Value) -> Result<String> {
    let mut registration = json!({
        "type": "ContextSourceRegistration", "mode": mode, "endpoint": url,
        "information": [{"entities": [{"type": "RiverGauge"}]}],
    });
    if let (Some(own), Value::Object(further)) = (registration.as_object_mut(), members) {
        own.extend(further);
    }
    let reply = api.post(REGISTRATIONS, &registration).await?.expect(201)?;
    Ok(reply.header("location").to_owned())
}

#[tokio::test]
async fn a_source_of_plain_names_is_spoken_to_in_plain_names() -> Test {
    let (here, source) = (Server::start().await?, Source::start().await?);
    let api = here.api()?;
    source.say(&Method::GET, "/ngsi-ld/v1/entities", 200, Some(&json!([gauge("b", 2.0)])));
    register(&api, &source.url(), "inclusive", json!({})).await?;
    let own = json!({"@context": {"RiverGauge": "https://a.vn/Gauge", "muc": "https://a.vn/muc"}});
    let context =
        api.post("/ngsi-ld/v1/jsonldContexts", &own).await?.expect(201)?.header("location").to_owned();
    let link = format!(
        "<{}{context}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
        here.url()
    );
    let question = api.request(Method::GET, "/ngsi-ld/v1/entities?attrs=waterLevel,muc").header("Link", link);
    let found = api.send(question).await?.expect(200)?.json()?;
    ensure!(found.as_array().is_some_and(|all| all.len() == 1), "{found}");
    let asked = source.asked();
    ensure!(
        asked.len() == 1 && asked[0].path.contains("type=RiverGauge&attrs=https://a.vn/muc,waterLevel&"),
        "{asked:?}"
    );
    ensure!(!asked[0].headers.contains_key("link"), "plain names need no context");
    Ok(())
}

#[tokio::test]
async fn a_purge_goes_to_sources_within_what_they_are_registered_for() -> Test {
    let (here, source) = (Server::start().await?, Source::start().await?);
    let api = here.api()?;
    api.create(&gauge("a", 1.0)).await?;
    source.say(&Method::DELETE, "/ngsi-ld/v1/entities", 204, None);
    let some = json!({"operations": ["redirectionOps"], "information": [
        {"entities": [{"id": gauge_id("b"), "type": "RiverGauge"}], "propertyNames": ["waterLevel"]}]});
    let of_one = register(&api, &source.url(), "exclusive", some).await?;
    let all = json!({"operations": ["purgeEntity"]});
    let of_all = register(&api, &source.url(), "inclusive", all).await?;

    api.delete("/ngsi-ld/v1/entities?type=RiverGauge&q=waterLevel%3E0").await?.expect(204)?;
    let mut asked: Vec<String> =
        source.asked().into_iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    asked.sort();
    let expected = [
        "DELETE /ngsi-ld/v1/entities?type=RiverGauge&id=urn:ngsi-ld:RiverGauge:b&q=waterLevel%3E0&drop=waterLevel",
        "DELETE /ngsi-ld/v1/entities?type=RiverGauge&q=waterLevel%3E0",
    ];
    ensure!(asked == expected, "{asked:?}");
    ensure!(!exists(&api, &gauge_id("a")).await?, "and here");

    // Who keeps such entities in the place of this server and takes no purge is told of; an equal that takes none is left alone.
    api.patch(&of_all, &json!({"operations": ["retrieveOps"]})).await?.expect(204)?;
    api.patch(&of_one, &json!({"operations": ["retrieveOps"]})).await?.expect(204)?;
    api.create(&gauge("c", 1.0)).await?;
    let reply = api.delete("/ngsi-ld/v1/entities?type=RiverGauge").await?.expect(207)?;
    let told = reply.json()?;
    let errors = told["errors"].as_array().map_or(0, Vec::len);
    ensure!(told["success"] == json!([gauge_id("c")]) && errors == 1, "{told}");
    ensure!(told["errors"][0]["registrationId"].is_string(), "{told}");
    api.delete("/ngsi-ld/v1/entities?type=RiverGauge&local=true").await?.expect(204)?;
    ensure!(source.asked().len() == 2, "this server alone");
    Ok(())
}

const PAST: &str = "/ngsi-ld/v1/temporal/entities";

/// A gauge with two records of its level.
fn past(name: &str, records: [(&str, f64); 2]) -> Value {
    let records = records.map(|(at, level)| json!({"type": "Property", "value": level, "observedAt": at}));
    json!({"id": gauge_id(name), "type": "RiverGauge", "waterLevel": records})
}

#[tokio::test]
async fn the_past_that_several_tell_of_is_one() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    let own = past("a", [("2026-10-01T01:00:00Z", 1.0), ("2026-10-01T03:00:00Z", 3.0)]);
    let theirs = past("a", [("2026-10-01T02:00:00Z", 2.0), ("2026-10-01T04:00:00Z", 4.0)]);
    let alone = past("b", [("2026-10-01T02:00:00Z", 7.0), ("2026-10-01T04:00:00Z", 9.0)]);
    api.post(PAST, &own).await?.expect(201)?;
    other.post(PAST, &theirs).await?.expect(201)?;
    other.post(PAST, &alone).await?.expect(201)?;
    let operations = json!({"operations": ["retrieveTemporal", "queryTemporal"]});
    register(&api, there.url(), "inclusive", operations).await?;

    let values = |told: &Value| {
        told["waterLevel"]["values"]
            .as_array()
            .map(|all| all.iter().filter_map(|pair| pair[0].as_f64()).collect::<Vec<f64>>())
    };
    let time = "timerel=after&timeAt=2026-10-01T00:00:00Z&options=temporalValues";
    let told = api.json(&format!("{PAST}/{}?{time}", gauge_id("a"))).await?;
    ensure!(values(&told) == Some(vec![1.0, 2.0, 3.0, 4.0]), "{told}");
    let last = api.json(&format!("{PAST}/{}?{time}&lastN=2", gauge_id("a"))).await?;
    ensure!(values(&last) == Some(vec![3.0, 4.0]) || values(&last) == Some(vec![4.0, 3.0]), "{last}");
    let all = api.json(&format!("{PAST}?type=RiverGauge&{time}")).await?;
    ensure!(all.as_array().is_some_and(|all| all.len() == 2), "{all}");
    let second = api.json(&format!("{PAST}?type=RiverGauge&{time}&limit=1&offset=1")).await?;
    ensure!(second[0]["id"] == gauge_id("b") && values(&second[0]) == Some(vec![7.0, 9.0]), "{second}");
    let hour = "timerel=after&timeAt=2026-10-01T00:00:00Z&format=aggregatedValues&aggrMethods=avg";
    let told = api.json(&format!("{PAST}/{}?{hour}", gauge_id("a"))).await?;
    ensure!(told["waterLevel"]["avg"][0][0] == json!(2.5), "{told}");
    let own = api.json(&format!("{PAST}?type=RiverGauge&{time}&local=true")).await?;
    ensure!(own.as_array().is_some_and(|all| all.len() == 1), "{own}");
    Ok(())
}

#[tokio::test]
async fn types_and_attributes_of_others_are_told_too() -> Test {
    let (here, there) = (Server::start().await?, Server::start().await?);
    let (api, other) = (here.api()?, there.api()?);
    api.create(&gauge("a", 1.0)).await?;
    let mut theirs = gauge("b", 2.0);
    theirs["discharge"] = json!({"type": "Property", "value": 120});
    other.create(&theirs).await?;
    other.create(&json!({"id": "urn:ngsi-ld:Bus:1", "type": "Bus"})).await?;
    register(&api, there.url(), "inclusive", json!({})).await?;

    let types = api.json("/ngsi-ld/v1/types").await?;
    ensure!(types["typeList"] == json!(["RiverGauge"]), "not what it is not registered for: {types}");
    let one = api.json("/ngsi-ld/v1/types/RiverGauge").await?;
    let names: Vec<&Value> =
        one["attributeDetails"].as_array().into_iter().flatten().map(|one| &one["attributeName"]).collect();
    ensure!(one["entityCount"] == 2 && names.contains(&&json!("discharge")), "{one}");
    let attribute = api.json("/ngsi-ld/v1/attributes/discharge").await?;
    ensure!(
        attribute["attributeCount"] == 1 && attribute["typeNames"] == json!(["RiverGauge"]),
        "{attribute}"
    );
    api.get("/ngsi-ld/v1/attributes/discharge?local=true").await?.expect_problem(404)?;
    let all = api.json("/ngsi-ld/v1/attributes").await?;
    ensure!(all["attributeList"].as_array().is_some_and(|all| all.contains(&json!("discharge"))), "{all}");
    Ok(())
}

#[tokio::test]
async fn a_source_that_takes_no_batches_is_told_item_by_item() -> Test {
    let (here, source) = (Server::start().await?, Source::start().await?);
    let api = here.api()?;
    register(&api, &source.url(), "redirect", json!({"operations": ["redirectionOps"]})).await?;
    source.say(&Method::POST, "/ngsi-ld/v1/entities", 201, None);
    let both = json!([gauge("a", 1.0), gauge("b", 2.0)]);
    let reply = api.post("/ngsi-ld/v1/entityOperations/create", &both).await?.expect(201)?;
    ensure!(reply.json()? == json!([gauge_id("a"), gauge_id("b")]), "{}", reply.text());
    let ids: Vec<Value> = source.asked().iter().map(|one| one.body["id"].clone()).collect();
    ensure!(ids == [gauge_id("a"), gauge_id("b")], "{ids:?}");

    // It is there already: then it is replaced.
    source.say(&Method::POST, "/ngsi-ld/v1/entities", 409, None);
    source.say(&Method::PUT, "/ngsi-ld/v1/entities/", 204, None);
    api.post("/ngsi-ld/v1/entityOperations/upsert", &json!([gauge("a", 3.0)])).await?.expect(204)?;
    let last = source.asked().pop().map(|one| format!("{} {}", one.method, one.path));
    ensure!(last.as_deref() == Some("PUT /ngsi-ld/v1/entities/urn:ngsi-ld:RiverGauge:a"), "{last:?}");
    api.get(&format!("{}?local=true", path(&gauge_id("a")))).await?.expect_problem(404)?;
    Ok(())
}

#[tokio::test]
async fn what_is_written_to_one_attribute_arrives_as_it_was_written() -> Test {
    let (here, source) = (Server::start().await?, Source::start().await?);
    let api = here.api()?;
    let some = json!({"operations": ["redirectionOps"], "information": [
        {"entities": [{"type": "RiverGauge"}], "propertyNames": ["waterLevel"]}]});
    register(&api, &source.url(), "redirect", some).await?;
    source.say(&Method::PATCH, "/ngsi-ld/v1/entities/", 204, None);
    let at = format!("{}/attrs/waterLevel", path(&gauge_id("a")));
    let level = json!({"type": "Property", "value": 55});
    api.patch(&at, &level).await?.expect(204)?;
    let asked = source.asked();
    ensure!(asked.len() == 1 && asked[0].body == level, "{asked:?}");
    Ok(())
}

#[tokio::test]
async fn a_write_that_leads_back_here_is_refused() -> Test {
    let here = Server::start().await?;
    let api = here.api()?;
    register(&api, here.url(), "redirect", json!({"operations": ["redirectionOps"]})).await?;
    api.delete(&path(&gauge_id("a"))).await?.expect_problem(508)?;
    Ok(())
}

#[tokio::test]
async fn a_source_that_makes_maps_is_asked_by_its_map_and_one_that_makes_none_without() -> Test {
    let (here, maps, plain) = (Server::start().await?, Source::start().await?, Source::start().await?);
    let api = here.api()?;
    let map = json!({"id": "urn:x:theirs", "type": "EntityMap", "entityMap": {gauge_id("b"): ["@none"]}});
    maps.say(&Method::GET, "/ngsi-ld/v1/entityMaps?", 201, Some(&map));
    maps.say(&Method::GET, "/ngsi-ld/v1/entities?", 200, Some(&json!([gauge("b", 2.0)])));
    plain.say(&Method::GET, "/ngsi-ld/v1/entities?", 200, Some(&json!([gauge("c", 3.0)])));
    let registered = register(&api, &maps.url(), "inclusive", json!({})).await?;
    register(&api, &plain.url(), "inclusive", json!({})).await?;
    let registration = registered.rsplit('/').next().unwrap_or_default();

    let made = api.get("/ngsi-ld/v1/entityMaps?type=RiverGauge").await?.expect(201)?;
    let (place, made) = (made.header("ngsild-entitymap").to_owned(), made.json()?);
    ensure!(made["linkedMaps"] == json!({registration: "urn:x:theirs"}), "{made}");
    ensure!(made["entityMap"][gauge_id("b")] == json!([registration]), "{made}");
    let question = api.request(Method::GET, "/ngsi-ld/v1/entities?type=RiverGauge");
    let found = api.send(question.header("NGSILD-EntityMap", &place)).await?.expect(200)?.json()?;
    ensure!(found.as_array().is_some_and(|all| all.len() == 2), "{found}");
    let by_map = |asked: &dinh_e2e::Asked| asked.headers.get("ngsild-entitymap").cloned();
    let last = maps.asked().last().and_then(by_map);
    ensure!(last.is_some_and(|map| map == "/ngsi-ld/v1/entityMaps/urn:x:theirs"), "{:?}", maps.asked());
    ensure!(plain.asked().iter().all(|asked| by_map(asked).is_none()), "{:?}", plain.asked());
    Ok(())
}
