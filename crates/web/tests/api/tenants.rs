//! Tenants (CIM 009 clause 6.3.14).

use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

#[tokio::test]
async fn a_tenant_begins_with_its_first_entity() {
    let house = House::open().await;
    let list = || Ask::get(&format!("{ENTITIES}?type=Gauge")).header("ngsild-tenant", "moi");
    let refused = house.send(list()).await;
    assert_eq!(refused.header("ngsild-tenant"), "moi");
    let (kind, detail) = refused.problem(404);
    assert_eq!(kind, "NonexistentTenant");
    assert!(detail.contains("moi"), "{detail}");

    let create = Ask::post(ENTITIES).header("ngsild-tenant", "moi");
    let created = house.send(create.json(&json!({"id": "urn:x:a", "type": "Gauge"}))).await.expect(201);
    assert_eq!(created.header("ngsild-tenant"), "moi");
    let told = house.send(list()).await.expect(200);
    assert_eq!(told.header("ngsild-tenant"), "moi");
    assert_eq!(told.json(), json!([{"id": "urn:x:a", "type": "Gauge"}]));
}

#[tokio::test]
async fn tenants_do_not_see_each_other() {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "level": 1})).await;
    let thu = |ask: Ask| ask.header("ngsild-tenant", "thu");
    house.send(thu(Ask::get(&format!("{ENTITIES}/urn:x:a")))).await.problem(404);
    house
        .send(thu(Ask::post(ENTITIES)).json(&json!({"id": "urn:x:a", "type": "Gauge", "level": 2})))
        .await
        .expect(201);
    let theirs =
        house.send(thu(Ask::get(&format!("{ENTITIES}/urn:x:a?format=simplified")))).await.expect(200);
    assert_eq!(theirs.json()["level"], 2);
    let ours = house.get(&format!("{ENTITIES}/urn:x:a?format=simplified")).await.expect(200);
    assert_eq!(ours.json()["level"], 1);
    assert_eq!(ours.header("ngsild-tenant"), "");
}

#[tokio::test]
async fn a_province_exists_before_it_holds_anything() {
    let house = House::open().await;
    let list = Ask::get(&format!("{ENTITIES}?type=Gauge")).header("ngsild-tenant", "thu");
    assert_eq!(house.send(list).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn nothing_is_changed_where_there_is_no_tenant() {
    let house = House::open().await;
    let away = |method, path: &str| Ask::new(method, path).header("ngsild-tenant", "moi");
    let here = format!("{ENTITIES}/urn:x:a");
    let (kind, _) = house.send(away(http::Method::DELETE, &here)).await.problem(404);
    assert_eq!(kind, "NonexistentTenant");
    let (kind, _) = house.send(away(http::Method::PATCH, &here).json(&json!({"a": 1}))).await.problem(404);
    assert_eq!(kind, "NonexistentTenant");
}
