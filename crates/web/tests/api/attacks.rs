//! What somebody tries who means harm: injection, calls to inner addresses, members that are not theirs to set, the
//! requests of others sent again.

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::house::{Ask, ENTITIES, House, KEY};

/// What breaks out of a query, a template, a log line or a page where these are glued together.
const BREAKING_OUT: &[&str] = &[
    "'",
    "''",
    "\"",
    "';DROP TABLE entity;--",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "1;ATTACH DATABASE '/tmp/x' AS x",
    "x' UNION SELECT body FROM record--",
    "%27",
    "\\",
    "\\'",
    "NEAR(a b)",
    "a* OR b",
    "name:x",
    "{{7*7}}",
    "{% raw %}",
    "${jndi:ldap://x}",
    "../../../etc/passwd",
    "\u{0}",
    "\r\nSet-Cookie: a=b",
    "\u{1b}[2J",
    "<script>alert(1)</script>",
    "(a+)+$",
    "\u{202e}",
    "🜁",
    "a\tb",
    "--",
    "/*",
    "*/",
    "%",
    "_",
    "[",
    "]]>",
];

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn nothing_breaks_out_of_a_question() {
    let house = House::open().await;
    house
        .create(&json!({"id": "urn:x:a", "type": "Gauge", "name": {"type": "Property", "value": "Kim Long"}}))
        .await;
    for text in BREAKING_OUT {
        let value = encoded(text);
        for path in [
            format!("{ENTITIES}?type=Gauge&q=name==%22{value}%22"),
            format!("{ENTITIES}?type=Gauge&q=name~=%22{value}%22"),
            format!("{ENTITIES}?type=Gauge&q={value}"),
            format!("{ENTITIES}?type=Gauge&scopeQ={value}"),
            format!("{ENTITIES}?type={value}"),
            format!("{ENTITIES}?type=Gauge&attrs={value}"),
            format!("{ENTITIES}?type=Gauge&idPattern={value}"),
            format!("{ENTITIES}?id={value}"),
            format!("{ENTITIES}?type=Gauge&georel={value}&geometry=Point&coordinates=%5B1,2%5D"),
            format!("{ENTITIES}?type=Gauge&georel=near;maxDistance==1&geometry=Point&coordinates={value}"),
            format!("{ENTITIES}/{value}"),
            format!("{ENTITIES}/urn:x:a?lang={value}"),
            format!("/ngsi-ld/v1/types/{value}"),
            format!("/ngsi-ld/v1/attributes/{value}"),
            format!("/api/v1/thu/search?text={value}"),
            format!("/api/v1/thu/feeds/{value}/{value}/dead-letters"),
            format!("/thu/list?q={value}&sort={value}&layers={value}"),
            format!("/thu/entity/{value}"),
            format!("/thu/quanh-toi?place={value}"),
            format!("/thu/sign-in?next={value}"),
            format!("/lang/en?back={value}"),
        ] {
            let told = house.get(&path).await;
            assert!(told.status < 500, "{path}: {} {}", told.status, told.text());
            assert!(
                told.headers.get("set-cookie").is_none_or(|set| !set.as_bytes().starts_with(b"a=")),
                "{path}"
            );
            let page = told.header("content-type").starts_with("text/html");
            assert!(!page || !told.text().contains("<script>alert"), "{path}");
            assert!(!told.text().contains("49") || !text.contains("7*7"), "{path}: a template was run");
        }
    }
    let rest = house.get(&format!("{ENTITIES}?type=Gauge")).await.expect(200);
    assert_eq!(rest.names(), ["a"], "and nothing was changed");
}

