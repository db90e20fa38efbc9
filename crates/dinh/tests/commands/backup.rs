//! `dinh backup`, `restore` and `verify`.

use serde_json::Value;

use crate::run::{Place, gauges};

#[test]
fn a_backup_is_restored_and_sound() {
    let place = Place::new();
    place.write("g.ndjson", gauges(100));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    place.succeed(&["backup", "--data", "data", "--to", "copy"]);
    let again = place.run(&["backup", "--data", "data", "--to", "copy"]);
    assert!(again.status == 1 && again.err.contains("copy"), "{again:?}");
    place.succeed(&["restore", "--from", "copy", "--data", "back"]);
    let exported = |folder: &str| place.succeed(&["export", "--data", folder]);
    assert_eq!(exported("back"), exported("data"));
    let report = place.succeed(&["verify", "--data", "back"]);
    assert!(
        report.contains("Đồ thị nguyên vẹn · the graph is sound") && report.lines().count() > 5,
        "{report}"
    );
    let unnamed = report.lines().find(|line| line.starts_with('✓') && !line.contains(" · "));
    assert_eq!(unnamed, None, "a check without a Vietnamese name");
    let report: Value =
        serde_json::from_str(&place.succeed(&["verify", "--data", "back", "--json"])).expect("JSON");
    assert!(
        report["checks"].as_array().is_some_and(|checks| checks.iter().all(|c| c["fault_count"] == 0)),
        "{report}"
    );
}

#[test]
fn nothing_is_overwritten_and_no_folder_is_made_up() {
    let place = Place::new();
    place.write("g.ndjson", gauges(3));
    place.succeed(&["load", "g.ndjson", "--data", "data"]);
    place.succeed(&["backup", "--data", "data", "--to", "copy"]);
    place.write("junk", "not a backup");
    for (arguments, hint) in [
        (["restore", "--from", "copy", "--data", "data"], "không trống"),
        (["restore", "--from", "copy", "--data", "data"], "not empty"),
        (["restore", "--from", "junk", "--data", "new"], "junk không chứa bản sao lưu nào"),
        (["restore", "--from", "nowhere", "--data", "new"], "nowhere không chứa bản sao lưu nào"),
        (["backup", "--data", "nowhere", "--to", "other"], "nowhere không chứa đồ thị nào"),
        (["backup", "--data", "data", "--to", "copy"], "copy đã chứa một đồ thị"),
    ] {
        let told = place.run(&arguments);
        assert_eq!(told.status, 1, "{arguments:?} {told:?}");
        assert!(told.err.contains(hint), "{arguments:?} {told:?}");
    }
    assert_eq!(place.run(&["verify", "--data", "nowhere"]).status, 1);
    assert_eq!(place.count(), "3");
}
