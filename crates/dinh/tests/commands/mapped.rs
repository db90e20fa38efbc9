//! `dinh load --map`: tables that a feed definition turns into entities.

use serde_json::Value;

use crate::run::Place;

const MAP: &str = r#"
title = { vi = "Trạm đo", en = "Stations" }
owner = { vi = "Đài Khí tượng Thủy văn", en = "Weather office" }
[source]
kind = "file"
path = "unused.csv"
[map]
type = "RiverGauge"
id = "urn:ngsi-ld:RiverGauge:{id}"
zone = "Asia/Ho_Chi_Minh"
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
from_unit = "cm"
required = true
[[map.attribute]]
name = "location"
kind = "geo"
point = { lon = "lon", lat = "lat" }
[[quality]]
check = "range"
attribute = "waterLevel"
min = -5
max = 20
action = "reject"
"#;

#[test]
fn a_table_becomes_entities_and_its_broken_rows_say_why() {
    let place = Place::new();
    place.write("map.toml", MAP);
    place.write(
        "t.csv",
        "id,level,lon,lat\na,150,107.5,16.4\nb,high,107.5,16.4\nc,99999,107.5,16.4\nd,250,107.6,16.5\n",
    );
    let told = place.run(&["load", "t.csv", "--map", "map.toml", "--data", "data", "--rejects", "r.ndjson"]);
    assert_eq!(told.status, 2, "{told:?}");
    assert!(told.out.contains("4 records, 2 accepted, 2 refused"), "{}", told.out);
    let found = place.succeed(&["query", "--data", "data", "--type", "RiverGauge"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(
        (&found[0]["waterLevel"]["value"], &found[0]["waterLevel"]["unitCode"]),
        (&1.5.into(), &"MTR".into())
    );
    assert_eq!(found[0]["dataProvider"]["value"], "Đài Khí tượng Thủy văn");
    let rejects = place.read("r.ndjson");
    assert!(
        rejects.lines().next().is_some_and(|line| line.contains("\"line\":3") && line.contains("high")),
        "{rejects}"
    );
}

#[test]
fn a_map_that_is_none_is_refused_by_name() {
    let place = Place::new();
    place.write("map.toml", "title = 7\n");
    place.write("t.csv", "id\na\n");
    let told = place.run(&["load", "t.csv", "--map", "map.toml", "--data", "data"]);
    assert_eq!(told.status, 1, "{told:?}");
    assert!(told.err.contains("map.toml"), "{}", told.err);
}
