//! Timetables: a small one with every fault, and the real one of Hà Nội.

use std::io::{Cursor, Write as _};
use std::path::Path;

use dinh_feeds::CorrectError;
use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::support::{Place, health, key};

const FEED: &str = r#"
title = { vi = "Xe buýt", en = "Buses" }
[source]
kind = "gtfs"
path = "data/gtfs.zip"
prefix = "hn"
zone = "Asia/Ho_Chi_Minh"
"#;

/// Two good trips; in every table one row that refers to nothing or says nothing.
const TABLES: [(&str, &str); 8] = [
    ("agency.txt", "agency_id,agency_name,agency_url,agency_timezone\n1,Transerco,http://x.vn,UTC\n"),
    (
        "stops.txt",
        "stop_id,stop_name,stop_lat,stop_lon,parent_station,colour\n\
         A,Ga Hà Nội,21.00,105.80,,red\nB,Bờ Hồ,21.00,105.81,nowhere,red\nC,Mỹ Đình,21.00,105.82,,red\n\
         C,again,21.0,105.8,,\nD,no place,x,,,\n",
    ),
    (
        "routes.txt",
        "route_id,agency_id,route_short_name,route_long_name,route_type\n\
         R1,1,01,Ga Hà Nội – Mỹ Đình,3\nR2,9,02,,3\nR3,1,,,3\n",
    ),
    (
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
         W,1,1,1,1,1,0,0,20180101,20181231\nX,1,1,1,1,1,0,0,someday,20181231\n",
    ),
    (
        "shapes.txt",
        "shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon\nS,2,21.0,105.82\nS,1,21.0,105.80\nS,x,21,105\n",
    ),
    (
        "trips.txt",
        "route_id,trip_id,service_id,shape_id,trip_headsign\nR1,T1,W,S,Mỹ Đình\nR1,T2,W,none,Mỹ Đình\n\
         R9,T3,W,S,\nR1,T4,Z,S,\nR1,T1,W,S,\n",
    ),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,buffer\n\
         T1,10:00:00,10:00:00,A,1,0\nT1,,,B,2,0\nT1,10:20:00,10:20:00,C,3,0\n\
         T2,10:10:00,10:10:00,A,1,0\nT2,10:30:00,10:30:00,C,2,0\n\
         T9,10:00:00,10:00:00,A,1,0\nT1,10:00:00,10:00:00,Q,9,0\nT1,25:99:00,,A,4,0\n",
    ),
    ("feed_info.txt", "nobody,reads,this\n\"\n"),
];

