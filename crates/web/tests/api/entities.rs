//! Entities one by one: created, read in every form, replaced, merged, deleted.

use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

const HERE: &str = "/ngsi-ld/v1/entities/urn:ngsi-ld:Gauge:a";

fn gauge() -> serde_json::Value {
    json!({
        "id": "urn:ngsi-ld:Gauge:a",
        "type": "Gauge",
        "name": {"type": "Property", "value": "Trạm A"},
        "level": {
            "type": "Property", "value": 1.5, "unitCode": "MTR", "observedAt": "2026-11-20T07:00:00Z",
            "source": {"type": "Property", "value": "radar"}
        },
        "basin": {"type": "Relationship", "object": "urn:ngsi-ld:Basin:huong"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.5, 16.4]}}
    })
}

#[tokio::test]
async fn what_is_created_can_be_read_back() {
    let house = House::open().await;
    let created = house.post(ENTITIES, &gauge()).await.expect(201);
    assert_eq!(created.header("location"), HERE);
    assert_eq!(created.header("etag"), "\"1\"");
    assert_eq!(created.text(), "");

    let read = house.get(HERE).await.expect(200);
    assert_eq!(read.header("content-type"), "application/json");
    assert_eq!(read.header("etag"), "\"1\"");
    assert_eq!(
        read.header("link"),
        "<https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld>; \
         rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""
    );
    assert_eq!(read.json(), gauge());
}

#[tokio::test]
async fn an_entity_is_told_in_the_form_asked_for() {
    let house = House::open().await;
    house.create(&gauge()).await;

    let simple = json!({
        "id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "name": "Trạm A", "level": 1.5,
        "basin": "urn:ngsi-ld:Basin:huong",
        "location": {"type": "Point", "coordinates": [107.5, 16.4]}
    });
    assert_eq!(house.get(&format!("{HERE}?options=keyValues")).await.expect(200).json(), simple);
    assert_eq!(house.get(&format!("{HERE}?format=simplified")).await.expect(200).json(), simple);

    let concise = json!({
        "id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "name": "Trạm A",
        "level": {"value": 1.5, "unitCode": "MTR", "observedAt": "2026-11-20T07:00:00Z", "source": "radar"},
        "basin": {"object": "urn:ngsi-ld:Basin:huong"},
        "location": {"type": "Point", "coordinates": [107.5, 16.4]}
    });
    assert_eq!(house.get(&format!("{HERE}?format=concise")).await.expect(200).json(), concise);

    let system = house.get(&format!("{HERE}?attrs=name&options=sysAttrs")).await.expect(200).json();
    let at = "2026-11-20T07:05:00Z";
    assert_eq!(
        system,
        json!({
            "id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "createdAt": at, "modifiedAt": at,
            "name": {"type": "Property", "value": "Trạm A", "createdAt": at, "modifiedAt": at}
        })
    );

    let feature = Ask::get(&format!("{HERE}?format=simplified&pick=id,type,name,location"));
    let feature = house.send(feature.accept("application/geo+json")).await.expect(200);
    assert_eq!(feature.header("content-type"), "application/geo+json");
    let point = json!({"type": "Point", "coordinates": [107.5, 16.4]});
    assert_eq!(
        feature.json(),
        json!({
            "id": "urn:ngsi-ld:Gauge:a", "type": "Feature", "geometry": point,
            "properties": {"type": "Gauge", "name": "Trạm A", "location": point},
            "@context": "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
        })
    );
}

#[tokio::test]
async fn members_are_picked_and_left_out() {
    let house = House::open().await;
    house.create(&gauge()).await;
    let picked = house.get(&format!("{HERE}?pick=id,name&format=simplified")).await.expect(200).json();
    assert_eq!(picked, json!({"id": "urn:ngsi-ld:Gauge:a", "name": "Trạm A"}));
    let left = house.get(&format!("{HERE}?omit=location,basin,level&format=simplified")).await.expect(200);
    assert_eq!(left.json(), json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "name": "Trạm A"}));
    house.get(&format!("{HERE}?attrs=nothing")).await.problem(404);
}

#[tokio::test]
async fn a_language_is_chosen() {
    let house = House::open().await;
    let title = json!({"type": "LanguageProperty", "languageMap": {"vi": "Cầu Trường Tiền", "en": "Truong Tien Bridge"}});
    house.create(&json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "title": title})).await;
    let told = house.get(&format!("{HERE}?lang=en&format=simplified")).await.expect(200).json();
    assert_eq!(told["title"], "Truong Tien Bridge");
    let told = house.get(&format!("{HERE}?lang=vi")).await.expect(200).json();
    assert_eq!(told["title"], json!({"type": "Property", "value": "Cầu Trường Tiền", "lang": "vi"}));
}

#[tokio::test]
async fn an_entity_exists_once() {
    let house = House::open().await;
    house.create(&gauge()).await;
    let (kind, detail) = house.post(ENTITIES, &gauge()).await.problem(409);
    assert_eq!((kind.as_str(), detail.as_str()), ("AlreadyExists", "urn:ngsi-ld:Gauge:a exists already."));
}

#[tokio::test]
async fn replacing_leaves_nothing_of_the_old() {
    let house = House::open().await;
    house.create(&gauge()).await;
    let other = json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "state": {"type": "Property", "value": "broken"}});
    let replaced = house.put(HERE, &other).await.expect(204);
    assert_eq!(replaced.header("etag"), "\"2\"");
    assert_eq!(house.get(HERE).await.expect(200).json(), other);
    house.put("/ngsi-ld/v1/entities/urn:ngsi-ld:Gauge:none", &json!({"type": "Gauge"})).await.problem(404);
}

#[tokio::test]
async fn merging_changes_what_is_named_and_deletes_what_is_null() {
    let house = House::open().await;
    house.create(&gauge()).await;
    let change =
        json!({"level": {"value": 2.5, "observedAt": "2026-11-20T07:05:00Z"}, "name": "urn:ngsi-ld:null"});
    house.patch(HERE, &change).await.expect(204);
    let now = house.get(&format!("{HERE}?omit=location,basin")).await.expect(200).json();
    let level = json!({
        "type": "Property", "value": 2.5, "unitCode": "MTR", "observedAt": "2026-11-20T07:05:00Z",
        "source": {"type": "Property", "value": "radar"}
    });
    assert_eq!(now, json!({"id": "urn:ngsi-ld:Gauge:a", "type": "Gauge", "level": level}));
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let house = House::open().await;
    house.create(&gauge()).await;
    house.delete(HERE).await.expect(204);
    for reply in [house.get(HERE).await, house.delete(HERE).await] {
        let (kind, detail) = reply.problem(404);
        assert_eq!(kind, "ResourceNotFound");
        assert_eq!(detail, "urn:ngsi-ld:Gauge:a was not found.");
    }
}
