//! `dinh query` and `dinh export`.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::run::{Place, exists, gauge, gauges};

#[test]
fn an_export_of_many_pages_is_whole_and_can_be_loaded_again() {
    let place = Place::new();
    place.write("g.ndjson", gauges(2500));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    place.succeed(&["export", "--data", "data", "--to", "all.ndjson"]);
    let all = place.read("all.ndjson");
    let mut ids: Vec<String> = all
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].as_str().expect("id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((all.lines().count(), ids.len()), (2500, 2500));
    assert!(!exists(&place.path("all.ndjson.part")));
    place.succeed(&["load", "all.ndjson", "--data", "copy"]);
    // In which order entities enter is not promised: several chunks are on their way at a time.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert!(sorted(&place.succeed(&["export", "--data", "copy"])) == sorted(&all), "the copy differs");
}

#[test]
fn every_form_holds_the_same_entities() {
    let place = Place::new();
    let rain =
        json!({"id": "urn:x:rain", "type": "RainGauge", "precipitation": {"type": "Property", "value": 2}});
    place.write("g.json", json!([gauge("a", 1.0), gauge("b", 2.0), rain]).to_string());
    place.succeed(&["load", "g.json", "--data", "data"]);
    let collection = place.succeed(&["export", "--data", "data", "--form", "geojson"]);
    let collection: Value = serde_json::from_str(&collection).expect("JSON");
    assert_eq!(collection["features"].as_array().map(Vec::len), Some(3));
    let table = place.succeed(&["export", "--data", "data", "--form", "csv", "--type", "RiverGauge"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert_eq!(lines[0], "id,type,location,name,waterLevel");
    assert!(
        lines[1].starts_with("urn:ngsi-ld:RiverGauge:a,RiverGauge,") && lines[1].ends_with(",Trạm a,1.0"),
        "{table}"
    );
    let picked = place.succeed(&["export", "--data", "data", "--q", "waterLevel>1.5"]);
    assert_eq!(picked.lines().count(), 1, "{picked}");
}

#[test]
fn entities_are_asked_for_by_condition_identifier_and_words() {
    let place = Place::new();
    place.write(
        "g.json",
        json!([gauge("a", 1.0), gauge("Kim Long".replace(' ', "-").as_str(), 2.0)]).to_string(),
    );
    place.succeed(&["load", "g.json", "--data", "data"]);
    let ask = |more: &[&str]| {
        let out = place.succeed(&[&["query", "--data", "data"][..], more].concat());
        serde_json::from_str::<Value>(&out).expect("JSON")
    };
    assert_eq!(ask(&[]).as_array().map(Vec::len), Some(2));
    assert_eq!(ask(&["--limit", "1"]).as_array().map(Vec::len), Some(1));
    assert_eq!(ask(&["--q", "waterLevel>1.5"])[0]["id"], "urn:ngsi-ld:RiverGauge:Kim-Long");
    assert_eq!(ask(&["--id", "urn:ngsi-ld:RiverGauge:a"])[0]["waterLevel"]["value"], 1.0);
    assert_eq!(ask(&["--text", "tram kim"])[0]["name"], "Trạm Kim-Long");
    let told = place.run(&["query", "--data", "data", "--q", "((("]);
    assert!(told.status == 1 && !told.err.is_empty(), "{told:?}");
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let place = Place::new();
    place.write("g.ndjson", gauges(3000));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    for form in ["ndjson", "csv", "geojson"] {
        let mut command = place.command(&["export", "--data", "data", "--form", form]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("ends");
        assert_eq!(output.status.code(), Some(0), "{form}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn an_export_from_a_folder_is_noted_in_its_audit() {
    let place = Place::new();
    place.write("g.ndjson", gauges(3));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    let arguments =
        ["export", "--data", "data", "--type", "RiverGauge", "--q", "waterLevel>1", "--to", "out.ndjson"];
    place.succeed(&arguments);
    place.succeed(&["audit", "export", "--data", "data", "--out", "all.ndjson"]);
    let entries = place.read("all.ndjson");
    let entries = entries.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let noted: Vec<Value> = entries.filter(|entry| entry["details"]["what"] == "entities").collect();
    assert_eq!(noted.len(), 2, "before the first entity and after the last: {noted:?}");
    for entry in &noted {
        assert_eq!(entry["actions"], json!(["export"]), "{entry}");
        assert_eq!(entry["principal"], "system:export", "{entry}");
        assert_eq!(entry["details"]["form"], "ndjson");
        assert_eq!(
            (&entry["details"]["type"], &entry["details"]["q"]),
            (&json!("RiverGauge"), &json!("waterLevel>1"))
        );
    }
    assert_eq!(
        (&noted[0]["details"]["entities"], &noted[1]["details"]["entities"]),
        (&Value::Null, &json!(3))
    );
    // What cannot be asked is not begun, and what was begun is on record.
    assert_eq!(place.run(&["export", "--data", "data", "--q", "((", "--to", "bad.ndjson"]).status, 1);
    assert!(!place.path("bad.ndjson").exists());
}
