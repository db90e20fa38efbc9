//! The house's own JSON about a province.

use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

#[tokio::test]
async fn provinces_are_listed() {
    let house = House::open().await;
    assert_eq!(
        house.get("/api/v1/provinces").await.expect(200).json(),
        json!([{
            "tenant": "thu", "title": {"vi": "Tỉnh Thử", "en": "Test Province"}, "provinceCode": "99",
            "bounds": [107.0, 16.0, 108.0, 17.0], "center": [107.58, 16.46], "zoom": 9.0
        }])
    );
}

#[tokio::test]
async fn entities_are_found_by_words_without_accents() {
    let house = House::open().await;
    let gauge = |id: &str, name: &str| json!({"id": id, "type": "Gauge", "name": name});
    for (id, name) in
        [("urn:x:a", "Cầu Trường Tiền"), ("urn:x:b", "Cầu Phú Xuân"), ("urn:x:c", "Đập Thảo Long")]
    {
        house
            .send(Ask::post(ENTITIES).header("ngsild-tenant", "thu").json(&gauge(id, name)))
            .await
            .expect(201);
    }
    let found = |text: &str| format!("/api/v1/thu/search?text={text}");
    let told = house.get(&found("truong%20tien")).await.expect(200).json();
    let ids: Vec<&str> = told.as_array().unwrap().iter().filter_map(|hit| hit["eid"].as_str()).collect();
    assert_eq!(ids, ["urn:x:a"], "{told}");
    let told = house.get(&found("c%E1%BA%A7u&limit=1")).await.expect(200).json();
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!(house.get(&found("kh%C3%B4ng")).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn without_feeds_there_is_nothing_to_push_into_or_to_correct() {
    let house = House::open().await;
    assert_eq!(house.get("/api/v1/thu/feeds").await.expect(200).json(), json!([]));
    let push = Ask::post("/api/v1/thu/feeds/test/gauges/records").body("text/csv", "a,b\n1,2\n");
    let (kind, detail) = house.send(push).await.problem(404);
    assert_eq!(kind, "ResourceNotFound");
    assert!(detail.contains("feed"), "{detail}");
    house.get("/api/v1/thu/feeds/test/gauges").await.problem(404);
    house.get("/api/v1/thu/feeds/test/gauges/dead-letters").await.problem(404);
    house.delete("/api/v1/thu/feeds/test/gauges/dead-letters/1").await.problem(404);
}

/// A commune that another became part of in 2025; the outline of the old one is not known.
async fn register() -> House {
    let house = House::open().await;
    let ring = json!([[[107.0, 16.0], [108.0, 16.0], [108.0, 17.0], [107.0, 17.0], [107.0, 16.0]]]);
    let unit = |name: &str, code: &str, title: &str| {
        json!({
            "id": format!("urn:ngsi-ld:AdministrativeUnit:VN:{name}"), "type": "AdministrativeUnit", "code": code,
            "level": "commune", "name": {"type": "LanguageProperty", "languageMap": {"vi": title}}
        })
    };
    let mut new = unit("new", "19960", "Phường Thuận An");
    new["validFrom"] = json!("2025-07-01");
    new["location"] = json!({"type": "GeoProperty", "value": {"type": "Polygon", "coordinates": ring}});
    let mut old = unit("old", "19999", "Phường Phú Thuận");
    old["validTo"] = json!("2025-06-30");
    old["succeededBy"] = json!({"type": "Relationship", "object": new["id"], "share": "full"});
    for unit in [new, old] {
        house.send(Ask::post(ENTITIES).header("ngsild-tenant", "thu").json(&unit)).await.expect(201);
    }
    house
}

#[tokio::test]
async fn the_commune_of_a_point_depends_on_the_day() {
    let house = register().await;
    let new = json!({
        "id": "urn:ngsi-ld:AdministrativeUnit:VN:new", "code": "19960", "level": "commune",
        "name": "Phường Thuận An", "from": "2025-07-01"
    });
    let today = house.get("/api/v1/thu/commune?lon=107.5&lat=16.4").await.expect(200).json();
    assert_eq!(today, json!({"date": "2026-11-20", "unit": new}));
    let then = house.get("/api/v1/thu/commune?lon=107.5&lat=16.4&date=2020-01-01").await.expect(200).json();
    let old = json!({
        "id": "urn:ngsi-ld:AdministrativeUnit:VN:old", "code": "19999", "level": "commune",
        "name": "Phường Phú Thuận", "to": "2025-06-30"
    });
    assert_eq!(
        then,
        json!({"date": "2020-01-01", "present": new, "candidates": [{"unit": old, "share": "full"}]})
    );
    let (kind, detail) = house.get("/api/v1/thu/commune?lon=100&lat=10").await.problem(404);
    assert_eq!(kind, "ResourceNotFound");
    assert!(detail.contains("100"), "{detail}");
}
