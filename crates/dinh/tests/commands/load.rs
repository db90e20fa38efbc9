//! `dinh load` into a folder.

use serde_json::{Value, json};

use crate::run::{Place, gauge, gauges, lines};

#[test]
fn every_shape_of_file_is_loaded() {
    let place = Place::new();
    place.write("a.ndjson", gauges(1200));
    place.write("b.json", json!([gauge("b1", 1.0), gauge("b2", 2.0)]).to_string());
    place.write("c.json", serde_json::to_string_pretty(&gauge("c", 1.0)).expect("JSON"));
    let context = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld";
    place.write(
        "d.jsonld",
        json!({"@context": context, "@graph": [gauge("d1", 1.0), gauge("d2", 1.0)]}).to_string(),
    );
    let files = ["a.ndjson", "b.json", "c.json", "d.jsonld"];
    let told = place.succeed(&[&["load", "--data", "data"][..], &files].concat());
    assert!(told.contains("a.ndjson: 1200 bản ghi, 1200 được nhận, 0 bị từ chối"), "{told}");
    assert!(told.contains("a.ndjson: 1200 records, 1200 accepted, 0 refused"), "{told}");
    assert_eq!(place.count(), "1205");
    let told = place.run_with(&["load", "-", "--data", "data"], &format!("{}\n", gauge("stdin", 1.0)));
    assert_eq!((told.status, place.count().as_str()), (0, "1206"), "{told:?}");
}

#[test]
fn refused_records_are_counted_by_reason_and_kept() {
    let place = Place::new();
    let mut text = gauges(3);
    text.push_str(
        "{\"id\": \"no uri\", \"type\": \"RiverGauge\"}\n{\"broken\": \n\n7\n{\"type\": \"RiverGauge\"}\n",
    );
    text.push_str(&"[".repeat(300));
    text.push('\n');
    text.push_str(&gauge("last", 1.0).to_string());
    place.write("g.ndjson", text);
    let told = place.run(&["load", "g.ndjson", "--data", "data", "--rejects", "rejects.ndjson"]);
    assert_eq!(told.status, 2, "{told:?}");
    assert!(told.out.contains("9 records, 4 accepted, 5 refused"), "{}", told.out);
    assert_eq!(place.count(), "4");
    let rejects: Vec<Value> =
        place.read("rejects.ndjson").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: Vec<u64> = rejects.iter().filter_map(|reject| reject["line"].as_u64()).collect();
    assert_eq!(told, [4, 5, 7, 8, 9]);
    assert!(rejects[0]["reason"].as_str().is_some_and(|reason| reason.contains("URI")), "{}", rejects[0]);
    assert_eq!(rejects[0]["record"]["id"], "no uri");
}

#[test]
fn one_hostile_record_does_not_spoil_its_batch() {
    let place = Place::new();
    let deep = format!(
        "{{\"id\": \"urn:x:deep\", \"type\": \"T\", \"a\": {}{}}}\n",
        "[".repeat(500),
        "]".repeat(500)
    );
    place.write("g.ndjson", format!("{}{deep}{}", gauges(5), gauge("after", 1.0)));
    let told = place.run(&["load", "g.ndjson", "--data", "data"]);
    assert_eq!(told.status, 2, "{told:?}");
    assert!(told.out.contains("7 records, 6 accepted, 1 refused"), "{}", told.out);
}

#[test]
fn the_last_word_on_an_entity_wins_and_the_mode_decides_about_those_that_exist() {
    let place = Place::new();
    place.write("g.ndjson", lines((0..1500).map(|i| gauge("same", f64::from(i)))));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    let level = || {
        let found = place.succeed(&["query", "--data", "data", "--type", "RiverGauge", "--simplified"]);
        serde_json::from_str::<Value>(&found).expect("JSON")[0].clone()
    };
    assert_eq!(level()["waterLevel"], 1499.0);
    place.write("short.json", json!([{"id": "urn:ngsi-ld:RiverGauge:same", "type": "RiverGauge", "note": {"type": "Property", "value": "x"}}]).to_string());
    place.succeed(&["load", "short.json", "--data", "data"]);
    assert_eq!((&level()["waterLevel"], &level()["note"]), (&json!(1499.0), &json!("x")));
    assert_eq!(place.run(&["load", "short.json", "--data", "data", "--mode", "create"]).status, 2);
    place.succeed(&["load", "short.json", "--data", "data", "--mode", "replace"]);
    assert_eq!(level()["waterLevel"], Value::Null);
}

#[test]
fn a_load_that_cannot_begin_says_what_to_do() {
    let place = Place::new();
    place.write("t.csv", "id,level\na,1\n");
    place.write("empty.json", "");
    for (arguments, hint) in [
        (["load", "t.csv", "--data", "data"], "--map"),
        (["load", "empty.json", "--data", "data"], "empty"),
        (["load", "absent.json", "--data", "data"], "absent.json"),
        (["load", "t.csv", "--url", "nonsense"], "http://"),
    ] {
        let told = place.run(&arguments);
        assert_eq!(told.status, 1, "{arguments:?} {told:?}");
        assert!(told.err.contains(hint), "{arguments:?} {told:?}");
    }
    assert_eq!(place.run(&["load", "t.csv", "--url", "http://127.0.0.1:1", "--data", "x"]).status, 64);
}