fn zipped() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in TABLES {
        archive.start_file(format!("gtfs/{name}"), SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn dangling_references_are_told_row_by_row_and_the_rest_is_loaded() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/gtfs.zip".into(), zipped());
    for (name, text) in TABLES {
        place.files.0.insert(format!("data/folder/{name}"), text.into());
    }
    let folder = FEED.replace("gtfs.zip", "folder").replace("\"hn\"", "\"folder\"");
    let feeds = place.start_many(&[("f", FEED), ("folder", &folder)]);
    place.sink.until("both feeds", |sink| sink.ids().len() == 2 * 6).await;
    let mine: Vec<String> = place.sink.ids().into_iter().filter(|id| id.contains(":hn:")).collect();
    assert_eq!(
        mine,
        [
            "urn:ngsi-ld:GtfsAgency:hn:1",
            "urn:ngsi-ld:GtfsRoute:hn:R1",
            "urn:ngsi-ld:GtfsRoute:hn:R2",
            "urn:ngsi-ld:GtfsStop:hn:A",
            "urn:ngsi-ld:GtfsStop:hn:B",
            "urn:ngsi-ld:GtfsStop:hn:C"
        ]
    );
    assert_eq!(place.sink.value("urn:ngsi-ld:GtfsAgency:hn:1", "timezone"), json!("Asia/Ho_Chi_Minh"));
    let route = "urn:ngsi-ld:GtfsRoute:hn:R1";
    assert_eq!(place.sink.value(route, "name"), json!("01 · Ga Hà Nội – Mỹ Đình"));
    assert_eq!(place.sink.value(route, "location"), json!([[105.8, 21.0], [105.82, 21.0]]));
    assert_eq!(place.sink.value(route, "operatedBy"), json!("urn:ngsi-ld:GtfsAgency:hn:1"));
    assert_eq!(place.sink.value("urn:ngsi-ld:GtfsRoute:hn:R2", "operatedBy"), json!(null));
    let expected = [
        ("agency_id", "reference", "routes.txt:3"),
        ("arrival_time", "time", "stop_times.txt:9"),
        ("parent_station", "reference", "stops.txt:3"),
        ("route_id", "reference", "trips.txt:4"),
        ("route_short_name", "missing", "routes.txt:4"),
        ("service_id", "reference", "trips.txt:5"),
        ("shape_id", "reference", "trips.txt:3"),
        ("shape_pt_sequence", "number", "shapes.txt:4"),
        ("start_date", "date", "calendar.txt:3"),
        ("stop_id", "duplicate", "stops.txt:5"),
        ("stop_id", "reference", "stop_times.txt:8"),
        ("stop_lon", "missing", "stops.txt:6"),
        ("trip_id", "duplicate", "trips.txt:6"),
        ("trip_id", "reference", "stop_times.txt:7"),
    ];
    while health(&feeds).dead_letters < 14 {
        tokio::task::yield_now().await;
    }
    let letters = feeds.dead_letters(&key(), 0, 100).await.unwrap();
    let mut told: Vec<_> = letters
        .iter()
        .map(|l| (l.rejection.field.as_str(), l.rejection.rule.as_str(), l.position.as_str()))
        .collect();
    told.sort_unstable();
    assert_eq!(told, expected);
    // A row is corrected like any other record; one that makes no entity stays where it is.
    let stop = letters.iter().find(|letter| letter.position == "stops.txt:6").unwrap();
    let mut corrected = stop.record.clone();
    corrected["stop_lat"] = json!("21.0");
    corrected["stop_lon"] = json!("105.83");
    feeds.correct(&key(), stop.id, Some(corrected)).await.unwrap();
    assert_eq!(place.sink.value("urn:ngsi-ld:GtfsStop:hn:D", "location"), json!([105.83, 21.0]));
    let call = letters.iter().find(|letter| letter.position == "stop_times.txt:7").unwrap();
    assert_eq!(feeds.correct(&key(), call.id, None).await, Err(CorrectError::Skipped));
    assert_eq!(health(&feeds).dead_letters, 13);
    feeds.stop().await;
}

fn hanoi() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/transport/data/hanoi-gtfs.zip");
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn the_network_of_ha_noi_is_loaded_whole() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/gtfs.zip".into(), hanoi());
    let feeds = place.start(FEED);
    place.sink.until("63 routes and 372 stops", |sink| sink.ids().len() == 1 + 63 + 372).await;
    assert_eq!(health(&feeds).rejected, 0);
    let route = "urn:ngsi-ld:GtfsRoute:hn:01_1";
    assert!(
        place.sink.value(route, "location")[0][0].is_array()
            || place.sink.value(route, "location")[0].is_array()
    );
    assert!(place.sink.value(route, "tripCount").as_u64().unwrap() > 10);
    feeds.stop().await;
}

const TIMETABLE: &str = r#"
title = { vi = "Xe buýt theo biểu đồ", en = "Buses by the timetable" }
[source]
kind = "gtfs-timetable"
path = "data/gtfs.zip"
prefix = "hn"
zone = "Asia/Ho_Chi_Minh"
every = "1s"
any_date = true
"#;

