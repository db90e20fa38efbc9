//! Help, configuration, the doctor, the OpenAPI document.

use serde_json::Value;

use crate::run::{Place, exists};

#[test]
fn the_command_line_answers_a_stranger() {
    let place = Place::new();
    assert!(place.succeed(&["--help"]).contains("dinh demo"));
    assert!(place.succeed(&["load", "--help"]).contains("Examples:"));
    assert!(place.succeed(&["--version"]).starts_with("dinh "));
    let told = place.run(&["paly"]);
    assert!(told.status == 64 && told.err.contains("paly"), "{told:?}");
    assert_eq!(place.run(&[]).status, 64);
}

#[test]
fn settings_tell_where_they_come_from() {
    let place = Place::new();
    place.write("dinh.toml", "listen = \"0.0.0.0:1\"\n[store]\nreaders = 2\n");
    let told =
        place.command(&["config", "--data", "d"]).env("DINH_HTTP__MAX_BODY", "9999").output().expect("runs");
    let told = String::from_utf8(told.stdout).expect("UTF-8");
    for (key, value, source) in [
        ("listen", "0.0.0.0:1", "dinh.toml"),
        ("store.readers", "2", "dinh.toml"),
        ("http.max_body", "9999", "environment"),
        ("data", "\"d\"", "command line"),
        ("log.filter", "info", "default"),
    ] {
        let line = told.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        assert!(line.contains(value) && line.contains(source), "{key}: {told}");
    }
    let absent = place.run(&["config", "--config", "other.toml"]);
    assert!(absent.status == 1 && absent.err.contains("other.toml"), "{absent:?}");
    place.write("dinh.toml", "[store]\nraeders = 2\n");
    assert!(place.run(&["config"]).err.contains("raeders"));
}

#[test]
fn the_doctor_looks_and_touches_nothing() {
    let place = Place::new();
    let told = place.succeed(&["doctor", "--data", "data", "--listen", "127.0.0.1:0"]);
    assert!(told.contains("SQLite") && told.contains("Thư mục dữ liệu"), "{told}");
    assert!(!exists(&place.path("data")));
    place.write("file", "x");
    let ill = place.run(&["doctor", "--data", "file", "--listen", "nowhere"]);
    assert_eq!(ill.status, 1, "{ill:?}");
    assert_eq!(ill.out.lines().filter(|line| line.starts_with('✗')).count(), 2, "{}", ill.out);
}

#[test]
fn the_openapi_document_is_printed() {
    let document: Value = serde_json::from_str(&Place::new().succeed(&["openapi"])).expect("JSON");
    assert!(document["paths"].as_object().is_some_and(|paths| paths.contains_key("/ngsi-ld/v1/entities")));
}
