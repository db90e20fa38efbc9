//! The attributes of an entity.

use serde_json::json;

use crate::house::{Ask, House};

const HERE: &str = "/ngsi-ld/v1/entities/urn:ngsi-ld:Gauge:a";
const LEVEL: &str = "/ngsi-ld/v1/entities/urn:ngsi-ld:Gauge:a/attrs/level";

async fn house() -> House {
    let house = House::open().await;
    let level = json!([
        {"type": "Property", "value": 1.5, "unitCode": "MTR"},
        {"type": "Property", "value": 1.6, "datasetId": "urn:ngsi-ld:Dataset:radar"}
    ]);
    house.create(&json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "level": level})).await;
    house
}

/// The entity as it is, simplified.
async fn now(house: &House) -> serde_json::Value {
    house.get(&format!("{HERE}?format=simplified")).await.expect(200).json()
}

#[tokio::test]
async fn attributes_are_appended_or_left_alone() {
    let house = house().await;
    house.post(&format!("{HERE}/attrs"), &json!({"state": {"value": "good"}})).await.expect(204);
    let more = json!({"state": {"value": "bad"}, "maker": {"value": "Lan"}});
    let told = house.post(&format!("{HERE}/attrs?options=noOverwrite"), &more).await.expect(207);
    assert_eq!(
        told.json(),
        json!({
            "updated": ["https://uri.etsi.org/ngsi-ld/default-context/maker"],
            "notUpdated": [{
                "attributeName": "https://uri.etsi.org/ngsi-ld/default-context/state",
                "reason": "it exists already and overwriting was not asked for"
            }]
        })
    );
    let state = &now(&house).await["state"];
    assert_eq!(state, "good");
}

#[tokio::test]
async fn one_attribute_is_changed_in_part_and_replaced_as_a_whole() {
    let house = house().await;
    house.patch(LEVEL, &json!({"value": 1.7})).await.expect(204);
    let level = house.get(&format!("{HERE}?attrs=level")).await.expect(200).json()["level"].clone();
    assert_eq!(
        level,
        json!([
            {"type": "Property", "value": 1.7, "unitCode": "MTR"},
            {"type": "Property", "value": 1.6, "datasetId": "urn:ngsi-ld:Dataset:radar"}
        ])
    );
    house.put(LEVEL, &json!({"type": "Property", "value": 1.8})).await.expect(204);
    let level = house.get(&format!("{HERE}?attrs=level")).await.expect(200).json()["level"].clone();
    assert_eq!(level[0], json!({"type": "Property", "value": 1.8}));
}

#[tokio::test]
async fn one_instance_is_deleted_or_all_of_them() {
    let house = house().await;
    house.delete(&format!("{LEVEL}?datasetId=urn:ngsi-ld:Dataset:radar")).await.expect(204);
    assert_eq!(now(&house).await["level"], 1.5);
    house.delete(&format!("{LEVEL}?deleteAll=true")).await.expect(204);
    assert_eq!(now(&house).await, json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge"}));
    let (kind, detail) = house.delete(LEVEL).await.problem(404);
    assert_eq!(kind, "ResourceNotFound");
    assert!(detail.contains("level"), "{detail}");
}

#[tokio::test]
async fn names_are_those_of_the_context_in_the_link() {
    let house = house().await;
    let context = json!({"@context": {"mucNuoc": "https://uri.etsi.org/ngsi-ld/default-context/level"}});
    let hosted = house.post("/ngsi-ld/v1/jsonldContexts", &context).await.expect(201).header("location");
    let link = format!(
        "<http://here.test{hosted}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""
    );
    let told =
        house.send(Ask::get(&format!("{HERE}?format=simplified")).header("link", &link)).await.expect(200);
    assert!(told.json()["mucNuoc"].is_object() || told.json()["mucNuoc"].is_array(), "{}", told.text());
    let delete = Ask::new(http::Method::DELETE, &format!("{HERE}/attrs/mucNuoc?deleteAll=true"));
    house.send(delete.header("link", &link)).await.expect(204);
    assert_eq!(now(&house).await, json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge"}));
}