#[tokio::test]
async fn vehicles_are_where_the_timetable_says() {
    // Friday, 10:05 in Vietnam: a quarter of the way of T1.
    let mut place = Place::at("2026-11-20T03:05:00Z");
    place.files.0.insert("data/gtfs.zip".into(), zipped());
    let feeds = place.start(TIMETABLE);
    let (one, two) = ("urn:ngsi-ld:Vehicle:hn:R1-1", "urn:ngsi-ld:Vehicle:hn:R1-2");
    place.sink.until("both vehicles", |sink| sink.ids().len() == 2).await;
    let at = place.sink.value(one, "location");
    assert!((at[0].as_f64().unwrap() - 105.805).abs() < 1e-6, "{at}");
    assert_eq!(place.sink.value(one, "serviceStatus"), json!("onRoute"));
    assert_eq!(place.sink.value(one, "nextStop"), json!("urn:ngsi-ld:GtfsStop:hn:B"));
    assert_eq!(place.sink.value(one, "heading"), json!(90));
    // One hundredth of a degree, 1,038 metres, in ten minutes.
    assert_eq!(place.sink.value(one, "speed"), json!(6));
    assert_eq!(place.sink.sub(one, "location", "positionSource"), json!("timetable"));
    assert_eq!(place.sink.value(one, "scheduled"), json!(true));
    assert_eq!(place.sink.sub(one, "location", "replayOf"), json!(null));
    assert_eq!(place.sink.value(two, "serviceStatus"), json!("outOfService"));
    // 10:25: T1 has ended, T2 is on its way, without a shape from stop to stop.
    place.clock.advance(20 * 60_000_000);
    place.sink.until("the second", |sink| sink.value(two, "serviceStatus") == json!("onRoute")).await;
    assert_eq!(place.sink.value(one, "serviceStatus"), json!("outOfService"));
    let at = place.sink.value(two, "location");
    assert!((at[0].as_f64().unwrap() - 105.815).abs() < 1e-6, "{at}");
    // Saturday: nothing runs.
    place.clock.advance(24 * 3_600_000_000);
    place.sink.until("the end", |sink| sink.value(two, "serviceStatus") == json!("outOfService")).await;
    feeds.stop().await;
}

#[tokio::test]
async fn a_part_of_the_day_can_be_repeated_and_says_so() {
    // Thursday, 22:05 in Vietnam, long after the last trip.
    let mut place = Place::at("2026-11-19T15:05:00Z");
    place.files.0.insert("data/gtfs.zip".into(), hanoi());
    let feeds = place.start(TIMETABLE);
    place.sink.until("all vehicles", |sink| sink.ids().len() > 20).await;
    let all = place.sink.ids();
    let on_the_road = |place: &Place| {
        all.iter().filter(|id| place.sink.value(id, "serviceStatus") == json!("onRoute")).count()
    };
    assert_eq!(on_the_road(&place), 0);
    feeds.stop().await;
    let repeat = format!("{TIMETABLE}repeat = {{ from = \"09:45:00\", to = \"17:45:00\" }}\n");
    let feeds = place.start(&repeat);
    place.sink.until("vehicles on the road", |_| on_the_road(&place) > 20).await;
    let some = all.iter().find(|id| place.sink.value(id, "serviceStatus") == json!("onRoute")).unwrap();
    // 22:05 is 4 hours 20 minutes into the second round: 14:05 of the timetable.
    assert_eq!(place.sink.sub(some, "location", "replayOf"), json!("2026-11-19T07:05:00Z"));
    let entity = place.sink.entity(some).unwrap();
    let location = entity.attribute("https://uri.etsi.org/ngsi-ld/default-context/location").unwrap();
    assert_eq!(location.observed_at.unwrap().to_string(), "2026-11-19T15:05:00Z");
    let position = place.sink.value(some, "location");
    let (lon, lat) = (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
    assert!((105.7..106.0).contains(&lon) && (20.9..21.1).contains(&lat), "{position}");
    feeds.stop().await;
}

#[tokio::test]
async fn the_buses_that_ship_are_on_the_road_at_once_at_any_hour() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/transport/feeds/hanoi-buses.toml");
    let definition = std::fs::read_to_string(path).unwrap();
    // In Vietnam: before dawn, at noon, just before and after the window begins anew, late at night; on a Sunday, too.
    for now in [
        "2026-11-20T20:00:00Z",
        "2026-11-20T05:00:00Z",
        "2026-11-20T03:19:50Z",
        "2026-11-20T09:50:10Z",
        "2026-11-22T16:59:00Z",
    ] {
        let mut place = Place::at(now);
        place.files.0.insert("data/hanoi-gtfs.zip".into(), hanoi());
        let feeds = place.start(&definition);
        place.sink.until("all vehicles", |sink| sink.ids().len() > 60).await;
        let ids = place.sink.ids();
        let on_the_road =
            ids.iter().filter(|id| place.sink.value(id, "serviceStatus") == json!("onRoute")).count();
        assert!(on_the_road >= 45, "{on_the_road} buses at {now}");
        feeds.stop().await;
    }
}