#[tokio::test]
async fn inner_addresses_are_not_called_however_they_are_written() {
    let house = House::open().await;
    for inner in [
        "http://127.0.0.1:8420/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://localhost.:80/",
        "http://10.0.0.1/",
        "http://receiver.example@127.0.0.1/",
        "http://127.0.0.1#receiver.example/",
        "http://receiver.example.evil.example/",
        "http://127.0.0.1%2F@receiver.example:80@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://receiver.example/",
    ] {
        let wish = json!({"type": "Subscription", "entities": [{"type": "Gauge"}],
            "notification": {"endpoint": {"uri": inner, "accept": "application/json"}}});
        let told = house.post("/ngsi-ld/v1/subscriptions", &wish).await;
        assert!([400, 403, 422].contains(&told.status), "{inner}: {} {}", told.status, told.text());
        let linked = json!({"id": "urn:x:b", "type": "Gauge", "@context": inner});
        let told = house.send(Ask::post(ENTITIES).body("application/ld+json", linked.to_string())).await;
        assert!([400, 503, 504].contains(&told.status), "{inner}: {} {}", told.status, told.text());
        let link =
            format!("<{inner}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        let told = house.send(Ask::get(&format!("{ENTITIES}?type=Gauge")).header("link", &link)).await;
        assert!([400, 503, 504].contains(&told.status), "{inner}: {} {}", told.status, told.text());
    }
}

#[tokio::test]
async fn members_that_are_not_theirs_to_set_are_not_set() {
    let house = House::open().await;
    let long_ago = "1999-01-01T00:00:00Z";
    let entity = json!({
        "id": "urn:x:a", "type": "Gauge", "createdAt": long_ago, "modifiedAt": long_ago, "deletedAt": long_ago,
        "level": {"type": "Property", "value": 1, "createdAt": long_ago, "modifiedAt": long_ago}
    });
    let told = house.post(ENTITIES, &entity).await;
    assert!([201, 400].contains(&told.status), "{}", told.text());
    if told.status == 201 {
        let whole = house.get(&format!("{ENTITIES}/urn:x:a?options=sysAttrs")).await.expect(200);
        assert!(!whole.text().contains("1999"), "{}", whole.text());
    }
    let owned = json!({
        "id": "urn:x:s", "type": "Subscription", "entities": [{"type": "Gauge"}], "owner": "operator:key",
        "tenant": "khac", "status": "expired", "timesSent": 99, "createdAt": long_ago,
        "notification": {"timesSent": 99, "endpoint": {"uri": "https://receiver.example/", "accept": "application/json"}}
    });
    let told = house.post("/ngsi-ld/v1/subscriptions", &owned).await;
    assert!([201, 400].contains(&told.status), "{}", told.text());
    if told.status == 201 {
        let whole = house.get("/ngsi-ld/v1/subscriptions/urn:x:s?options=sysAttrs").await.expect(200);
        assert!(!whole.text().contains("1999") && !whole.text().contains("99"), "{}", whole.text());
    }
}

#[tokio::test]
async fn the_request_of_another_sent_again_tells_and_does_nothing() {
    let house = House::with(OpenWrites::Local, HttpSettings::default()).await;
    let body = json!({"id": "urn:x:secret", "type": "Gauge", "keeper": {"type": "Property", "value": "Ẩn"}});
    let again = || Ask::post(ENTITIES).header("idempotency-key", "k-1").json(&body);
    let key = format!("Bearer {KEY}");
    let first = house.send(
        Ask::post(ENTITIES)
            .header("authorization", &key)
            .header("idempotency-key", "k-1")
            .json(&json!({"id": "urn:x:a", "type": "Gauge"})),
    );
    first.await.expect(201);
    house.send(again()).await.problem(401);
    let here = house.send(again().from_here()).await;
    assert!([403, 409, 422].contains(&here.status), "{} {}", here.status, here.text());
    assert!(!here.text().contains("Ẩn"));
    house.get(&format!("{ENTITIES}/urn:x:secret")).await.problem(404);
}

#[tokio::test]
async fn methods_that_ask_change_nothing_whatever_they_carry() {
    let house = House::open().await;
    let head = house.context.head();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for path in
            [ENTITIES, "/ngsi-ld/v1/subscriptions", "/thu/account", "/thu/sign-in", "/api/v1/thu/layers"]
        {
            let ask = Ask::new(method.clone(), path).header("x-http-method-override", "DELETE");
            let told = house.send(ask.json(&json!({"id": "urn:x:a", "type": "Gauge"}))).await;
            assert!(told.status < 500, "{method} {path}");
        }
    }
    assert_eq!(house.context.head(), head);
}
