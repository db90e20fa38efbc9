//! Attributes computed from others.

use std::sync::Arc;

use dinh_feeds::derive::{Derivation, Derivations, DerivedAttribute, Readings};
use dinh_feeds::{FeedPlan, Feeds};
use dinh_model::Timestamp;
use serde_json::json;

use crate::support::{Place, health, key, parse, tenant, term};

const FEED: &str = r#"
title = { vi = "a", en = "a" }
[source]
kind = "http-push"
[map]
type = "Gauge"
id = "urn:ngsi-ld:Gauge:{id}"
observed_at = { field = "time" }
[[map.attribute]]
name = "level"
field = "level"
type = "number"
[[derive]]
rule = "rise"
"#;

const HOUR: i64 = 3_600_000_000;

/// How much `level` has risen in three hours, and how far it is from `limit`. Falls at 13.
struct Rise;

impl Derivation for Rise {
    fn name(&self) -> &'static str {
        "rise"
    }

    fn reads(&self) -> Vec<String> {
        vec!["level".into(), "limit".into()]
    }

    fn derive(&self, at: Timestamp, readings: &dyn Readings) -> Vec<DerivedAttribute> {
        let Some(level) = readings.present("level") else { return Vec::new() };
        assert!((level - 13.0).abs() > 0.1, "thirteen brings bad luck");
        let past = readings.between("level", at.plus_micros(-3 * HOUR), at);
        let least = past.iter().map(|(_, value)| *value).fold(level, f64::min);
        let mut derived = vec![DerivedAttribute {
            name: "rise".into(),
            value: json!(level - least),
            unit: Some("MTR".into()),
        }];
        if let Some(limit) = readings.present("limit") {
            derived.push(DerivedAttribute {
                name: "freeboard".into(),
                value: json!(limit - level),
                unit: None,
            });
        }
        derived
    }
}

fn place() -> Place {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.derivations = Derivations::new().with(Arc::new(Rise));
    place
}

async fn push(feeds: &Feeds, level: f64, time: &str) {
    let body = json!({"id": 1, "level": level, "time": format!("2026-11-20T{time}:00Z")}).to_string();
    let report = feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
    assert_eq!(report.accepted, 1);
}

const ID: &str = "urn:ngsi-ld:Gauge:1";

#[tokio::test]
async fn what_is_derived_stands_beside_and_knows_the_past() {
    let place = place();
    let feeds = place.start(FEED);
    push(&feeds, 1.0, "02:00").await;
    push(&feeds, 2.0, "04:00").await;
    assert_eq!(place.sink.value(ID, "rise"), json!(1.0));
    assert_eq!(place.sink.sub(ID, "rise", "derivedBy"), json!("rise"));
    let entity = place.sink.entity(ID).unwrap();
    let rise = entity.attribute(term("rise").as_str()).unwrap();
    assert_eq!(rise.observed_at.unwrap().to_string(), "2026-11-20T04:00:00Z");
    assert_eq!(rise.unit_code.as_deref(), Some("MTR"));
    feeds.stop().await;
    // A new process finds the past in the graph, and what others have written there.
    let limit = parse("limits", &FEED.replace("level\"\nfield = \"level", "limit\"\nfield = \"level"));
    let limits =
        FeedPlan { tenant: tenant(), definition: Arc::new(limit), files: Arc::new(place.files.clone()) };
    let gauge = FeedPlan { definition: Arc::new(parse("f", FEED)), ..limits.clone() };
    let (feeds, refused) = Feeds::start(&place.setup(), vec![limits, gauge]);
    assert!(refused.is_empty());
    let limits =
        dinh_feeds::sink::FeedKey::new(tenant(), dinh_feeds::definition::FeedName::new("p", "limits"));
    let body = json!({"id": 1, "level": 9, "time": "2026-11-20T05:00:00Z"}).to_string();
    feeds.push(&limits, "application/json", body.into_bytes()).await.unwrap();
    push(&feeds, 5.0, "06:00").await;
    assert_eq!(place.sink.value(ID, "rise"), json!(3.0), "from 2.0 at 04:00");
    assert_eq!(place.sink.value(ID, "freeboard"), json!(4.0));
    feeds.stop().await;
}

#[tokio::test]
async fn a_derivation_looks_back_in_the_time_of_a_recording() {
    for speed in ["0.5", "1.0", "60.0", "700.0"] {
        let mut place = place();
        let rows = (0..10).map(|hour| format!("1,2025-10-01T{hour:02}:00:00Z,{hour}\n"));
        let recording = format!("id,time,level\n{}", rows.collect::<String>());
        place.files.0.insert("a.csv".into(), recording.into_bytes());
        let source = format!(
            "kind = \"replay\"\npath = \"a.csv\"\ntime_column = \"time\"\nloop = false\nspeed = {speed}\n\
             start = \"2025-10-01T09:00:00Z\""
        );
        let feeds = place.start(&FEED.replace("kind = \"http-push\"", &source));
        place.sink.until("a derived value", |sink| sink.value(ID, "level") == json!(9)).await;
        assert_eq!(
            place.sink.value(ID, "rise"),
            json!(2.0),
            "from 7 to 9 within three hours, at speed {speed}"
        );
        assert_eq!(place.sink.history(ID, "level").len(), 10, "at speed {speed}");
        feeds.stop().await;
    }
}

#[tokio::test]
async fn a_derivation_that_falls_takes_nothing_with_it() {
    let place = place();
    let feeds = place.start(FEED);
    push(&feeds, 13.0, "02:00").await;
    assert_eq!(place.sink.value(ID, "level"), json!(13));
    assert_eq!(place.sink.value(ID, "rise"), json!(null));
    assert!(health(&feeds).last_error.unwrap().reason.en.contains("rise fell over urn:ngsi-ld:Gauge:1"));
    push(&feeds, 14.0, "03:00").await;
    assert_eq!(place.sink.value(ID, "rise"), json!(1.0));
    feeds.stop().await;
}

#[test]
fn a_derivation_that_nobody_knows_is_refused_and_the_others_run() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let place = place();
    let plan = |name: &str, text: &str| FeedPlan {
        tenant: tenant(),
        definition: Arc::new(parse(name, text)),
        files: Arc::new(place.files.clone()),
    };
    let plans = vec![plan("f", FEED), plan("g", &FEED.replace("\"rise\"", "\"fall\""))];
    let (feeds, refused) = Feeds::start(&place.setup(), plans);
    assert_eq!(refused[0].to_string(), "g.toml: derive.rule: \"fall\" is not a derivation; known are: rise");
    assert_eq!(feeds.health(&tenant()).len(), 1);
    runtime.block_on(feeds.stop());
}
