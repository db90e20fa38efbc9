//! Entities: create, retrieve, replace, merge, delete, and the forms in which they are written.

use anyhow::ensure;
use dinh_e2e::{Server, Test};
use reqwest::Method;
use serde_json::json;

use crate::vocabulary::{exists, gauge, gauge_id, path, value};

#[tokio::test]
async fn every_kind_of_attribute_comes_back_as_it_was_sent() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let sent = json!({
        "id": "urn:ngsi-ld:Place:dai-noi",
        "type": ["Place", "Relic"],
        "scope": ["/Hue/ThuanHoa", "/DiTich"],
        "name": {"type": "LanguageProperty", "languageMap": {"vi": "Đại Nội", "en": "Imperial City"}},
        "visitors": {
            "type": "Property", "value": 12.5, "unitCode": "D13", "observedAt": "2026-10-01T07:00:00Z",
            "qualityFlag": {"type": "Property", "value": "checked"},
            "measuredBy": {"type": "Relationship", "object": "urn:ngsi-ld:Sensor:s1"}
        },
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.5774, 16.4698]}},
        "near": {"type": "Relationship", "object": ["urn:ngsi-ld:Place:a", "urn:ngsi-ld:Place:b"]},
        "style": {"type": "VocabProperty", "vocab": "Nguyen"},
        "route": {"type": "ListProperty", "valueList": [1, 2, 3]},
        "stops": {"type": "ListRelationship", "objectList": [{"object": "urn:x:1"}, {"object": "urn:x:2"}]},
        "opening": {"type": "JsonProperty", "json": {"mon": ["07:00", "17:30"]}},
        "depth": [
            {"type": "Property", "value": 1},
            {"type": "Property", "value": 2, "datasetId": "urn:ngsi-ld:Dataset:radar"}
        ]
    });
    let created = api.create(&sent).await?;
    ensure!(created.header("location").ends_with("/ngsi-ld/v1/entities/urn:ngsi-ld:Place:dai-noi"));
    let mut got = api.json(&path("urn:ngsi-ld:Place:dai-noi")).await?;
    if let Some(members) = got.as_object_mut() {
        members.remove("@context");
    }
    ensure!(got == sent, "sent {sent:#}\ngot {got:#}");
    Ok(())
}

#[tokio::test]
async fn an_entity_is_written_normalized_concise_simplified_and_as_geojson() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("kim-long", 1.25)).await?;
    let id = gauge_id("kim-long");

    let simplified = api.json(&format!("{}?format=simplified", path(&id))).await?;
    ensure!(simplified["waterLevel"] == json!(1.25), "{simplified}");
    ensure!(simplified["location"]["type"] == "Point", "{simplified}");
    ensure!(api.json(&format!("{}?options=keyValues", path(&id))).await? == simplified);

    let concise = api.json(&format!("{}?format=concise", path(&id))).await?;
    ensure!(concise["waterLevel"]["value"] == json!(1.25), "{concise}");
    ensure!(concise["waterLevel"].get("type").is_none() && concise["name"].is_string(), "{concise}");

    let request = api.request(Method::GET, &path(&id)).header("accept", "application/geo+json");
    let feature = api.send(request).await?.expect(200)?;
    ensure!(feature.header("content-type").starts_with("application/geo+json"));
    let feature = feature.json()?;
    ensure!(feature["type"] == "Feature" && feature["geometry"]["type"] == "Point", "{feature}");
    ensure!(feature["properties"]["waterLevel"]["value"] == json!(1.25), "{feature}");

    let linked = api.request(Method::GET, &path(&id)).header("accept", "application/ld+json");
    let linked = api.send(linked).await?.expect(200)?.json()?;
    ensure!(linked.get("@context").is_some(), "{linked}");
    Ok(())
}

#[tokio::test]
async fn system_times_are_told_when_asked_for() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let plain = api.json(&path(&gauge_id("a"))).await?;
    ensure!(plain.get("createdAt").is_none(), "{plain}");
    let told = api.json(&format!("{}?options=sysAttrs", path(&gauge_id("a")))).await?;
    ensure!(told["createdAt"].is_string() && told["modifiedAt"].is_string(), "{told}");
    ensure!(told["waterLevel"]["createdAt"].is_string(), "{told}");
    Ok(())
}

