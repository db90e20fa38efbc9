//! Bounds, methods and headers that hold for every request.

use std::time::Duration;

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House};

async fn with(settings: HttpSettings) -> House {
    House::with(OpenWrites::Anywhere, settings).await
}

#[tokio::test]
async fn a_body_has_a_bound() {
    let house = with(HttpSettings { max_body: 1000, ..HttpSettings::default() }).await;
    let long = json!({"id": "urn:x:a", "type": "Gauge", "text": "x".repeat(1000)});
    let (_kind, detail) = house.post(ENTITIES, &long).await.problem(413);
    assert!(detail.contains("1000"), "{detail}");
    house.get(&format!("{ENTITIES}/urn:x:a")).await.problem(404);
}

#[tokio::test]
async fn a_body_without_a_length_is_refused_without_a_body() {
    let house = House::open().await;
    let reply = house.send(Ask::post(ENTITIES).header("content-type", "application/json")).await.expect(411);
    assert_eq!((reply.text().as_str(), reply.header("content-type").as_str()), ("", ""));
}

#[tokio::test]
async fn beyond_the_bound_requests_are_sent_away_but_operators_are_answered() {
    let house = with(HttpSettings { max_concurrent: 0, ..HttpSettings::default() }).await;
    let reply = house.get(&format!("{ENTITIES}?type=Gauge")).await;
    assert_eq!(reply.header("retry-after"), "1");
    reply.problem(503);
    house.get("/health").await.expect(200);
    house.get("/ready").await.expect(200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let house = with(HttpSettings { timeout: Duration::from_millis(50), ..HttpSettings::default() }).await;
    let (_kind, detail) = house.send(Ask::post(ENTITIES).endless("application/json")).await.problem(503);
    assert!(detail.contains("given up"), "{detail}");
}

#[tokio::test]
async fn methods_are_those_that_there_are() {
    let house = House::open().await;
    let wrong = house.put(ENTITIES, &json!({})).await;
    assert_eq!(wrong.header("allow"), "POST,GET,HEAD,DELETE,OPTIONS");
    let (kind, detail) = wrong.problem(405);
    assert_eq!(kind, "about:blank");
    assert_eq!(
        detail,
        "PUT is not done on /ngsi-ld/v1/entities; allowed are POST, GET, HEAD, DELETE, OPTIONS."
    );
    let told = house.send(Ask::new(Method::OPTIONS, ENTITIES)).await.expect(204);
    assert_eq!(told.header("allow"), "POST,GET,HEAD,DELETE,OPTIONS");
    house.post("/api/v1/provinces", &json!({})).await.problem(405);
    for path in [ENTITIES, "/thu/", "/health"] {
        let echoed =
            house.send(Ask::new(Method::TRACE, path).header("x-secret", "dung-nhac-lai")).await.expect(405);
        assert!(!echoed.text().contains("x-secret"), "{path}: {}", echoed.text());
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body() {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge"})).await;
    let path = format!("{ENTITIES}/urn:x:a");
    let (get, head) =
        (house.get(&path).await.expect(200), house.send(Ask::new(Method::HEAD, &path)).await.expect(200));
    assert_eq!(head.text(), "");
    for name in ["etag", "content-type", "link", "content-length"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn every_answer_is_protected_and_numbered() {
    let house = House::open().await;
    for path in ["/ngsi-ld/v1/types", "/ngsi-ld/v1/unheard", "/health", "/nowhere", "/docs"] {
        let reply = house.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'; img-src 'self' data: blob:;"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        let device = reply.header("permissions-policy");
        assert!(device.contains("camera=()") && device.contains("geolocation=(self)"), "{path}: {device}");
        assert_eq!(reply.header("strict-transport-security"), "", "{path}: only by TLS");
        assert!(!reply.header("x-request-id").is_empty(), "{path}");
    }
    let mine = house.send(Ask::get("/health").header("x-request-id", "mine-1")).await;
    assert_eq!(mine.header("x-request-id"), "mine-1");
    let forged = house.send(Ask::get("/health").header("x-request-id", "a b")).await;
    assert_ne!(forged.header("x-request-id"), "a b");
}

#[tokio::test]
async fn nothing_is_kept_that_does_not_say_so() {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge"})).await;
    for path in
        ["/ngsi-ld/v1/entities/urn:x:a", "/ngsi-ld/v1/unheard", "/health", "/thu/", "/thu/list", "/nowhere"]
    {
        assert_eq!(house.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(house.get("/openapi.json").await.header("cache-control"), "public, max-age=300");
    assert!(house.get("/favicon.ico").await.header("cache-control").contains("no-cache"));
}

#[tokio::test]
async fn those_who_came_by_tls_are_told_to_do_so_always() {
    let house = with(HttpSettings { secure: true, ..HttpSettings::default() }).await;
    assert_eq!(house.get("/health").await.header("strict-transport-security"), "max-age=63072000");
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_can_read_it() {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "text": "nước ".repeat(2000)})).await;
    let path = format!("{ENTITIES}/urn:x:a");
    for encoding in ["gzip", "br"] {
        let reply = house.send(Ask::get(&path).header("accept-encoding", encoding)).await.expect(200);
        assert_eq!(reply.header("content-encoding"), encoding);
        assert!(reply.bytes.len() < 2000, "{encoding}: {}", reply.bytes.len());
        assert!(reply.header("vary").to_lowercase().contains("accept-encoding"), "{}", reply.header("vary"));
    }
    assert_eq!(house.get(&path).await.header("content-encoding"), "");
}

#[tokio::test]
async fn a_slash_at_the_end_is_no_other_path() {
    let house = House::open().await;
    house.get("/ngsi-ld/v1/types/").await.expect(200);
    house.get("/api/v1/provinces/").await.expect(200);
}
