//! Subscriptions as things that are created, read, changed and deleted; that they notify is tested where they live.

use serde_json::{Value as Json, json};

use crate::house::House;

const SUBSCRIPTIONS: &str = "/ngsi-ld/v1/subscriptions";

fn wish(name: &str) -> Json {
    json!({
        "id": format!("urn:x:{name}"), "type": "Subscription", "description": "High water",
        "entities": [{"type": "Gauge"}], "watchedAttributes": ["level"], "q": "level>2",
        "notification": {"attributes": ["level"], "format": "keyValues",
                         "endpoint": {"uri": "https://receiver.example/notify", "accept": "application/json"}}
    })
}

#[tokio::test]
async fn a_subscription_is_read_as_it_was_wished() {
    let house = House::open().await;
    let created = house.post(SUBSCRIPTIONS, &wish("s")).await.expect(201);
    assert_eq!(created.header("location"), "/ngsi-ld/v1/subscriptions/urn:x:s");
    let told = house.get(&created.header("location")).await.expect(200).json();
    let mut expected = wish("s");
    expected["status"] = json!("active");
    expected["notificationTrigger"] = json!(["attributeCreated", "attributeUpdated"]);
    assert_eq!(told, expected);
    house.post(SUBSCRIPTIONS, &wish("s")).await.problem(409);
}

#[tokio::test]
async fn a_subscription_is_changed_in_part() {
    let house = House::open().await;
    house.post(SUBSCRIPTIONS, &wish("s")).await.expect(201);
    let here = format!("{SUBSCRIPTIONS}/urn:x:s");
    house.patch(&here, &json!({"isActive": false, "description": "urn:ngsi-ld:null"})).await.expect(204);
    let told = house.get(&here).await.expect(200).json();
    assert_eq!((&told["status"], &told["isActive"]), (&json!("paused"), &json!(false)));
    assert_eq!(told["q"], "level>2");
    house.patch(&here, &json!({"throttling": -1})).await.problem(400);
    house.delete(&here).await.expect(204);
    house.delete(&here).await.problem(404);
}

#[tokio::test]
async fn subscriptions_are_listed_in_pages() {
    let house = House::open().await;
    for name in ["a", "b", "c"] {
        house.post(SUBSCRIPTIONS, &wish(name)).await.expect(201);
    }
    let page = house.get(&format!("{SUBSCRIPTIONS}?limit=2&count=true")).await.expect(200);
    assert_eq!(
        (page.names(), page.header("ngsild-results-count").as_str()),
        (vec!["a".to_owned(), "b".to_owned()], "3")
    );
    assert!(page.header("link").contains("rel=\"next\""), "{}", page.header("link"));
    let rest = house.get(&format!("{SUBSCRIPTIONS}?limit=2&offset=2")).await.expect(200);
    assert_eq!(rest.names(), ["c"]);
    assert!(rest.header("link").contains("rel=\"prev\""), "{}", rest.header("link"));
}
