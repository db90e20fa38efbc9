//! Requests that are wrong in every way we know of: each gets a status, a type, and a detail that names what is wrong.

use http::Method;
use serde_json::{Value as Json, json};

use crate::house::{Ask, ENTITIES, House};

/// Bodies of entities that are JSON, and what the detail must name.
fn wrong_entities() -> Vec<(Json, &'static str)> {
    let with = |name: &str, value: Json| json!({"id": "urn:x:a", "type": "Gauge", name: value});
    let area = |ring: Json| {
        with("area", json!({"type": "GeoProperty", "value": {"type": "Polygon", "coordinates": [ring]}}))
    };
    let property = json!({"type": "Property", "value": 1});
    vec![
        (json!(null), "object"),
        (json!(42), "object"),
        (json!([]), "object"),
        (json!({}), "id"),
        (json!({"id": "urn:x:a"}), "type"),
        (json!({"type": "Gauge"}), "id"),
        (json!({"id": "no uri", "type": "Gauge"}), "no uri"),
        (json!({"id": 7, "type": "Gauge"}), "id"),
        (json!({"id": "urn:x:a", "type": 7}), "type"),
        (json!({"id": "urn:x:a", "type": []}), "type"),
        (with("level", json!({"type": "Property"})), "level"),
        (with("level", json!({"type": "Property", "value": null})), "level"),
        (with("level", json!({"type": "Unheard", "value": 1})), "level"),
        (with("level", json!({"value": 1, "observedAt": "yesterday"})), "observedAt"),
        (with("level", json!({"value": 1, "datasetId": "radar"})), "datasetId"),
        (with("level", json!([property, property])), "level"),
        (with("basin", json!({"type": "Relationship", "object": "no uri"})), "basin"),
        (with("basin", json!({"type": "Relationship", "value": 1})), "basin"),
        (with("bad name", property), "bad name"),
        (with("title", json!({"type": "LanguageProperty", "languageMap": {"vi": 7}})), "title"),
        (with("scope", json!("no slash")), "scope"),
        (area(json!([[107, 16], [108, 17], [108, 16], [107, 17], [107, 16]])), "area"),
        (area(json!([[107, 16], [108, 16], [108, 17], [107, 17]])), "area"),
        (area(json!([[107, 96], [108, 96], [108, 97], [107, 96]])), "area"),
        (area(json!([[107, 16], [108, 16], [107, 16]])), "area"),
    ]
}

#[tokio::test]
async fn an_entity_that_is_none_is_refused_by_naming_its_fault() {
    let house = House::open().await;
    for (body, named) in wrong_entities() {
        let (kind, detail) = house.post(ENTITIES, &body).await.problem(400);
        assert!(kind == "BadRequestData" || kind == "InvalidRequest", "{body}: {kind}");
        assert!(detail.contains(named), "{body}: {detail}");
    }
    house.get(&format!("{ENTITIES}/urn:x:a")).await.problem(404);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let house = House::open().await;
    let whole = br#"{"id": "urn:x:a", "type": "Gauge"}"#;
    let utf16: Vec<u8> = r#"{"id": "urn:x:a"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
    let latin = b"{\"id\": \"urn:x:a\", \"type\": \"Hu\xea\"}".to_vec();
    let twice = br#"{"id": "urn:x:a", "type": "Gauge"} {}"#.to_vec();
    let many = json!({"id": "urn:x:a", "type": "Gauge", "area": {"type": "GeoProperty", "value": {
        "type": "LineString", "coordinates": vec![[107.5, 16.4]; 200_000]
    }}});
    for body in [Vec::new(), whole[..20].to_vec(), utf16, deep, latin, twice, many.to_string().into_bytes()] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let reply = house.send(Ask::post(ENTITIES).body("application/json", body)).await;
        let (_kind, detail) = reply.problem(400);
        assert!(detail.len() > 10, "{shown}: {detail}");
    }
    house.get(&format!("{ENTITIES}/urn:x:a")).await.problem(404);
}

