//! Recordings played again as if they happened now.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::json;

use crate::support::{Place, health, key};

const HOUR: i64 = 3_600_000_000;

const FEED: &str = r#"
title = { vi = "Mưa giờ (phát lại)", en = "Hourly rain (replay)" }
[source]
kind = "replay"
path = "recordings/rain.csv.gz"
time_column = "time"
backfill = "6h"
as_of_note = "Số liệu ngày 3/4/2025"
[map]
type = "RainGauge"
id = "urn:ngsi-ld:RainGauge:{station}"
observed_at = { field = "time" }
[[map.attribute]]
name = "precipitation"
field = "mm"
type = "number"
unit = "MMT"
"#;

/// One day, hour by hour, of two stations, gzipped.
fn recording() -> Vec<u8> {
    let mut text = "station,time,mm\n".to_owned();
    for hour in 0..24 {
        writeln!(text, "a,2025-04-03T{hour:02}:00:00+07:00,{hour}\nb,2025-04-03T{hour:02}:00:00+07:00,0")
            .unwrap();
    }
    text += "b,lúc trưa,1\nb\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

fn place() -> Place {
    let mut place = Place::at("2026-11-20T08:30:00Z");
    place.files.0.insert("recordings/rain.csv.gz".into(), recording());
    place
}

const A: &str = "urn:ngsi-ld:RainGauge:a";

async fn plays(place: &Place, writes: usize) {
    place.sink.until(&format!("{writes} rows"), |sink| sink.writes("urn:ngsi-ld:RainGauge:") >= writes).await;
}

#[tokio::test]
async fn the_recent_past_is_written_and_then_each_row_when_its_time_comes() {
    let place = place();
    let feeds = place.start(FEED);
    // It is 15:30 in Vietnam: the last six hours are those of 10:00 to 15:00.
    plays(&place, 12).await;
    let history = place.sink.history(A, "precipitation");
    let expected: Vec<_> =
        (10..=15).map(|hour| (format!("2026-11-20T{:02}:00:00Z", hour - 7), json!(hour))).collect();
    assert_eq!(history, expected);
    assert_eq!(place.sink.sub(A, "precipitation", "replayOf"), json!("2025-04-03T08:00:00Z"));
    place.clock.advance(HOUR);
    plays(&place, 14).await;
    assert_eq!(place.sink.value(A, "precipitation"), json!(16));
    let letters = feeds.dead_letters(&key(), 0, 10).await.unwrap();
    let rules: Vec<_> = letters.iter().map(|l| (l.position.as_str(), l.rejection.rule.as_str())).collect();
    assert_eq!(rules, [("recordings/rain.csv.gz:50", "time"), ("recordings/rain.csv.gz:51", "unreadable")]);
    assert_eq!(health(&feeds).as_of_note.as_deref(), Some("Số liệu ngày 3/4/2025"));
    feeds.stop().await;

    // A restart ten hours later goes on where it was, past midnight into the next round, and repeats nothing.
    place.clock.advance(10 * HOUR);
    let feeds = place.start(FEED);
    plays(&place, 14 + 12).await;
    place.clock.advance(HOUR);
    plays(&place, 14 + 14).await;
    let hours: Vec<_> = place.sink.history(A, "precipitation").into_iter().map(|(_, mm)| mm).collect();
    // Of the hours away, only the backfill is written: 21:00 to 02:00, then 03:00.
    assert_eq!(hours, [10, 11, 12, 13, 14, 15, 16, 21, 22, 23, 0, 1, 2, 3].map(|hour| json!(hour)));
    assert_eq!(feeds.dead_letters(&key(), 0, 10).await.unwrap().len(), 2, "broken rows are told once");
    feeds.stop().await;
}

#[tokio::test]
async fn a_recording_is_played_faster_from_where_it_is_told_and_ends() {
    let place = place();
    let fast = FEED
        .replace("backfill", "speed = 3600.0\nloop = false\nstart = \"2025-04-03T20:00:00+07:00\"\nbackfill");
    let feeds = place.start(&fast);
    // One second is an hour: all hours up to 20:00 lie in the last six hours.
    plays(&place, 42).await;
    assert_eq!(place.sink.value(A, "precipitation"), json!(20));
    place.clock.advance(10_000_000);
    plays(&place, 48).await;
    let history = place.sink.history(A, "precipitation");
    assert_eq!(history.last().unwrap(), &("2026-11-20T08:30:03Z".to_owned(), json!(23)));
    assert_eq!(place.sink.sub(A, "precipitation", "replayOf"), json!("2025-04-03T16:00:00Z"));
    feeds.stop().await;
    // Played to its end, it stays silent after a restart.
    let feeds = place.start(&fast);
    place
        .sink
        .until("the feed's entity", |sink| sink.value("urn:ngsi-ld:Feed:p:f", "status") == json!("ok"))
        .await;
    feeds.stop().await;
    assert_eq!(place.sink.writes("urn:ngsi-ld:RainGauge:"), 48);
}

#[tokio::test]
async fn two_processes_play_the_same_row_at_the_same_instant() {
    let (one, other) = (place(), place());
    other.clock.advance(17 * HOUR + 123_456);
    let fast = FEED.replace("backfill = \"6h\"", "speed = 60.0\nbackfill = \"2h\"");
    for place in [&one, &other] {
        let feeds = place.start(&fast);
        plays(place, 200).await;
        feeds.stop().await;
    }
    one.clock.advance(17 * HOUR + 123_456);
    let feeds = one.start(&fast);
    plays(&one, 400).await;
    feeds.stop().await;
    let theirs = other.sink.history(A, "precipitation");
    let ours = one.sink.history(A, "precipitation");
    let common = theirs.len().min(100);
    assert_eq!(ours[ours.len() - common..], theirs[theirs.len() - common..]);
}

#[tokio::test]
async fn a_corrected_row_of_a_recording_is_placed_where_it_was_played() {
    let mut place = Place::at("2026-11-20T08:30:00Z");
    let rows = "station,time,mm\na,2025-04-03T00:00:00+07:00,0\na,2025-04-03T15:00:00+07:00,nhiều\na,2025-04-03T23:00:00+07:00,1\n";
    place.files.0.insert("recordings/rain.csv".into(), rows.into());
    let feeds = place.start(&FEED.replace(".csv.gz", ".csv"));
    let wait = async {
        while health(&feeds).dead_letters == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), wait).await.unwrap();
    let letter = feeds.dead_letters(&key(), 0, 10).await.unwrap().pop().unwrap();
    let mended = json!({"station": "a", "time": "2025-04-03T15:00:00+07:00", "mm": 12});
    feeds.correct(&key(), letter.id, Some(mended)).await.unwrap();
    assert_eq!(place.sink.history(A, "precipitation"), [("2026-11-20T08:00:00Z".to_owned(), json!(12))]);
    assert_eq!(place.sink.sub(A, "precipitation", "replayOf"), json!("2025-04-03T08:00:00Z"));
    feeds.stop().await;
}
