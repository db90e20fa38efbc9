//! Personal data over the API: hidden, and revealed only to whom the policy lets and with a reason.

use dinh_access::OpenWrites;
use dinh_model::{Attribute, Entity, EntityId, Tenant, Value};
use dinh_ngsild::context::Context;
use dinh_web::HttpSettings;
use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House, KEY};

/// A gauge whose keeper is a person.
async fn house() -> House {
    let house = House::with(OpenWrites::Anywhere, HttpSettings::default()).await;
    let at = house.context.clock().now();
    let expand = |name: &str| Context::core().expand(name);
    let mut gauge = Entity::new(EntityId::parse("urn:ngsi-ld:Gauge:a").unwrap(), expand("Gauge"), at);
    for (name, value) in [("name", json!("Kim Long")), ("keeper", json!("Nguyễn Thị Ẩn"))] {
        gauge.set(expand(name), Attribute::new(Value::Property(value), at));
    }
    house.context.system("test", Tenant::default_tenant()).create(gauge).await.unwrap();
    house
}

#[tokio::test]
async fn a_person_is_not_told_nor_found() {
    let house = house().await;
    let one = house.get(&format!("{ENTITIES}/urn:ngsi-ld:Gauge:a")).await.expect(200);
    assert!(!one.text().contains("keeper") && !one.text().contains("Ẩn"), "{}", one.text());
    for query in [
        "type=Gauge&q=keeper==%22Nguy%E1%BB%85n%20Th%E1%BB%8B%20%E1%BA%A8n%22",
        "type=Gauge&q=keeper",
        "type=Gauge&attrs=keeper",
        "type=Gauge&q=keeper%3E=%22N%22;keeper%3C%22O%22",
    ] {
        let found = house.get(&format!("{ENTITIES}?{query}&count=true")).await.expect(200);
        assert_eq!(
            (found.json(), found.header("ngsild-results-count").as_str()),
            (json!([]), "0"),
            "{query}"
        );
    }
    let attributes = house.get("/ngsi-ld/v1/attributes").await.expect(200).text();
    assert!(!attributes.contains("keeper"), "{attributes}");
    let types = house.get("/ngsi-ld/v1/types/Gauge").await.expect(200).text();
    assert!(!types.contains("keeper"), "{types}");
}

#[tokio::test]
async fn revealing_asks_for_a_right_and_a_reason() {
    let house = house().await;
    let ask = || Ask::get(&format!("{ENTITIES}/urn:ngsi-ld:Gauge:a"));
    let reason = "%C4%91%E1%BB%91i%20chi%E1%BA%BFu%20gi%E1%BA%A5y%20t%E1%BB%9D";
    let nobody = house.send(ask().header("dinh-reveal", reason)).await;
    nobody.expect(401);
    let key = format!("Bearer {KEY}");
    house.send(ask().header("authorization", &key).header("dinh-reveal", reason)).await.expect(403);
    for (name, value) in
        [("dinh-reveal", "x"), ("dinh-reveal", "%FF%FE%FD%FC%FB"), ("dinh-purpose", "curiosity")]
    {
        let told = house.send(ask().header("authorization", &key).header(name, value)).await.expect(400);
        assert!(!told.text().contains("Ẩn"), "{name}: {value}");
    }
    let stated = house.send(ask().header("dinh-purpose", "case-handling")).await.expect(200);
    assert!(!stated.text().contains("Ẩn"), "a purpose alone reveals nothing");
}

#[tokio::test]
async fn nobody_in_particular_writes_personal_data() {
    let house = house().await;
    let patch = json!({"keeper": {"type": "Property", "value": "Ai đó"}});
    let attrs = format!("{ENTITIES}/urn:ngsi-ld:Gauge:a/attrs");
    house.send(Ask::new(Method::PATCH, &attrs).json(&patch)).await.expect(403);
    let guess = json!({"keeper": {"type": "Property", "value": "Nguyễn Thị Ẩn"}});
    house.send(Ask::new(Method::PATCH, &attrs).json(&guess)).await.expect(403);
}