#[tokio::test]
async fn a_query_that_is_none_is_refused_by_naming_the_parameter() {
    let house = House::open().await;
    let wrong = [
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=1001", "1000"),
        ("offset=-1", "offset"),
        ("offset=99999999", "offset"),
        ("count=perhaps", "count"),
        ("unheardOf=1", "unheardOf"),
        ("format=unheard", "format"),
        ("options=unheard", "unheard"),
        ("type=Gauge&type=Sluice", "type"),
        ("q=a%3D%3D", "q"),
        ("q=a%3E%3E1", "q"),
        ("q=a~%3D%22(%22", "q"),
        ("idPattern=(", "idPattern"),
        ("id=no%20uri", "id"),
        ("scopeQ=no-slash", "scope"),
        ("lang=", "lang"),
        ("georel=near&geometry=Point&coordinates=%5B107,16%5D", "near"),
        ("georel=beside&geometry=Point&coordinates=%5B107,16%5D", "georel"),
        ("georel=within&geometry=Point", "coordinates"),
        ("georel=within&geometry=Circle&coordinates=%5B107,16%5D", "geometry"),
        ("georel=within&geometry=Polygon&coordinates=%5B107,16%5D", "coordinates"),
        ("georel=near%3BmaxDistance%3D%3D1&geometry=Point&coordinates=%5B107,160%5D", "latitude"),
        ("orderBy=level%3Bup", "orderBy"),
        ("pick=id&omit=id", "omit"),
        ("attrs=level%%", "%"),
    ];
    for (query, named) in wrong {
        let query = if query.contains("type=") { query.to_owned() } else { format!("type=Gauge&{query}") };
        let (kind, detail) = house.get(&format!("{ENTITIES}?{query}")).await.problem(400);
        assert!(kind == "BadRequestData" || kind == "InvalidRequest", "{query}: {kind}");
        assert!(detail.contains(named), "{query}: {detail}");
    }
}

#[tokio::test]
async fn hostile_patterns_and_queries_end_soon() {
    let house = House::open().await;
    let text = json!({"type": "Property", "value": "a".repeat(50_000)});
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "text": text})).await;
    for query in [
        format!("q={}text{}", "(".repeat(3_000), ")".repeat(3_000)),
        format!("q={}", vec!["text==1"; 2_000].join("%7C")),
        "q=text~%3D%22(a%2B)%2B$%22".to_owned(),
        "q=text~%3D%22a%7B1000%7D%7B1000%7D%22".to_owned(),
        "idPattern=%5Cp%7BL%7D%7B1000%7D%7B1000%7D".to_owned(),
    ] {
        let begun = std::time::Instant::now();
        let reply = house.get(&format!("{ENTITIES}?type=Gauge&{query}")).await;
        let shown: String = query.chars().take(40).collect();
        assert!(matches!(reply.status, 200 | 400 | 403), "{shown}: {} {}", reply.status, reply.text());
        assert!(begun.elapsed().as_secs() < 10, "{shown}");
    }
}

#[tokio::test]
async fn what_is_elsewhere_in_a_request_is_refused_too() {
    let house = House::open().await;
    let subscription = "/ngsi-ld/v1/subscriptions";
    let gauge = json!({"id": "urn:x:a", "type": "Gauge"});
    let wrong = [
        (Ask::get("/ngsi-ld/v1/entities/no%20uri"), 400, "no uri"),
        (Ask::get("/ngsi-ld/v1/entities/urn:x:%FF"), 400, "UTF-8"),
        (Ask::get("/ngsi-ld/v1/unheard-of"), 404, "/ngsi-ld/v1/unheard-of"),
        (Ask::get("/ngsi-ld/v1/subscriptions/urn:x:s"), 404, "urn:x:s"),
        (Ask::get("/ngsi-ld/v1/types/Unheard"), 404, "Unheard"),
        (
            Ask::get("/ngsi-ld/v1/temporal/entities/urn:x:a?timerel=around&timeAt=2026-01-01T00:00:00Z"),
            400,
            "timerel",
        ),
        (Ask::get("/ngsi-ld/v1/temporal/entities/urn:x:a?timerel=before"), 400, "timeAt"),
        (Ask::get("/ngsi-ld/v1/temporal/entities/urn:x:a?lastN=-1"), 400, "lastN"),
        (Ask::post(subscription).json(&json!({"type": "Subscription"})), 400, "notification"),
        (
            Ask::post(subscription).json(&json!({
                "type": "Subscription", "entities": [{"type": "Gauge"}],
                "notification": {"endpoint": {"uri": "no uri"}}
            })),
            400,
            "uri",
        ),
        (Ask::post(ENTITIES).header("ngsild-tenant", "../x").json(&gauge), 400, "NGSILD-Tenant"),
        (Ask::post(ENTITIES).header("idempotency-key", "").json(&gauge), 400, "Idempotency-Key"),
        (
            Ask::new(Method::DELETE, "/ngsi-ld/v1/entities/urn:x:a").header("if-match", "twelve"),
            400,
            "If-Match",
        ),
        (Ask::get("/api/v1/thu/commune?lon=east&lat=16"), 400, "lon"),
        (Ask::get("/api/v1/thu/commune?lon=107&lat=160"), 400, "lat"),
        (Ask::get("/api/v1/thu/commune?lon=107&lat=16&date=today"), 400, "date"),
        (Ask::get("/api/v1/nowhere/commune?lon=107&lat=16"), 404, "nowhere"),
        (Ask::get("/api/v1/thu/search"), 400, "text"),
    ];
    for (ask, status, named) in wrong {
        let reply = house.send(ask).await;
        let asked = reply.asked.clone();
        let (_kind, detail) = reply.problem(status);
        assert!(detail.contains(named), "{asked}: {detail}");
    }
}
