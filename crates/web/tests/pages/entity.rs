//! The page of an entity.

use dinh_model::{Attribute, EntityId, OneOrMany, Value};
use serde_json::json;

use crate::house::{House, gauge, now, property, term};

const HOUR: i64 = 3_600_000_000;

#[tokio::test]
async fn everything_known_is_shown_but_nothing_of_persons() {
    let house = House::open().await;
    let mut entity = gauge("a", "Kim Long <b>", 107.56);
    entity.set(term("level"), property(json!(2.7)).observed(now()).unit("MTR"));
    entity.set(term("state"), property(json!("works")));
    entity.set(term("keeper"), property(json!("Nguyễn Thị Ẩn")));
    entity.set(term("dataProvider"), property(json!("Đài thử")));
    house.write(entity).await;
    let page = house.get("/thu/entity/urn:ngsi-ld:Gauge:a").await;
    assert_eq!(page.status, 200, "{}", page.text());
    for part in
        ["Kim Long &lt;b&gt;", "2,70\u{a0}m", "Trên báo động II", "Đang hoạt động", "Đài thử", "Vừa xong"]
    {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(!page.text().contains("Nguyễn Thị Ẩn"), "neither in the table nor in the raw record");
    assert_eq!(house.get("/thu/entity/urn:ngsi-ld:Gauge:none").await.status, 404);
    assert_eq!(house.get("/thu/entity/not%20a%20uri").await.status, 404);
    assert_eq!(house.get("/nowhere/entity/urn:ngsi-ld:Gauge:a").await.status, 404);
}

#[tokio::test]
async fn the_history_is_drawn_and_told_as_numbers() {
    let house = House::open().await;
    for (hours_ago, level) in [(5, 1.0), (4, 1.5), (3, 2.5), (0, 1.75)] {
        house.gauge("a", "Kim Long", level, hours_ago, 107.56).await;
    }
    let page = house.get("/thu/entity/urn:ngsi-ld:Gauge:a?range=24h").await;
    assert!(page.text().contains("lên cao nhất 2,50\u{a0}m, vượt Báo động II"), "{}", page.text());
    assert!(page.text().contains("class=\"threshold warn\""));
    assert_eq!(page.text().matches("data-value=").count(), 4);
    let week = house.get("/thu/entity/urn:ngsi-ld:Gauge:a?range=7d&attr=level&part=panel").await;
    assert!(!week.text().contains("<html") && week.text().contains("data-value=\"2.5\""));
}

#[tokio::test]
async fn links_lead_both_ways() {
    let house = House::open().await;
    let basin = EntityId::trusted("urn:ngsi-ld:Basin:huong");
    let mut entity = gauge("a", "Kim Long", 107.56);
    let link = Value::Relationship { object: OneOrMany::One(basin.clone()), object_type: Vec::new() };
    entity.set(term("basin"), Attribute::new(link, now()));
    house.write(entity).await;
    let mut other = gauge("unused", "Lưu vực sông Hương", 107.5);
    (other.id, other.types) = (basin, vec![term("Basin")]);
    house.write(other).await;
    let from = house.get("/thu/entity/urn:ngsi-ld:Gauge:a").await;
    assert!(from.text().contains("Lưu vực sông Hương</a>"));
    let to = house.get("/thu/entity/urn:ngsi-ld:Basin:huong").await;
    assert!(to.text().contains("Kim Long</a>") && to.text().contains("trỏ tới đây: Lưu vực"));
}

#[tokio::test]
async fn replays_and_exercises_say_so() {
    let house = House::open().await;
    let mut entity = gauge("a", "Diễn tập", 107.56);
    let mut level = property(json!(2.7)).observed(now().plus_micros(-HOUR));
    level.sub.insert(term("replayOf"), vec![property(json!("2025-10-01T07:00:00Z"))]);
    level.sub.insert(term("qualityFlag"), vec![property(json!(["suspect-stuck"]))]);
    entity.set(term("level"), level);
    entity.set(term("exercise"), property(json!(true)));
    house.write(entity).await;
    let page = house.get("/thu/entity/urn:ngsi-ld:Gauge:a").await;
    for part in ["Phát lại số liệu lúc 14:00 01/10/2025", "Diễn tập</span>", "Đứng yên bất thường"]
    {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(house.get("/thu/list").await.text().contains("Phát lại"));
}

#[tokio::test]
async fn the_raw_record_is_ngsi_ld() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 1.5, 0, 107.56).await;
    let raw = house.get("/thu/entity/urn:ngsi-ld:Gauge:a?part=raw").await;
    let json: serde_json::Value = serde_json::from_slice(&raw.bytes).unwrap();
    assert_eq!(json["level"]["value"], 1.5);
    assert_eq!(json["level"]["unitCode"], "MTR");
}
