//! GTFS-Realtime: messages made here, and real captures where they are at hand.

use std::path::Path;

use dinh_feeds::gtfs::realtime::{
    Alert, FeedEntity, FeedHeader, FeedMessage, Position, StopTimeEvent, StopTimeUpdate, TimeRange,
    TranslatedString, Translation, TripDescriptor, TripUpdate, VehicleDescriptor, VehiclePosition,
};
use dinh_feeds::{FeedStatus, Feeds};
use prost::Message as _;
use serde_json::json;

use crate::support::{Place, health, key};

/// 20 November 2026, 08:00:00 UTC.
const NOW: u64 = 1_795_161_600;

fn feed(path: &str) -> String {
    format!(
        "title = {{ vi = \"Xe buýt\", en = \"Buses\" }}\n[source]\nkind = \"gtfs-rt\"\npath = \"{path}\"\n\
         every = \"1s\"\nprefix = \"hn\"\n"
    )
}

fn message(timestamp: u64, entity: Vec<FeedEntity>) -> FeedMessage {
    let header = FeedHeader {
        gtfs_realtime_version: "2.0".into(),
        incrementality: Some(0),
        timestamp: Some(timestamp),
    };
    FeedMessage { header, entity }
}

fn vehicle(id: &str, timestamp: Option<u64>, longitude: f32) -> FeedEntity {
    let vehicle = VehiclePosition {
        trip: Some(TripDescriptor {
            trip_id: Some("T1".into()),
            route_id: Some("R 1".into()),
            ..TripDescriptor::default()
        }),
        position: Some(Position {
            latitude: 21.0285,
            longitude,
            speed: Some(10.0),
            bearing: Some(91.4),
            odometer: None,
        }),
        timestamp,
        stop_id: Some("S1".into()),
        vehicle: Some(VehicleDescriptor {
            id: Some(id.into()),
            label: Some("29B-123".into()),
            license_plate: None,
        }),
        ..VehiclePosition::default()
    };
    FeedEntity { id: id.into(), vehicle: Some(vehicle), ..FeedEntity::default() }
}

fn alert(id: &str) -> FeedEntity {
    let text = |text: &str, language: Option<&str>| Translation {
        text: text.into(),
        language: language.map(Into::into),
    };
    let alert = Alert {
        active_period: vec![TimeRange { start: Some(NOW - 60), end: None }],
        cause: Some(8),
        effect: Some(4),
        header_text: Some(TranslatedString {
            translation: vec![text("Đường ngập", Some("vi")), text("Flooded road", Some("en"))],
        }),
        description_text: Some(TranslatedString { translation: vec![text("Tuyến 01 đi vòng", None)] }),
        ..Alert::default()
    };
    FeedEntity { id: id.into(), alert: Some(alert), ..FeedEntity::default() }
}

fn trip() -> FeedEntity {
    let stop = |id: &str, time: u64, delay: i32| StopTimeUpdate {
        stop_id: Some(id.into()),
        arrival: Some(StopTimeEvent {
            delay: Some(delay),
            time: i64::try_from(time).ok(),
            uncertainty: None,
        }),
        ..StopTimeUpdate::default()
    };
    let update = TripUpdate {
        trip: TripDescriptor { trip_id: Some("T1".into()), ..TripDescriptor::default() },
        stop_time_update: vec![stop("S1", NOW - 300, 60), stop("S2", NOW + 300, 180)],
        ..TripUpdate::default()
    };
    FeedEntity { id: "t".into(), trip_update: Some(update), ..FeedEntity::default() }
}

/// A feed that reads its messages from a file.
struct Live {
    place: Place,
    folder: tempfile::TempDir,
}

impl Live {
    fn new() -> Self {
        Self { place: Place::at("2026-11-20T08:00:00Z"), folder: tempfile::tempdir().unwrap() }
    }

    fn say(&self, bytes: &[u8]) {
        let part = self.folder.path().join("part");
        std::fs::write(&part, bytes).unwrap();
        std::fs::rename(part, self.folder.path().join("live.pb")).unwrap();
    }

    fn start(&self) -> Feeds {
        self.place.start(&feed(self.folder.path().join("live.pb").to_str().unwrap()))
    }
}

const BUS: &str = "urn:ngsi-ld:Vehicle:hn:b1";

