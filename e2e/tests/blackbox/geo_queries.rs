//! Queries by geometry: every relation, several shapes.

use std::collections::BTreeSet;

use anyhow::ensure;
use dinh_e2e::{Server, Test};
use reqwest::Method;
use serde_json::{Value, json};

fn place(name: &str, geometry: &Value) -> Value {
    json!({
        "id": format!("urn:ngsi-ld:Place:{name}"), "type": "Place",
        "location": {"type": "GeoProperty", "value": geometry}
    })
}

#[tokio::test]
async fn every_relation_finds_what_it_should() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let square = json!([[[107.0, 16.0], [108.0, 16.0], [108.0, 17.0], [107.0, 17.0], [107.0, 16.0]]]);
    let places = json!([
        place("inside", &json!({"type": "Point", "coordinates": [107.5, 16.5]})),
        place("corner", &json!({"type": "Point", "coordinates": [107.1, 16.1]})),
        place("far", &json!({"type": "Point", "coordinates": [105.85, 21.03]})),
        place("road", &json!({"type": "LineString", "coordinates": [[107.5, 16.5], [109.0, 16.5]]})),
        place("square", &json!({"type": "Polygon", "coordinates": square})),
        {"id": "urn:ngsi-ld:Place:nowhere", "type": "Place"},
    ]);
    api.post("/ngsi-ld/v1/entityOperations/create", &places).await?.expect(201)?;
    let around = "georel=near;maxDistance==2000&geometry=Point&coordinates=[107.5,16.51]";
    let box_ =
        "geometry=Polygon&coordinates=[[[107.0,16.0],[108.0,16.0],[108.0,17.0],[107.0,17.0],[107.0,16.0]]]";
    let table = [
        (around.to_owned(), "inside road square"),
        ("georel=near;minDistance==500000&geometry=Point&coordinates=[107.5,16.5]".to_owned(), "far"),
        (format!("georel=within&{box_}"), "inside corner square"),
        (format!("georel=intersects&{box_}"), "inside corner road square"),
        (format!("georel=disjoint&{box_}"), "far"),
        (format!("georel=equals&{box_}"), "square"),
        (format!("georel=overlaps&{box_}"), ""),
        ("georel=contains&geometry=Point&coordinates=[107.5,16.5]".to_owned(), "inside road square"),
    ];
    for (query, expected) in table {
        let found: BTreeSet<String> = api.ids(&format!("type=Place&{query}")).await?.into_iter().collect();
        let expected: BTreeSet<String> = expected.split_whitespace().map(str::to_owned).collect();
        // A line that ends in a point "contains" it or not by how boundaries are read; both readings are in use.
        let without_road =
            |set: &BTreeSet<String>| set.iter().filter(|n| *n != "road").cloned().collect::<Vec<_>>();
        let same = if query.contains("contains") {
            without_road(&found) == without_road(&expected)
        } else {
            found == expected
        };
        ensure!(same, "{query}: expected {expected:?}, found {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_moved_point_is_found_where_it_is_now() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&place("bus", &json!({"type": "Point", "coordinates": [107.5, 16.5]}))).await?;
    let near = |lon: f64| {
        format!("type=Place&georel=near;maxDistance==1000&geometry=Point&coordinates=[{lon},16.5]")
    };
    ensure!(api.ids(&near(107.5)).await? == ["bus"]);
    let moved = json!({"location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.9, 16.5]}}});
    api.patch("/ngsi-ld/v1/entities/urn:ngsi-ld:Place:bus/attrs", &moved).await?.expect(204)?;
    ensure!(api.ids(&near(107.5)).await?.is_empty());
    ensure!(api.ids(&near(107.9)).await? == ["bus"]);
    Ok(())
}

#[tokio::test]
async fn a_query_answers_with_a_feature_collection() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.create(&place("a", &json!({"type": "Point", "coordinates": [107.5, 16.5]}))).await?;
    let request =
        api.request(Method::GET, "/ngsi-ld/v1/entities?type=Place").header("accept", "application/geo+json");
    let collection = api.send(request).await?.expect(200)?.json()?;
    ensure!(collection["type"] == "FeatureCollection", "{collection}");
    ensure!(collection["features"][0]["geometry"]["coordinates"] == json!([107.5, 16.5]), "{collection}");
    Ok(())
}
