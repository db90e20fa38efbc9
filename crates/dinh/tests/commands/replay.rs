//! `dinh replay` of a recording in a pack of its own.

use serde_json::Value;

use crate::run::Place;

const FEED: &str = r#"
title = { vi = "Phát lại", en = "Replay" }
[source]
kind = "replay"
path = "recordings/a.csv"
time_column = "time"
speed = 1000.0
loop = false
[map]
type = "RiverGauge"
id = "urn:ngsi-ld:RiverGauge:{id}"
observed_at = { field = "time" }
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
required = true
"#;

fn packs(place: &Place) {
    for folder in ["packs/thu/feeds", "packs/thu/recordings", "packs/provinces"] {
        std::fs::create_dir_all(place.path(folder)).expect("creates");
    }
    let pack = "name = \"thu\"\nversion = \"0.0.1\"\n[title]\nvi = \"Gói thử\"\nen = \"Trial pack\"\n";
    place.write("packs/thu/pack.toml", pack);
    place.write("packs/thu/feeds/phat-lai.toml", FEED);
    let rows: String = (0..30).fold("id,time,level\n".to_owned(), |rows, minute| {
        rows + &format!("a,2025-10-01T00:{minute:02}:00+07:00,{minute}.5\n")
    });
    place.write("packs/thu/recordings/a.csv", rows);
}

#[test]
fn a_recording_is_played_to_its_end_and_says_from_when_it_is() {
    let place = Place::new();
    packs(&place);
    let replay = ["replay", "thu/phat-lai", "--packs", "packs", "--data", "data", "--seconds", "60"];
    let told = place.succeed(&replay);
    assert!(told.contains("30 bản ghi được nhận, 0 bị từ chối"), "{told}");
    assert!(told.contains("30 accepted, 0 rejected"), "{told}");
    let found = place.succeed(&["query", "--data", "data", "--packs", "packs", "--type", "RiverGauge"]);
    let level = &serde_json::from_str::<Value>(&found).expect("JSON")[0]["waterLevel"];
    assert_eq!(level["value"], 29.5);
    assert!(
        level["replayOf"]["value"].as_str().is_some_and(|at| at.starts_with("2025-09-30T17:29")),
        "{level}"
    );
    assert!(level["observedAt"].as_str().is_some_and(|at| at > "2026"), "{level}");
}

#[test]
fn only_recordings_can_be_played() {
    let place = Place::new();
    for (feed, hint) in
        [("admin-units/communes-hue", "kind file"), ("thu/phat-lai", "thu"), ("nonsense", "pack/feed")]
    {
        let told = place.run(&["replay", feed, "--data", "data"]);
        assert!(told.status == 1 && told.err.contains(hint), "{feed}: {told:?}");
    }
}
