//! `dinh audit`.

use serde_json::Value;

use crate::run::{Place, gauge, gauges, lines};

/// A folder with an audit of three entries or more.
fn written() -> Place {
    let place = Place::new();
    place.write("g.ndjson", gauges(30));
    place.succeed(&["load", "g.ndjson", "--data", "data", "--tenant", "hue"]);
    place.write("one.ndjson", lines(std::iter::once(gauge("=kim", 2.5))));
    place.succeed(&["load", "one.ndjson", "--data", "data", "--tenant", "hue"]);
    place
}

#[test]
fn an_audit_is_sealed_verified_and_carried_by_backups() {
    let place = written();
    let sealed = place.succeed(&["audit", "seal", "--data", "data"]);
    assert!(sealed.contains("Niêm phong số 1") && sealed.contains("Seal 1 of"), "{sealed}");
    let again = place.succeed(&["audit", "seal", "--data", "data"]);
    assert!(again.contains("every entry is sealed already"), "{again}");
    let report = place.succeed(&["audit", "verify", "--data", "data"]);
    assert!(report.contains("nguyên vẹn · the audit is sound") && report.contains("seals: 1"), "{report}");
    let key = place.succeed(&["audit", "key", "--data", "data"]);
    assert!(key.starts_with("-----BEGIN PUBLIC KEY-----"), "{key}");
    place.write("key.pem", &key);
    place.succeed(&["backup", "--data", "data", "--to", "copy"]);
    place.succeed(&["restore", "--from", "copy", "--data", "back"]);
    for folder in ["copy", "back"] {
        let told = place.succeed(&[
            "audit",
            "verify",
            "--data",
            folder,
            "--key",
            "key.pem",
            "--seals",
            "data/audit",
            "--json",
        ]);
        let report: Value = serde_json::from_str(&told).expect("JSON");
        assert_eq!((&report["clean"], &report["files"]), (&true.into(), &1.into()), "{report}");
    }
}

#[test]
fn an_altered_audit_is_named_in_both_languages() {
    let place = written();
    place.succeed(&["audit", "seal", "--data", "data"]);
    let file = place.path("data/graph.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("opens");
    connection.execute_batch("UPDATE audit SET at = at + 1 WHERE seq = 1").expect("alters");
    drop(connection);
    let told = place.run(&["audit", "verify", "--data", "data"]);
    assert_eq!(told.status, 1, "{told:?}");
    assert!(told.out.contains("✗ mục 1 không còn như lúc ghi"), "{told:?}");
    assert!(told.out.contains("  entry 1 is not as it was written"), "{told:?}");
    let told = place.run(&["verify", "--data", "data"]);
    assert!(told.status == 1 && told.out.contains("✗ nhật ký kiểm toán · audit"), "{told:?}");
}

#[test]
fn entries_are_searched_and_exported() {
    let place = written();
    let search = |more: &[&str]| place.succeed(&[&["audit", "search", "--data", "data"][..], more].concat());
    let all = search(&[]);
    assert!(all.lines().count() >= 2 && all.contains("tạo · created"), "{all}");
    let kim = "urn:ngsi-ld:RiverGauge:=kim";
    let one = search(&["--entity", kim, "--tenant", "hue"]);
    assert!(one.lines().count() == 1 && one.contains(kim), "{one}");
    assert_eq!(search(&["--tenant", "danang"]), "");
    assert_eq!(search(&["--to", "2020-01-01"]), "");
    let json: Value = serde_json::from_str(search(&["--limit", "1", "--json"]).trim()).expect("JSON");
    assert!(json["hash"].as_str().is_some_and(|hash| hash.len() == 64), "{json}");
    let told = place.run(&["audit", "search", "--data", "data", "--action", "flying"]);
    assert!(
        told.status == 1 && told.err.contains("sign-in") && told.err.contains("không có việc"),
        "{told:?}"
    );
    place.succeed(&["audit", "export", "--data", "data", "--out", "all.ndjson"]);
    let exported = place.read("all.ndjson");
    let numbers: Vec<u64> = exported
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["seq"].as_u64().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let table = place.succeed(&["audit", "export", "--data", "data", "--form", "csv"]);
    assert!(table.starts_with("seq,at,tenant,principal"), "{table}");
    let told = place.run(&["audit", "verify", "--data", "nowhere"]);
    assert!(told.status == 1 && told.err.contains("nowhere không chứa đồ thị nào"), "{told:?}");
}
