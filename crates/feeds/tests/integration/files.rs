//! Files of packs and files that somebody drops into a folder.

use std::io::Write as _;
use std::path::Path;

use dinh_feeds::{FeedStatus, Feeds};
use serde_json::json;

use crate::support::{MemorySink, Place, health, key, parse};

const STATIONS: &str = r#"
title = { vi = "Trạm", en = "Stations" }
[source]
kind = "file"
path = "data/stations.csv"
[map]
type = "Station"
id = "urn:ngsi-ld:Station:{id}"
[[map.attribute]]
name = "name"
field = "name"
[[map.attribute]]
name = "location"
kind = "geo"
point = { lon = "lon", lat = "lat" }
[[quality]]
check = "swapped-coordinates"
bounds = [102.0, 7.0, 118.0, 24.0]
action = "mend"
"#;

fn table(rows: usize) -> Vec<u8> {
    let rows: Vec<String> = (0..rows).map(|n| format!("{n},Trạm {n},107.5,16.5\n")).collect();
    format!("id,name,lon,lat\n{}", rows.concat()).into_bytes()
}

async fn loaded(place: &Place, count: usize) {
    place.sink.until("the stations", |sink| sink.ids().len() == count).await;
}

#[tokio::test]
async fn a_file_of_a_pack_is_loaded_once_for_each_content() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/stations.csv".into(), table(1_234));
    let feeds = place.start(STATIONS);
    loaded(&place, 1_234).await;
    feeds.stop().await;
    let writes = place.sink.writes("urn:ngsi-ld:Station:");
    let feeds = place.start_many(&[("f", STATIONS), ("other", &STATIONS.replace("Station:", "Other:"))]);
    place.sink.until("the other feed", |sink| sink.ids().len() == 2 * 1_234).await;
    feeds.stop().await;
    assert_eq!(place.sink.writes("urn:ngsi-ld:Station:"), writes, "the same file is not loaded twice");

    // A new definition or a new file is another matter.
    let feeds = place.start(&STATIONS.replace("Trạm\"", "Trạm mới\""));
    place.sink.until("a second load", |sink| sink.writes("urn:ngsi-ld:Station:") == 2 * writes).await;
    feeds.stop().await;
}

#[tokio::test]
async fn a_load_that_was_cut_off_goes_on_where_it_was() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/stations.csv".into(), table(5_000));
    place.sink = MemorySink::with_room(2_100).into();
    let feeds = place.start(STATIONS);
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    feeds.stop().await;
    assert_eq!(place.sink.writes("urn:ngsi-ld:Station:"), 2_000);
    place.sink.make_room(usize::MAX);
    let feeds = place.start(STATIONS);
    loaded(&place, 5_000).await;
    feeds.stop().await;
    assert_eq!(place.sink.writes("urn:ngsi-ld:Station:"), 5_000, "nothing is written twice");
}

#[tokio::test]
async fn swapped_coordinates_are_mended_and_broken_rows_told() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    let text = "id,name,lon,lat\n1,A,107.5,16.5\n2,B,19.1,105.4\n3,C,x,16\n4,D\n5,E,,\n6,F,250,16\n";
    place.files.0.insert("data/stations.csv".into(), text.into());
    let feeds = place.start(STATIONS);
    loaded(&place, 3).await;
    assert_eq!(place.sink.value("urn:ngsi-ld:Station:2", "location"), json!([105.4, 19.1]));
    let flag = place.sink.sub("urn:ngsi-ld:Station:2", "location", "qualityFlag");
    assert_eq!(flag, json!("mended-swapped-coordinates"));
    assert_eq!(place.sink.sub("urn:ngsi-ld:Station:1", "location", "qualityFlag"), json!(null));
    assert_eq!(place.sink.value("urn:ngsi-ld:Station:5", "location"), json!(null));
    let positions = positions(&feeds, 3).await;
    assert_eq!(positions, ["data/stations.csv:4", "data/stations.csv:5", "data/stations.csv:7"]);
    assert_eq!(health(&feeds).mended, 1);
    feeds.stop().await;
}

