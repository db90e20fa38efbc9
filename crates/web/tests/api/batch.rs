//! Many entities in one request.

use serde_json::{Value as Json, json};

use crate::house::{ENTITIES, House};

fn path(operation: &str) -> String {
    format!("/ngsi-ld/v1/entityOperations/{operation}")
}

fn gauge(name: &str, level: f64) -> Json {
    json!({"id": format!("urn:ngsi-ld:Gauge:{name}"), "type": "Gauge", "level": {"type": "Property", "value": level}})
}

#[tokio::test]
async fn many_are_created_at_once() {
    let house = House::open().await;
    let told = house.post(&path("create"), &json!([gauge("a", 1.0), gauge("b", 2.0)])).await.expect(201);
    assert_eq!(told.json(), json!(["urn:ngsi-ld:Gauge:a", "urn:ngsi-ld:Gauge:b"]));
    assert_eq!(house.get(&format!("{ENTITIES}?type=Gauge")).await.expect(200).names(), ["a", "b"]);
}

#[tokio::test]
async fn a_bad_entity_does_not_hold_up_the_good() {
    let house = House::open().await;
    house.create(&gauge("a", 1.0)).await;
    let all =
        json!([gauge("a", 2.0), gauge("b", 2.0), {"id": "no uri", "type": "Gauge"}, {"id": "urn:x:c"}, 7]);
    let told = house.post(&path("create"), &all).await.expect(207).json();
    assert_eq!(told["success"], json!(["urn:ngsi-ld:Gauge:b"]));
    let errors = told["errors"].as_array().unwrap();
    let said: Vec<(&Json, &Json)> = errors.iter().map(|e| (&e["entityId"], &e["error"]["status"])).collect();
    assert_eq!(
        said,
        [
            (&json!("urn:ngsi-ld:Gauge:a"), &json!(409)),
            (&json!("no uri"), &json!(400)),
            (&json!("urn:x:c"), &json!(400)),
            (&json!(null), &json!(400)),
        ]
    );
}

#[tokio::test]
async fn upserting_names_what_is_new() {
    let house = House::open().await;
    house.create(&gauge("a", 1.0)).await;
    let told = house.post(&path("upsert"), &json!([gauge("a", 2.0), gauge("b", 2.0)])).await.expect(201);
    assert_eq!(told.json(), json!(["urn:ngsi-ld:Gauge:b"]));
    let told = house.post(&path("upsert?options=update"), &json!([gauge("a", 3.0)])).await.expect(204);
    assert_eq!(told.text(), "");
}

#[tokio::test]
async fn updating_takes_those_that_exist() {
    let house = House::open().await;
    house.create(&gauge("a", 1.0)).await;
    house.post(&path("update"), &json!([gauge("a", 2.0)])).await.expect(204);
    let told =
        house.post(&path("update"), &json!([gauge("a", 3.0), gauge("z", 3.0)])).await.expect(207).json();
    assert_eq!(told["success"], json!(["urn:ngsi-ld:Gauge:a"]));
    assert_eq!(told["errors"][0]["entityId"], "urn:ngsi-ld:Gauge:z");
    assert_eq!(told["errors"][0]["error"]["status"], 404);
    house.post(&path("merge"), &json!([gauge("a", 4.0)])).await.expect(204);
    let a = house.get(&format!("{ENTITIES}/urn:ngsi-ld:Gauge:a?format=simplified")).await.json();
    assert_eq!(a["level"], 4.0);
}

#[tokio::test]
async fn deleting_tells_what_was_not_there() {
    let house = House::open().await;
    house.create(&gauge("a", 1.0)).await;
    let told =
        house.post(&path("delete"), &json!(["urn:ngsi-ld:Gauge:a", "urn:ngsi-ld:Gauge:z"])).await.expect(207);
    assert_eq!(
        told.json(),
        json!({
            "success": ["urn:ngsi-ld:Gauge:a"],
            "errors": [{
                "entityId": "urn:ngsi-ld:Gauge:z",
                "error": {
                    "type": "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound", "status": 404,
                    "title": "It was not found.", "detail": "urn:ngsi-ld:Gauge:z was not found.",
                    "instance": "urn:ngsi-ld:Gauge:z"
                }
            }]
        })
    );
}

#[tokio::test]
async fn a_query_in_the_body_is_one_in_the_url() {
    let house = House::open().await;
    house
        .post(&path("create"), &json!([gauge("a", 1.0), gauge("b", 2.0), gauge("c", 3.0)]))
        .await
        .expect(201);
    let query = json!({"type": "Query", "entities": [{"type": "Gauge"}], "q": "level>1", "ordering": {"orderBy": ["level;desc"]}});
    let told = house.post(&path("query?count=true&limit=1"), &query).await.expect(200);
    assert_eq!(told.header("ngsild-results-count"), "2");
    assert_eq!(told.names(), ["c"]);
}

#[tokio::test]
async fn a_batch_has_a_bound() {
    let house = House::open().await;
    let all: Vec<Json> = (0..1001).map(|n| gauge(&n.to_string(), 1.0)).collect();
    let (kind, detail) = house.post(&path("create"), &json!(all)).await.problem(400);
    assert_eq!(kind, "BadRequestData");
    assert!(detail.contains("1000") && detail.contains("1001"), "{detail}");
    house.post(&path("create"), &json!([])).await.problem(400);
    house.post(&path("create"), &json!({"id": "urn:x:1"})).await.problem(400);
}
