//! Dead letters: kept, listed, corrected, discarded.

use dinh_feeds::CorrectError;
use dinh_feeds::sink::Sink as _;
use serde_json::json;

use crate::support::{Place, health, key, tenant};

const FEED: &str = r#"
title = { vi = "a", en = "a" }
[source]
kind = "http-push"
[map]
type = "Gauge"
id = "urn:ngsi-ld:Gauge:{id}"
[[map.attribute]]
name = "level"
field = "level"
type = "number"
required = true
"#;

#[tokio::test]
async fn a_dead_letter_is_corrected_and_then_gone() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(FEED);
    let body = "id,level\n1,2\n2,x\n3\n4,\n";
    let report = feeds.push(&key(), "text/csv", body.into()).await.unwrap();
    assert_eq!((report.accepted, report.rejected), (1, 3));
    let letters = feeds.dead_letters(&key(), 0, 100).await.unwrap();
    let described: Vec<_> =
        letters.iter().map(|l| (l.id, l.position.as_str(), l.rejection.rule.as_str())).collect();
    assert_eq!(described, [(1, "push:3", "number"), (2, "push:4", "unreadable"), (3, "push:5", "missing")]);
    assert_eq!(letters[0].record, json!({"id": "2", "level": "x"}));
    assert_eq!(letters[1].record, json!("3"));
    assert_eq!(feeds.dead_letters(&key(), 2, 100).await.unwrap().len(), 1);

    let still = feeds.correct(&key(), 1, None).await.unwrap_err();
    assert!(matches!(still, CorrectError::StillWrong(why) if why.field == "level"));
    let still = feeds.correct(&key(), 1, Some(json!({"id": "2", "level": "y"}))).await;
    assert!(matches!(still, Err(CorrectError::StillWrong(_))));
    assert_eq!(health(&feeds).dead_letters, 3);
    assert!(matches!(feeds.correct(&key(), 2, None).await, Err(CorrectError::Unusable(_))));
    feeds.correct(&key(), 1, Some(json!({"id": "2", "level": 7}))).await.unwrap();
    assert_eq!(place.sink.value("urn:ngsi-ld:Gauge:2", "level"), json!(7));
    feeds.discard(&key(), 2).await.unwrap();
    assert_eq!(feeds.discard(&key(), 2).await, Err(CorrectError::NoSuchLetter));
    assert_eq!(feeds.dead_letters(&key(), 0, 100).await.unwrap().len(), 1);
    assert_eq!(health(&feeds).dead_letters, 1);
    feeds.stop().await;

    // They are still there after a restart, and new ones get new numbers.
    let feeds = place.start(FEED);
    feeds.push(&key(), "text/csv", "id,level\n9,z\n".into()).await.unwrap();
    let ids: Vec<u64> = feeds.dead_letters(&key(), 0, 100).await.unwrap().iter().map(|l| l.id).collect();
    assert_eq!(ids, [3, 4]);
    feeds.stop().await;
}

#[tokio::test]
async fn what_the_graph_refuses_is_a_dead_letter_too() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let update = FEED.replace("[[map", "mode = \"update\"\n[[map");
    let feeds = place.start(&update);
    let report = feeds.push(&key(), "application/json", "{\"id\":1,\"level\":1}".into()).await.unwrap();
    assert_eq!(report.rejected, 1);
    let letters = feeds.dead_letters(&key(), 0, 100).await.unwrap();
    assert_eq!(letters[0].rejection.rule, "refused");
    assert!(letters[0].rejection.reason.en.contains("no such entity"));
    feeds.stop().await;
}

#[tokio::test]
async fn only_so_many_dead_letters_are_kept() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(FEED);
    for _push in 0..2 {
        let body = format!("id,level\n{}", "1,x\n".repeat(6_000));
        feeds.push(&key(), "text/csv", body.into_bytes()).await.unwrap();
    }
    let health = health(&feeds);
    assert_eq!((health.rejected, health.dead_letters, health.dead_letters_lost), (12_000, 10_000, 2_000));
    assert_eq!(feeds.dead_letters(&key(), 0, 1).await.unwrap()[0].id, 2_001);
    feeds.stop().await;
}

#[tokio::test]
async fn a_huge_record_is_cut_and_says_so() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let feeds = place.start(FEED);
    let body = json!({"id": 1, "level": "x".repeat(100_000)}).to_string();
    feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
    let letter = feeds.dead_letters(&key(), 0, 1).await.unwrap().remove(0);
    assert!(letter.cut && letter.record.is_string());
    assert!(matches!(feeds.correct(&key(), 1, None).await, Err(CorrectError::Unusable(_))));
    feeds.correct(&key(), 1, Some(json!({"id": 1, "level": 5}))).await.unwrap();
    feeds.stop().await;
}

#[tokio::test]
async fn what_the_checks_remember_is_kept_before_the_end() {
    let place = Place::at("2026-11-20T08:00:00Z");
    let checked = format!("{FEED}[[quality]]\ncheck = \"stuck\"\nattribute = \"level\"\nsame_for = \"6h\"\n");
    let feeds = place.start(&checked);
    let push = async |level: f64| {
        let body = json!({"id": 1, "level": level}).to_string();
        feeds.push(&key(), "application/json", body.into_bytes()).await.unwrap();
    };
    push(1.0).await;
    let whose = tenant();
    let saved = || place.sink.record(&whose, "feed-state", "p/f/quality");
    assert_eq!(saved().await.unwrap(), None, "not after every commit");
    place.clock.advance(6 * 60_000_000);
    push(1.0).await;
    assert!(
        saved().await.unwrap().is_some(),
        "a station that reports seldom is not forgotten when the machine falls"
    );
    feeds.stop().await;
}
