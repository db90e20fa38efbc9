//! Which types and attributes there are (CIM 009 clauses 5.7.5 to 5.7.10).

use serde_json::json;

use crate::house::House;

const PREFIX: &str = "https://uri.etsi.org/ngsi-ld/default-context/";

async fn house() -> House {
    let house = House::open().await;
    house
        .create(&json!({"id": "urn:x:a", "type": "Gauge", "level": 1, "basin": {"object": "urn:x:huong"}}))
        .await;
    house.create(&json!({"id": "urn:x:b", "type": "Gauge", "level": 2})).await;
    house.create(&json!({"id": "urn:x:huong", "type": "Basin", "name": "Hương"})).await;
    house
}

#[tokio::test]
async fn types_are_listed() {
    let house = house().await;
    let list = house.get("/ngsi-ld/v1/types").await.expect(200).json();
    assert_eq!((&list["type"], &list["typeList"]), (&json!("EntityTypeList"), &json!(["Basin", "Gauge"])));
    assert_eq!(
        house.get("/ngsi-ld/v1/types?details=true").await.expect(200).json(),
        json!([
            {"id": format!("{PREFIX}Basin"), "type": "EntityType", "typeName": "Basin", "attributeNames": ["name"]},
            {"id": format!("{PREFIX}Gauge"), "type": "EntityType", "typeName": "Gauge", "attributeNames": ["basin", "level"]}
        ])
    );
    assert_eq!(
        house.get("/ngsi-ld/v1/types/Gauge").await.expect(200).json(),
        json!({
            "id": format!("{PREFIX}Gauge"), "type": "EntityTypeInfo", "typeName": "Gauge", "entityCount": 2,
            "attributeDetails": [
                {"id": format!("{PREFIX}basin"), "type": "Attribute", "attributeName": "basin", "attributeTypes": ["Relationship"]},
                {"id": format!("{PREFIX}level"), "type": "Attribute", "attributeName": "level", "attributeTypes": ["Property"]}
            ]
        })
    );
}

#[tokio::test]
async fn attributes_are_listed() {
    let house = house().await;
    let list = house.get("/ngsi-ld/v1/attributes").await.expect(200).json();
    assert_eq!(list["attributeList"], json!(["basin", "level", "name"]));
    assert_eq!(
        house.get("/ngsi-ld/v1/attributes/level").await.expect(200).json(),
        json!({
            "id": format!("{PREFIX}level"), "type": "Attribute", "attributeName": "level", "attributeCount": 2,
            "attributeTypes": ["Property"], "typeNames": ["Gauge"]
        })
    );
}

#[tokio::test]
async fn what_is_gone_is_not_listed() {
    let house = house().await;
    house.delete("/ngsi-ld/v1/entities/urn:x:huong").await.expect(204);
    let list = house.get("/ngsi-ld/v1/types").await.expect(200).json();
    assert_eq!(list["typeList"], json!(["Gauge"]));
    house.get("/ngsi-ld/v1/types/Basin").await.problem(404);
    house.get("/ngsi-ld/v1/attributes/name").await.problem(404);
}

#[tokio::test]
async fn the_house_says_who_it_is() {
    let house = house().await;
    let told = house.get("/ngsi-ld/v1/info/sourceIdentity").await.expect(200).json();
    let alias = told["contextSourceAlias"].as_str().expect("a name").to_owned();
    assert!(alias.starts_with("dinh-") && alias.ends_with("-default"), "{alias}");
    let again = house.get("/ngsi-ld/v1/info/sourceIdentity").await.expect(200).json();
    assert_eq!(again["contextSourceAlias"], told["contextSourceAlias"], "it stays");
    assert_eq!(
        told,
        json!({
            "id": "urn:ngsi-ld:ContextSourceIdentity:dinh:default", "type": "ContextSourceIdentity",
            "contextSourceAlias": alias, "contextSourceUptime": "P0DT0H0M0S",
            "contextSourceTimeAt": "2026-11-20T07:05:00Z"
        })
    );
}