async fn positions(feeds: &Feeds, count: usize) -> Vec<String> {
    loop {
        let letters = feeds.dead_letters(&key(), 0, 100).await.unwrap();
        if letters.len() >= count {
            return letters.into_iter().map(|letter| letter.position).collect();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_missing_file_is_an_error_that_others_do_not_feel() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/stations.csv".into(), table(3));
    let missing = STATIONS.replace("stations.csv", "nothing.csv");
    let feeds = place.start_many(&[("f", &missing), ("good", STATIONS)]);
    loaded(&place, 3).await;
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    assert!(health(&feeds).last_error.unwrap().reason.en.contains("nothing.csv"));
    feeds.stop().await;
}

fn folder_feed(folder: &Path) -> String {
    let source = format!(
        "kind = \"folder\"\npath = \"{{data}}/inbox\"\nevery = \"1s\"\nsettle = \"100ms\"\narchive = \"{}/done\"",
        folder.display()
    );
    STATIONS.replace("kind = \"file\"\npath = \"data/stations.csv\"", &source)
}

fn put(folder: &Path, name: &str, content: &[u8]) {
    let part = folder.join("inbox").join(format!("{name}.part"));
    std::fs::File::create(&part).unwrap().write_all(content).unwrap();
    std::fs::rename(part, folder.join("inbox").join(name)).unwrap();
}

#[tokio::test]
async fn dropped_files_of_every_format_are_loaded_and_moved_away() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.data = folder.path().into();
    put(folder.path(), "a.csv", "id,name,lon,lat\n1,A,107.5,16.5\n".as_bytes());
    put(folder.path(), "b.json", br#"[{"id":2,"name":"B","lon":107,"lat":16}]"#);
    put(folder.path(), "c.ndjson", b"{\"id\":3}\nbroken\n{\"id\":4}\n");
    put(folder.path(), "d.xlsx", &crate::workbook::stations());
    put(folder.path(), "e.xlsx", b"this is no workbook");
    put(folder.path(), "f.csv", b"id,name,lon,lat\n9,Vi\xeat,107,16\n");
    put(folder.path(), ".hidden.csv", b"id\n99\n");
    let feeds = place.start(&folder_feed(folder.path()));
    place.sink.until("the stations", |sink| sink.ids().len() == 6).await;
    assert_eq!(place.sink.value("urn:ngsi-ld:Station:x1", "name"), json!("Cửa Việt"));
    assert_eq!(place.sink.value("urn:ngsi-ld:Station:x1", "location"), json!([107.12, 16.87]));
    let positions = positions(&feeds, 3).await;
    assert_eq!(positions, ["c.ndjson:2", "e.xlsx", "f.csv"]);
    let mut moved = Vec::new();
    while moved.len() < 6 {
        moved = std::fs::read_dir(folder.path().join("done")).map_or(Vec::new(), |entries| {
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        });
        tokio::task::yield_now().await;
    }
    // The same content again, under another name: nothing is loaded twice.
    let writes = place.sink.writes("urn:ngsi-ld:Station:");
    put(folder.path(), "again.csv", "id,name,lon,lat\n1,A,107.5,16.5\n".as_bytes());
    put(folder.path(), "new.csv", "id,name,lon,lat\n50,A,107.5,16.5\n".as_bytes());
    place.sink.until("the new file", |sink| sink.entity("urn:ngsi-ld:Station:50").is_some()).await;
    assert_eq!(place.sink.writes("urn:ngsi-ld:Station:"), writes + 1);
    feeds.stop().await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error_until_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.data = folder.path().into();
    let feeds = place.start(&folder_feed(folder.path()));
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    put(folder.path(), "a.csv", "id,name,lon,lat\n1,A,107.5,16.5\n".as_bytes());
    place.sink.until("the station", |sink| sink.ids().len() == 1).await;
    assert_eq!(health(&feeds).status, FeedStatus::Ok);
    feeds.stop().await;
}

#[test]
fn the_folder_must_be_absolute() {
    let text = STATIONS.replace("kind = \"file\"", "kind = \"folder\"");
    let refused = std::panic::catch_unwind(|| parse("f", &text));
    assert!(refused.is_err());
}

#[tokio::test]
async fn files_that_would_fill_the_memory_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.data = folder.path().into();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    bomb.write_all(&vec![b'a'; 1_000_000]).unwrap();
    put(folder.path(), "a.csv.gz", &bomb.finish().unwrap());
    put(folder.path(), "b.csv", &vec![b'b'; 200_000]);
    // One cell in the last row and column that a workbook may have.
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    put(folder.path(), "c.xlsx", &crate::workbook::workbook(far));
    put(folder.path(), "d.json", "[".repeat(100_000).as_bytes());
    put(folder.path(), "e.csv", "id,name,lon,lat\n1,A,107.5,16.5\n".as_bytes());
    let small = folder_feed(folder.path()).replace("every = \"1s\"", "every = \"1s\"\nmax_bytes = 150000");
    let feeds = place.start(&small);
    place.sink.until("the good file", |sink| sink.ids().len() == 1).await;
    let told: Vec<_> = {
        positions(&feeds, 4).await;
        let letters = feeds.dead_letters(&key(), 0, 10).await.unwrap();
        letters.into_iter().map(|letter| (letter.position, letter.rejection.reason.en)).collect()
    };
    let expected = [
        ("a.csv.gz", "larger than the limit of 150000 bytes"),
        ("b.csv", "larger than the limit of 150000 bytes"),
        ("c.xlsx", "more than 2000 columns"),
        ("d.json", "not valid JSON"),
    ];
    for ((position, reason), (file, part)) in told.iter().zip(expected) {
        assert!(position == file && reason.contains(part), "{position}: {reason}");
    }
    feeds.stop().await;
}

#[tokio::test]
async fn a_named_code_page_is_decoded() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place
        .files
        .0
        .insert("data/stations.csv".into(), b"id,name,lon,lat\n1,C\xfd\xd2a Vi\xea\xf2t,107,16\n".to_vec());
    let feeds =
        place.start(&STATIONS.replace("stations.csv\"", "stations.csv\"\nencoding = \"windows-1258\""));
    loaded(&place, 1).await;
    assert_eq!(place.sink.value("urn:ngsi-ld:Station:1", "name"), json!("Cửa Việt"));
    feeds.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_moved_or_read_does_not_hold_up_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    // The archive is a file: nothing can be moved into it.
    std::fs::write(folder.path().join("done"), "x").unwrap();
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.data = folder.path().into();
    let feeds = place.start(&folder_feed(folder.path()));
    for (name, id) in [("a.csv", 1), ("b.csv", 2), ("c.csv", 3)] {
        put(folder.path(), name, format!("id,name,lon,lat\n{id},A,107.5,16.5\n").as_bytes());
    }
    place.sink.until("all files", |sink| sink.ids().len() == 3).await;
    assert!(health(&feeds).last_error.unwrap().reason.en.contains("archive"));
    feeds.stop().await;
}

#[test]
fn a_process_that_dies_in_the_middle_goes_on_after_its_last_portion() {
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.files.0.insert("data/stations.csv".into(), table(20_000));
    let die_after = |stations: usize| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            // Nobody stops it in order: its tasks are cut off wherever they are.
            let _feeds = place.start(STATIONS);
            place.sink.until("some stations", |sink| sink.ids().len() >= stations).await;
        });
        runtime.shutdown_background();
    };
    for stations in [1_000, 4_000, 9_000, 20_000] {
        die_after(stations);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let feeds = place.start(STATIONS);
        place.sink.until("the end", |sink| sink.value("urn:ngsi-ld:Feed:p:f", "status") == json!("ok")).await;
        feeds.stop().await;
    });
    assert_eq!(place.sink.ids().len(), 20_000);
    let writes = place.sink.writes("urn:ngsi-ld:Station:");
    assert!(writes <= 20_000 + 4 * 500, "a death costs at most one portion, not {writes}");
}
