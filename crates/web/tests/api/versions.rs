//! Versions of entities and keys against doing a thing twice: our additions to CIM 009.

use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

const HERE: &str = "/ngsi-ld/v1/entities/urn:x:a";

async fn house() -> House {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "level": 1})).await;
    house
}

#[tokio::test]
async fn a_write_meant_for_another_version_is_refused() {
    let house = house().await;
    let attrs = format!("{HERE}/attrs");
    let level = format!("{HERE}/attrs/level");
    house.patch(HERE, &json!({"level": 2})).await.expect(204);
    for (method, path, body) in [
        (Method::PATCH, HERE, json!({"level": 3})),
        (Method::PUT, HERE, json!({"id": "urn:x:a", "type": "Gauge"})),
        (Method::POST, attrs.as_str(), json!({"level": 3})),
        (Method::PATCH, attrs.as_str(), json!({"level": 3})),
        (Method::PATCH, level.as_str(), json!({"value": 3})),
        (Method::PUT, level.as_str(), json!({"value": 3})),
    ] {
        let reply = house.send(Ask::new(method, path).header("if-match", "\"1\"").json(&body)).await;
        let (_kind, detail) = reply.problem(412);
        assert!(detail.contains("version 2"), "{detail}");
    }
    for path in [HERE, level.as_str()] {
        house.send(Ask::new(Method::DELETE, path).header("if-match", "\"1\"")).await.problem(412);
    }
    let right = Ask::new(Method::PATCH, HERE).header("if-match", "\"2\"").json(&json!({"level": 4}));
    assert_eq!(house.send(right).await.expect(204).header("etag"), "\"3\"");
    let any = Ask::new(Method::PATCH, HERE).header("if-match", "*").json(&json!({"level": 5}));
    house.send(any).await.expect(204);
}

#[tokio::test]
async fn what_the_client_holds_is_not_sent_again() {
    let house = house().await;
    let known = house.send(Ask::get(HERE).header("if-none-match", "\"1\"")).await.expect(304);
    assert_eq!((known.text().as_str(), known.header("etag").as_str()), ("", "\"1\""));
    house.patch(HERE, &json!({"level": 2})).await.expect(204);
    house.send(Ask::get(HERE).header("if-none-match", "\"1\"")).await.expect(200);
}

#[tokio::test]
async fn a_request_sent_twice_under_one_key_is_done_once() {
    let house = House::open().await;
    let body = json!({"id": "urn:x:a", "type": "Gauge", "level": 1});
    let ask = || Ask::post(ENTITIES).header("idempotency-key", "k-1").json(&body);
    let first = house.send(ask()).await.expect(201);
    let again = house.send(ask()).await.expect(201);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(house.get(HERE).await.header("etag"), "\"1\"");

    let other = json!({"id": "urn:x:b", "type": "Gauge"});
    let reused = Ask::post(ENTITIES).header("idempotency-key", "k-1").json(&other);
    let (_kind, detail) = house.send(reused).await.problem(422);
    assert!(detail.contains("k-1") || detail.contains("dempotency"), "{detail}");
    house.get("/ngsi-ld/v1/entities/urn:x:b").await.problem(404);
}

#[tokio::test]
async fn a_batch_under_one_key_is_answered_alike() {
    let house = house().await;
    let body = json!([{"id": "urn:x:a", "type": "Gauge"}, {"id": "urn:x:b", "type": "Gauge"}]);
    let create =
        || Ask::post("/ngsi-ld/v1/entityOperations/create").header("idempotency-key", "k").json(&body);
    let first = house.send(create()).await.expect(207);
    let again = house.send(create()).await.expect(207);
    assert_eq!(first.json(), again.json());
    assert_eq!(first.json()["success"], json!(["urn:x:b"]));
}
