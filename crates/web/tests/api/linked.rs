//! Linked entities told along (CIM 009 clause 4.5.23).

use serde_json::json;

use crate::house::{ENTITIES, House};

async fn house() -> House {
    let house = House::open().await;
    house
        .create(
            &json!({"id": "urn:x:huong", "type": "Basin", "name": "Hương", "sea": {"object": "urn:x:bien"}}),
        )
        .await;
    house.create(&json!({"id": "urn:x:bien", "type": "Sea", "name": "Biển Đông"})).await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "basin": {"object": "urn:x:huong"}})).await;
    house.create(&json!({"id": "urn:x:b", "type": "Gauge", "basin": {"object": "urn:x:huong"}})).await;
    house
}

#[tokio::test]
async fn linked_entities_stand_inside_those_that_link_to_them() {
    let house = house().await;
    let told = house.get(&format!("{ENTITIES}/urn:x:a?join=inline&joinLevel=2")).await.expect(200).json();
    let sea = json!({"id": "urn:x:bien", "type": "Sea", "name": {"type": "Property", "value": "Biển Đông"}});
    let basin = json!({
        "id": "urn:x:huong", "type": "Basin", "name": {"type": "Property", "value": "Hương"},
        "sea": {"type": "Relationship", "object": "urn:x:bien", "entity": sea}
    });
    assert_eq!(
        told,
        json!({
            "id": "urn:x:a", "type": "Gauge",
            "basin": {"type": "Relationship", "object": "urn:x:huong", "entity": basin}
        })
    );
}

#[tokio::test]
async fn linked_entities_stand_once_in_a_flat_list() {
    let house = house().await;
    let told = house.get(&format!("{ENTITIES}?type=Gauge&join=flat")).await.expect(200);
    let mut names = told.names();
    names.sort();
    assert_eq!(names, ["a", "b", "huong"]);
}

#[tokio::test]
async fn a_circle_of_links_ends() {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "T", "next": {"object": "urn:x:b"}})).await;
    house.create(&json!({"id": "urn:x:b", "type": "T", "next": {"object": "urn:x:a"}})).await;
    let told = house.get(&format!("{ENTITIES}/urn:x:a?join=inline&joinLevel=5")).await.expect(200);
    assert!(told.bytes.len() < 2000, "{}", told.text());
    house.get(&format!("{ENTITIES}/urn:x:a?join=inline&joinLevel=6")).await.problem(400);
    house.get(&format!("{ENTITIES}/urn:x:a?join=sideways")).await.problem(400);
}
