//! Who may write: whoever holds the key, this machine, or everybody, as the house is set up.

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House, KEY};

async fn house() -> House {
    House::with(OpenWrites::Local, HttpSettings::default()).await
}

fn create(name: &str) -> Ask {
    Ask::post(ENTITIES).json(&json!({"id": format!("urn:x:{name}"), "type": "Gauge"}))
}

#[tokio::test]
async fn strangers_may_not_write() {
    let house = house().await;
    let body = json!({"id": "urn:x:a", "type": "Gauge"});
    let writes = [
        (Method::POST, "/ngsi-ld/v1/entities"),
        (Method::PUT, "/ngsi-ld/v1/entities/urn:x:a"),
        (Method::PATCH, "/ngsi-ld/v1/entities/urn:x:a"),
        (Method::DELETE, "/ngsi-ld/v1/entities/urn:x:a"),
        (Method::POST, "/ngsi-ld/v1/entities/urn:x:a/attrs"),
        (Method::PATCH, "/ngsi-ld/v1/entities/urn:x:a/attrs"),
        (Method::PATCH, "/ngsi-ld/v1/entities/urn:x:a/attrs/level"),
        (Method::PUT, "/ngsi-ld/v1/entities/urn:x:a/attrs/level"),
        (Method::DELETE, "/ngsi-ld/v1/entities/urn:x:a/attrs/level"),
        (Method::POST, "/ngsi-ld/v1/entityOperations/create"),
        (Method::POST, "/ngsi-ld/v1/entityOperations/upsert"),
        (Method::POST, "/ngsi-ld/v1/entityOperations/update"),
        (Method::POST, "/ngsi-ld/v1/entityOperations/merge"),
        (Method::POST, "/ngsi-ld/v1/entityOperations/delete"),
        (Method::POST, "/ngsi-ld/v1/subscriptions"),
        (Method::PATCH, "/ngsi-ld/v1/subscriptions/urn:x:s"),
        (Method::DELETE, "/ngsi-ld/v1/subscriptions/urn:x:s"),
        (Method::POST, "/ngsi-ld/v1/jsonldContexts"),
        (Method::DELETE, "/ngsi-ld/v1/jsonldContexts/urn:x:c"),
        (Method::POST, "/api/v1/thu/feeds/test/gauges/records"),
        (Method::PUT, "/api/v1/thu/feeds/test/gauges/dead-letters/1"),
        (Method::DELETE, "/api/v1/thu/feeds/test/gauges/dead-letters/1"),
    ];
    for (method, path) in writes {
        let body = if path.ends_with("delete") { json!(["urn:x:a"]) } else { body.clone() };
        let body = if path.contains("entityOperations/") && !path.ends_with("delete") {
            json!([body])
        } else {
            body
        };
        let reply = house.send(Ask::new(method, path).json(&body)).await;
        let asked = reply.asked.clone();
        assert_eq!(reply.status, 401, "{asked}: {}", reply.text());
        assert!(reply.header("www-authenticate").starts_with("Bearer"), "{asked}");
        reply.problem(401);
    }
    house.get(&format!("{ENTITIES}?type=Gauge")).await.expect(200);
}

#[tokio::test]
async fn the_key_opens_from_anywhere() {
    let house = house().await;
    house.send(create("a").header("authorization", &format!("Bearer {KEY}"))).await.expect(201);
    for wrong in ["Bearer mot-hai", "Bearer ", "Basic YTpi", KEY] {
        let ask = create("b").header("authorization", wrong);
        house.send(ask).await.problem(401);
    }
    // A wrong key is not taken for none.
    let here = create("b").header("authorization", "Bearer mot-hai").from_here();
    house.send(here).await.problem(401);
}

#[tokio::test]
async fn this_machine_may_write_unless_it_speaks_for_others() {
    let house = house().await;
    house.send(create("a").from_here()).await.expect(201);
    house.send(create("b").from_here().header("host", "localhost:8421")).await.expect(201);
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
        ("host", "elsewhere.example"),
    ] {
        let reply = house.send(create("c").from_here().header(name, value)).await;
        assert_eq!(reply.status, 401, "{name}: {}", reply.text());
    }
}
