//! Queries for entities, as URL parameters.

use serde_json::{Value as Json, json};

use crate::house::{Ask, ENTITIES, House};

/// Five gauges along a river, each a kilometre or so from the next.
async fn river() -> House {
    let house = House::open().await;
    for (n, name) in ["an", "binh", "cau", "dong", "em"].into_iter().enumerate() {
        let east = 107.5 + 0.01 * n as f64;
        let gauge = json!({
            "id": format!("urn:ngsi-ld:Gauge:{name}"),
            "type": if n == 4 { json!(["Gauge", "Radar"]) } else { json!("Gauge") },
            "scope": if n < 2 { "/huong/tren" } else { "/huong/duoi" },
            "level": {"type": "Property", "value": n, "observedAt": "2026-11-20T07:00:00Z"},
            "name": {"type": "Property", "value": format!("Trạm {name}")},
            "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [east, 16.4]}}
        });
        house.create(&gauge).await;
    }
    house
}

async fn names(house: &House, query: &str) -> Vec<String> {
    house.get(&format!("{ENTITIES}?{query}")).await.expect(200).names()
}

#[tokio::test]
async fn entities_are_found_by_every_condition() {
    let house = river().await;
    let near = "georel=near%3BmaxDistance%3D%3D1500&geometry=Point&coordinates=%5B107.5,16.4%5D";
    for (query, expected) in [
        ("type=Gauge", &["an", "binh", "cau", "dong", "em"][..]),
        ("type=Radar", &["em"]),
        ("type=(Gauge;Radar)", &["em"]),
        ("type=Sluice", &[]),
        ("type=*&q=level%3E3", &["em"]),
        ("id=urn:ngsi-ld:Gauge:an,urn:ngsi-ld:Gauge:em&type=Gauge", &["an", "em"]),
        ("idPattern=Gauge:.*n$&type=Gauge", &["an"]),
        ("q=level%3E=1;level%3C3", &["binh", "cau"]),
        ("q=name==%22Tr%E1%BA%A1m%20cau%22", &["cau"]),
        ("q=name&type=Radar", &["em"]),
        ("scopeQ=/huong/tren&type=Gauge", &["an", "binh"]),
        ("scopeQ=/huong/%23&type=Gauge&q=level==4", &["em"]),
        (near, &["an", "binh"]),
        ("attrs=nothing", &[]),
        ("local=true&q=level==0", &["an"]),
        ("type=Gauge&orderBy=level;desc&limit=2", &["em", "dong"]),
    ] {
        assert_eq!(names(&house, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page_by_its_links() {
    let house = river().await;
    let mut next = format!("{ENTITIES}?type=Gauge&limit=2&count=true");
    let mut seen = Vec::new();
    for _ in 0..9 {
        let page = house.get(&next).await.expect(200);
        assert_eq!(page.header("ngsild-results-count"), "5");
        seen.extend(page.names());
        let link = page.header("link");
        let Some(target) = link.split(", <").find(|link| link.contains("rel=\"next\"")) else { break };
        next = target.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(seen, ["an", "binh", "cau", "dong", "em"]);
}

#[tokio::test]
async fn counting_alone_reads_nothing() {
    let house = river().await;
    let told = house.get(&format!("{ENTITIES}?type=Gauge&limit=0&count=true")).await.expect(200);
    assert_eq!(told.header("ngsild-results-count"), "5");
    assert_eq!(told.json(), json!([]));
    house.get(&format!("{ENTITIES}?type=Gauge&limit=0")).await.problem(400);
}

#[tokio::test]
async fn a_list_can_be_a_map() {
    let house = river().await;
    let ask = Ask::get(&format!("{ENTITIES}?type=Radar&format=simplified&pick=id,type,level,location"));
    let told = house.send(ask.accept("application/geo+json").header("prefer", "body=json")).await.expect(200);
    let point = json!({"type": "Point", "coordinates": [107.54, 16.4]});
    assert_eq!(
        told.json(),
        json!({
            "type": "FeatureCollection",
            "features": [{
                "id": "urn:ngsi-ld:Gauge:em", "type": "Feature", "geometry": point,
                "properties": {"type": ["Gauge", "Radar"], "level": 4, "location": point}
            }]
        })
    );
    assert!(told.header("link").contains("json-ld#context"));
}

#[tokio::test]
async fn everything_is_no_query() {
    let house = river().await;
    let (kind, detail) = house.get(ENTITIES).await.problem(400);
    assert_eq!(kind, "BadRequestData");
    assert!(detail.contains("too wide"), "{detail}");
}

#[tokio::test]
async fn nothing_found_is_an_empty_list() {
    let house = House::open().await;
    let told = house.get(&format!("{ENTITIES}?type=Gauge")).await.expect(200);
    assert_eq!(told.json(), Json::Array(Vec::new()));
}
