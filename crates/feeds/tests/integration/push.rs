//! Records that somebody pushes over HTTP.

use dinh_feeds::{FeedStatus, PushError};
use serde_json::json;

use crate::support::{Place, health, key};

const GAUGES: &str = r#"
title = { vi = "Trạm đo mực nước", en = "River gauges" }
owner = { vi = "Đài Khí tượng Thủy văn", en = "Hydromet office" }
silent_after = "1h"
[source]
kind = "http-push"
queue = 2
[map]
type = "WaterLevelObserved"
id = "urn:ngsi-ld:WaterLevelObserved:{code|slug}"
zone = "Asia/Ho_Chi_Minh"
observed_at = { field = "time", format = "%d/%m/%Y %H:%M" }
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
from_unit = "cm"
decimal = ","
missing = ["NA"]
[[map.attribute]]
name = "name"
field = "name"
timeless = true
[[quality]]
check = "range"
attribute = "waterLevel"
min = -2
max = 20
action = "reject"
[[quality]]
check = "gap"
attribute = "waterLevel"
expect_every = "1h"
"#;

#[tokio::test]
async fn pushed_records_are_in_the_graph_when_the_answer_comes() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(GAUGES);
    let body = json!([
        {"code": "Kim Long", "name": "Kim Long", "level": "123,5", "time": "20/11/2026 14:00"},
        {"code": "Phu Oc", "level": "NA", "time": "20/11/2026 14:00"},
        {"code": "Phu Oc", "level": "cao", "time": "20/11/2026 14:00"},
        {"code": "Phu Oc", "level": "9999", "time": "20/11/2026 14:00"},
        {"code": "Phu Oc", "level": "10", "time": "21/11/2026 14:00"},
        {"name": "no code"},
    ]);
    let report = feeds.push(&key(), "application/json", body.to_string().into_bytes()).await.unwrap();
    assert_eq!((report.accepted, report.rejected), (2, 4));
    let rules: Vec<_> = report
        .rejections
        .iter()
        .map(|r| (r.index, r.rejection.field.as_str(), r.rejection.rule.as_str()))
        .collect();
    assert_eq!(
        rules,
        [
            (2, "level", "number"),
            (3, "waterLevel", "quality"),
            (4, "observed_at", "ahead"),
            (5, "code", "missing")
        ]
    );
    assert_eq!(report.rejections[0].rejection.reason.vi, "“cao” không phải là số");

    let id = "urn:ngsi-ld:WaterLevelObserved:kim-long";
    let entity = place.sink.entity(id).unwrap();
    let level = entity.attribute("https://uri.etsi.org/ngsi-ld/default-context/waterLevel").unwrap();
    assert_eq!(level.number(), Some(1.235));
    assert_eq!(level.unit_code.as_deref(), Some("MTR"));
    assert_eq!(level.observed_at.unwrap().to_string(), "2026-11-20T07:00:00Z");
    assert_eq!(place.sink.value(id, "dataProvider"), json!("Đài Khí tượng Thủy văn"));
    assert_eq!(place.sink.value(id, "feed"), json!("urn:ngsi-ld:Feed:p:f"));

    let health = health(&feeds);
    assert_eq!((health.received, health.accepted, health.rejected, health.dead_letters), (6, 2, 4, 4));
    assert_eq!(health.lag_seconds, Some(3600.0));
    assert_eq!(health.rate_per_minute, 2);
    feeds.stop().await;
}

#[tokio::test]
async fn late_observations_go_into_the_past_and_not_into_the_present() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(GAUGES);
    let id = "urn:ngsi-ld:WaterLevelObserved:kl";
    for (level, time) in
        [("100", "20/11/2026 13:00"), ("90", "20/11/2026 10:00"), ("110", "20/11/2026 14:00")]
    {
        let body = json!({"code": "kl", "level": level, "time": time}).to_string();
        let report = feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
        assert_eq!(report.accepted, 1);
        assert_ne!(place.sink.value(id, "waterLevel"), json!(0.9));
    }
    assert_eq!(place.sink.value(id, "waterLevel"), json!(1.1));
    assert_eq!(place.sink.history(id, "waterLevel").len(), 3);
    assert_eq!(health(&feeds).late, 1);
    feeds.stop().await;
    // A new process knows the present from the graph.
    let feeds = place.start(GAUGES);
    let body = json!({"code": "kl", "level": "95", "time": "20/11/2026 11:00"}).to_string();
    feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
    assert_eq!(place.sink.value(id, "waterLevel"), json!(1.1));
    feeds.stop().await;
}

#[tokio::test]
async fn a_graph_that_does_not_answer_delays_and_loses_nothing() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(GAUGES);
    place.sink.fail_next(3);
    let body = "code,level,time\nkl,100,20/11/2026 13:00\n";
    let report = feeds.push(&key(), "text/csv; charset=utf-8", body.into()).await.unwrap();
    assert_eq!(report.accepted, 1);
    assert!(health(&feeds).errors >= 1);
    assert_eq!(health(&feeds).status, FeedStatus::Ok);
    feeds.stop().await;
}

#[tokio::test]
async fn pushes_that_cannot_be_read_are_refused_as_a_whole() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(GAUGES);
    let push = |media: &'static str, body: &'static str| {
        let feeds = feeds.clone();
        async move { feeds.push(&key(), media, body.into()).await }
    };
    assert!(matches!(push("image/png", "x").await, Err(PushError::MediaType(_))));
    assert!(matches!(push("application/json", "{\"a\":").await, Err(PushError::Unreadable(_))));
    assert!(matches!(push("text/csv", "").await, Err(PushError::Unreadable(_))));
    let many = format!("[{}1]", "1,".repeat(10_001)).into_bytes();
    assert_eq!(feeds.push(&key(), "application/json", many).await, Err(PushError::TooMany(10_000)));
    assert_eq!(health(&feeds).received, 0);
    feeds.stop().await;
    assert_eq!(push("application/json", "{}").await, Err(PushError::Stopping));
}

#[tokio::test]
async fn a_silent_source_is_reported_in_the_graph() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(GAUGES);
    let id = "urn:ngsi-ld:Feed:p:f";
    place.sink.until("the feed's entity", |sink| sink.value(id, "status") == json!("ok")).await;
    place.clock.advance(2 * 3_600_000_000);
    place.sink.until("silence", |sink| sink.value(id, "status") == json!("silent")).await;
    let body = json!({"code": "kl", "level": "1", "time": "20/11/2026 16:50"}).to_string();
    feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
    assert_eq!(health(&feeds).status, FeedStatus::Ok);
    place.clock.advance(11_000_000);
    place.sink.until("sound", |sink| sink.value(id, "status") == json!("ok")).await;
    feeds.stop().await;
    assert_eq!(place.sink.value(id, "status"), json!("stopped"));
}