#[tokio::test]
async fn positions_delays_and_alerts_become_entities() {
    let live = Live::new();
    let entities = vec![vehicle("b1", Some(NOW - 5), 105.8542), trip(), alert("a/1")];
    live.say(&message(NOW - 1, entities).encode_to_vec());
    let feeds = live.start();
    let sink = &live.place.sink;
    sink.until("three entities", |sink| sink.ids().len() == 3).await;
    assert_eq!(sink.value(BUS, "location"), json!([105.8542, 21.0285]));
    assert_eq!(sink.value(BUS, "speed"), json!(36));
    assert_eq!(sink.value(BUS, "heading"), json!(91));
    assert_eq!(sink.value(BUS, "refRoute"), json!("urn:ngsi-ld:GtfsRoute:hn:R%201"));
    assert_eq!(sink.sub(BUS, "location", "positionSource"), json!("gps"));
    let delayed = "urn:ngsi-ld:GtfsTripUpdate:hn:T1";
    assert_eq!(sink.value(delayed, "delay"), json!(180), "that of the stop still to come");
    assert_eq!(sink.value(delayed, "nextStop"), json!("urn:ngsi-ld:GtfsStop:hn:S2"));
    let warned = "urn:ngsi-ld:ServiceAlert:hn:a%2F1";
    assert_eq!(sink.value(warned, "cause"), json!("WEATHER"));
    assert_eq!(sink.value(warned, "effect"), json!("DETOUR"));
    assert_eq!(sink.value(warned, "title"), json!({"l": {"vi": "Đường ngập", "en": "Flooded road"}}));
    assert_eq!(sink.value(warned, "status"), json!("active"));
    // The alert is not in the next message: it has ended.
    live.say(&message(NOW, vec![vehicle("b1", Some(NOW), 105.86)]).encode_to_vec());
    sink.until("its end", |sink| sink.value(warned, "status") == json!("ended")).await;
    assert_eq!(sink.value(warned, "cause"), json!("WEATHER"));
    feeds.stop().await;
}

#[tokio::test]
async fn clocks_that_run_ahead_are_taken_as_now_and_lying_ones_refused() {
    let live = Live::new();
    let entities = vec![
        vehicle("b1", Some(NOW + 40), 105.1),
        vehicle("b2", None, 105.2),
        vehicle("b3", Some(NOW + 86_400), 105.3),
        vehicle("b4", Some(0), 105.4),
        vehicle("b5", Some(NOW - 7_200), 205.5),
    ];
    live.say(&message(NOW + 45, entities).encode_to_vec());
    let feeds = live.start();
    live.place.sink.until("three vehicles", |sink| sink.ids().len() == 3).await;
    for id in ["b1", "b2", "b4"] {
        let entity = live.place.sink.entity(&format!("urn:ngsi-ld:Vehicle:hn:{id}")).unwrap();
        let location = entity.attribute("https://uri.etsi.org/ngsi-ld/default-context/location").unwrap();
        assert_eq!(location.observed_at.unwrap().to_string(), "2026-11-20T08:00:00Z", "{id}");
    }
    let letters = feeds.dead_letters(&key(), 0, 10).await.unwrap();
    let rules: Vec<_> = letters.iter().map(|l| l.rejection.rule.as_str()).collect();
    assert_eq!(rules, ["ahead", "degrees"]);
    feeds.stop().await;
}

#[tokio::test]
async fn an_older_position_does_not_move_a_vehicle_back() {
    let live = Live::new();
    live.say(&message(NOW, vec![vehicle("b1", Some(NOW - 5), 105.85)]).encode_to_vec());
    let feeds = live.start();
    let sink = &live.place.sink;
    sink.until("the vehicle", |sink| sink.ids().len() == 1).await;
    live.say(&message(NOW + 1, vec![vehicle("b1", Some(NOW - 95), 105.80)]).encode_to_vec());
    sink.until("the late one", |sink| sink.writes(BUS) == 2).await;
    assert_eq!(sink.value(BUS, "location"), json!([105.85, 21.0285]));
    assert!(health(&feeds).late > 0);
    feeds.stop().await;
}

#[tokio::test]
async fn rubbish_is_a_dead_letter_and_a_missing_file_an_error() {
    let live = Live::new();
    let feeds = live.start();
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    live.say(b"<html>404</html>");
    while health(&feeds).dead_letters == 0 {
        tokio::task::yield_now().await;
    }
    live.say(&message(NOW, vec![vehicle("b1", Some(NOW), 105.85)]).encode_to_vec());
    live.place.sink.until("the vehicle", |sink| sink.ids().len() == 1).await;
    assert_eq!(health(&feeds).status, FeedStatus::Ok);
    feeds.stop().await;
}

/// Captures of agencies whose terms do not allow copying them into this project.
#[tokio::test]
async fn real_captures_are_read_where_they_are_at_hand() {
    #[expect(clippy::disallowed_methods, reason = "the folder is named by the environment, for tests only")]
    let Ok(folder) = std::env::var("DINH_REAL_DATA") else {
        eprintln!(
            "NOT RUN: real_captures_are_read_where_they_are_at_hand. Set DINH_REAL_DATA to the folder of real \
             data (its sub-folder gtfs-rt holds the captures) to run it."
        );
        return;
    };
    // 91 trip updates, 1 alert, 26 trip updates; long ago, so nothing is ahead of the clock.
    for (file, expected) in [("bart-trip-updates.pb", 91), ("bart-alerts.pb", 1), ("example.pb", 26)] {
        let path = Path::new(&folder).join("gtfs-rt").join(file);
        let place = Place::at("2026-11-20T08:00:00Z");
        let feeds = place.start(&feed(path.to_str().unwrap()));
        place.sink.until(file, |sink| sink.ids().len() == expected).await;
        assert_eq!(health(&feeds).rejected, 0, "{file}");
        feeds.stop().await;
    }
}
