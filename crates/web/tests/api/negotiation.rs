//! Media types and contexts, asked for and answered (CIM 009 clauses 6.3.4 to 6.3.7).

use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

const HERE: &str = "/ngsi-ld/v1/entities/urn:x:a";
const CORE: &str = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld";

async fn house() -> House {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge"})).await;
    house
}

#[tokio::test]
async fn the_media_type_that_the_client_likes_best_is_answered() {
    let house = house().await;
    let (json, ld, geo) = ("application/json", "application/ld+json", "application/geo+json");
    for (accept, answered) in [
        ("*/*", json),
        ("application/*", json),
        ("application/json", json),
        ("application/ld+json", ld),
        ("application/geo+json", geo),
        ("text/html, application/ld+json;q=0.9, application/json;q=0.8", ld),
        ("application/json;q=0.1, */*;q=0.5", ld),
        ("application/json;q=0, application/*", ld),
        ("application/ld+json, application/json", json),
    ] {
        let reply = house.send(Ask::get(HERE).accept(accept)).await.expect(200);
        assert_eq!(reply.header("content-type"), answered, "{accept}");
        assert_eq!(reply.header("link").contains("json-ld#context"), answered == json, "{accept}");
        let embedded = reply.json().get("@context").cloned();
        assert_eq!(embedded, (answered != json).then(|| json!(CORE)), "{accept}");
    }
    for accept in ["image/png", "text/html", "application/json;q=0"] {
        let (kind, detail) = house.send(Ask::get(HERE).accept(accept)).await.problem(406);
        assert_eq!(kind, "about:blank");
        assert!(detail.contains("application/json"), "{accept}: {detail}");
    }
}

#[tokio::test]
async fn bodies_of_other_types_are_refused() {
    let house = House::open().await;
    let body = json!({"id": "urn:x:b", "type": "Gauge"}).to_string();
    for kind in ["text/plain", "application/xml", "application/merge-patch+json", "nonsense", ""] {
        let reply = house.send(Ask::post(ENTITIES).body(kind, body.clone())).await;
        assert_eq!(reply.header("accept"), "application/json, application/ld+json", "{kind}");
        let (_kind, detail) = reply.problem(415);
        assert!(detail.contains(kind) && detail.contains("application/json"), "{detail}");
    }
    let latin = "application/json; charset=iso-8859-1";
    house.send(Ask::post(ENTITIES).body(latin, body.clone())).await.problem(415);
    house.send(Ask::post(ENTITIES).body("application/json; charset=utf-8", body)).await.expect(201);
    let merge = Ask::new(Method::PATCH, "/ngsi-ld/v1/entities/urn:x:b");
    house.send(merge.body("application/merge-patch+json", r#"{"a": 1}"#)).await.expect(204);
}

#[tokio::test]
async fn a_body_carries_its_context_or_the_link_does() {
    let house = House::open().await;
    let context = json!({"muc": "https://example.org/level"});
    let body = json!({"id": "urn:x:a", "type": "Gauge", "muc": 1.0, "@context": context});
    house.send(Ask::post(ENTITIES).body("application/ld+json", body.to_string())).await.expect(201);
    let told = house.get(&format!("{HERE}?format=simplified")).await.expect(200).json();
    assert_eq!(told, json!({"id": "urn:x:a", "type": "Gauge", "https://example.org/level": 1.0}));

    let link =
        format!("<{CORE}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
    let both = Ask::post(ENTITIES).header("link", &link).body("application/ld+json", body.to_string());
    let (_kind, detail) = house.send(both).await.problem(400);
    assert!(detail.contains("Link"), "{detail}");
    let bare = json!({"id": "urn:x:b", "type": "Gauge"}).to_string();
    let (_kind, detail) =
        house.send(Ask::post(ENTITIES).body("application/ld+json", bare)).await.problem(400);
    assert!(detail.contains("@context"), "{detail}");
    let (_kind, detail) = house.post(ENTITIES, &body).await.problem(400);
    assert!(detail.contains("@context"), "{detail}");
}

#[tokio::test]
async fn a_context_outside_the_list_of_hosts_is_not_fetched() {
    let house = house().await;
    let link = "<http://169.254.169.254/secret>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    let (kind, detail) = house.send(Ask::get(HERE).header("link", link)).await.problem(504);
    assert_eq!(kind, "LdContextNotAvailable");
    assert!(detail.contains("169.254.169.254"), "{detail}");
}

#[tokio::test]
async fn errors_are_json_whatever_is_asked_for() {
    let house = House::open().await;
    house.send(Ask::get(HERE).accept("application/ld+json")).await.problem(404);
    house.send(Ask::get("/ngsi-ld/v1/unheard").accept("text/html")).await.problem(404);
}