#[tokio::test]
async fn only_what_was_asked_for_is_written() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let picked = api.json(&format!("{}?pick=id,waterLevel", path(&gauge_id("a")))).await?;
    ensure!(picked.get("waterLevel").is_some() && picked.get("id").is_some(), "{picked}");
    ensure!(picked.get("name").is_none() && picked.get("type").is_none(), "{picked}");
    let omitted = api.json(&format!("{}?omit=waterLevel", path(&gauge_id("a")))).await?;
    ensure!(omitted.get("waterLevel").is_none() && omitted.get("name").is_some(), "{omitted}");
    Ok(())
}

#[tokio::test]
async fn one_language_of_a_name_is_written_when_asked_for() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let names = json!({"vi": "Sông Hương", "en": "Perfume River"});
    api.create(&json!({
        "id": "urn:ngsi-ld:River:huong", "type": "River", "name": {"type": "LanguageProperty", "languageMap": names}
    }))
    .await?;
    let english = api.json(&format!("{}?lang=en", path("urn:ngsi-ld:River:huong"))).await?;
    ensure!(*value(&english, "name") == json!("Perfume River"), "{english}");
    Ok(())
}

#[tokio::test]
async fn an_entity_is_created_once_and_an_unknown_one_is_not_found() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let twice = api.post("/ngsi-ld/v1/entities", &gauge("a", 2.0)).await?.expect_problem(409)?;
    ensure!(twice["type"].as_str().is_some_and(|t| t.ends_with("AlreadyExists")), "{twice}");
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(1.0));
    let absent = path(&gauge_id("nowhere"));
    for problem in [
        api.get(&absent).await?,
        api.delete(&absent).await?,
        api.patch(&format!("{absent}/attrs"), &json!({"name": {"type": "Property", "value": 1}})).await?,
        api.put(&absent, &gauge("nowhere", 1.0)).await?,
    ] {
        let problem = problem.expect_problem(404)?;
        ensure!(problem["type"].as_str().is_some_and(|t| t.ends_with("ResourceNotFound")), "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn replacing_leaves_nothing_of_the_old_and_merging_keeps_it() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    let at = path(&gauge_id("a"));
    let merged = json!({"waterLevel": {"value": 2.5}, "owner": {"type": "Property", "value": "Đài Huế"}});
    api.patch(&at, &merged).await?.expect(204)?;
    let entity = api.json(&at).await?;
    ensure!(
        *value(&entity, "waterLevel") == json!(2.5) && *value(&entity, "owner") == json!("Đài Huế"),
        "{entity}"
    );
    ensure!(entity["waterLevel"]["unitCode"] == "MTR" && entity.get("location").is_some(), "{entity}");

    api.patch(&at, &json!({"owner": "urn:ngsi-ld:null"})).await?.expect(204)?;
    ensure!(api.json(&at).await?.get("owner").is_none(), "a merge with null deletes");

    let replacement =
        json!({"id": gauge_id("a"), "type": "RiverGauge", "flow": {"type": "Property", "value": 7}});
    api.put(&at, &replacement).await?.expect(204)?;
    let entity = api.json(&at).await?;
    ensure!(entity.get("waterLevel").is_none() && *value(&entity, "flow") == json!(7), "{entity}");
    Ok(())
}

#[tokio::test]
async fn a_deleted_entity_is_gone_and_can_be_created_anew() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&gauge("a", 1.0)).await?;
    api.delete(&path(&gauge_id("a"))).await?.expect(204)?;
    ensure!(!exists(&api, &gauge_id("a")).await?);
    ensure!(api.query("type=RiverGauge").await?.is_empty());
    api.create(&gauge("a", 3.0)).await?;
    ensure!(*value(&api.json(&path(&gauge_id("a"))).await?, "waterLevel") == json!(3.0));
    Ok(())
}
