//! Help, configuration, the doctor, the OpenAPI document.

use serde_json::Value;

use crate::run::{Place, exists};

#[test]
fn the_command_line_answers_a_stranger() {
    let place = Place::new();
    assert!(place.succeed(&["--help"]).contains("dinh demo"));
    assert!(place.succeed(&["load", "--help"]).contains("Ví dụ · Examples:"));
    assert!(place.succeed(&["--version"]).starts_with("dinh "));
    let told = place.run(&["paly"]);
    assert!(told.status == 64 && told.err.starts_with("lỗi: không có lệnh paly"), "{told:?}");
    assert!(told.err.contains("\nerror: unrecognized subcommand 'paly'"), "{told:?}");
    assert_eq!(place.run(&[]).status, 64);
}

#[test]
fn help_is_a_command_too() {
    let place = Place::new();
    assert_eq!(place.succeed(&["help", "load"]), place.succeed(&["load", "--help"]));
    assert_eq!(place.succeed(&["help"]), place.succeed(&["--help"]));
    let told = place.run(&["help", "paly"]);
    assert!(told.status == 1 && told.err.starts_with("lỗi: không có lệnh paly"), "{told:?}");
}

#[test]
fn errors_are_told_in_both_languages_and_their_cause_once() {
    let place = Place::new();
    place.write("t.csv", "id,level\na,1\n");
    place.write("bad.toml", "[store]\nreaders = \"two\"\n");
    for (arguments, vi, en) in [
        (
            &["load", "absent.json", "--data", "d"][..],
            "không đọc được absent.json",
            "cannot read absent.json",
        ),
        (
            &["load", "t.csv", "--data", "d"],
            "hãy nêu khai báo nguồn bằng --map",
            "give a feed definition with --map",
        ),
        (&["query", "--url", "http://127.0.0.1:1"], "không có ai trả lời ở", "nobody answers at"),
        (
            &["query", "--data", "d", "--tenant", "a b"],
            "không phải là tên của một vùng dữ liệu",
            "not a tenant name",
        ),
        (&["query", "--data", "d", "--q", "((("], "yêu cầu không hợp lệ", "the request is not valid"),
        (&["config", "--config", "bad.toml"], "cấu hình không hợp lệ", "the configuration is not valid"),
        (&["verify", "--data", "nowhere"], "không có thư mục nowhere", "there is no folder nowhere"),
        (
            &["backup", "--data", "nowhere", "--to", "c"],
            "không sao lưu được nowhere",
            "nowhere cannot be backed up",
        ),
        (
            &["restore", "--from", "t.csv", "--data", "e"],
            "không phục hồi được t.csv",
            "t.csv cannot be restored",
        ),
        (&["replay", "nonsense", "--data", "d"], "không phải là một nguồn", "is not a feed"),
        (
            &["serve", "--data", "d", "--listen", "nowhere"],
            "không nhận kết nối được ở nowhere",
            "cannot listen on nowhere",
        ),
        (
            &["query", "--data", "d", "--packs", "t.csv"],
            "không dùng được các gói",
            "the packs cannot be used",
        ),
    ] {
        let told = place.run(arguments);
        let lines: Vec<&str> = told.err.lines().collect();
        assert_eq!(told.status, 1, "{arguments:?}: {told:?}");
        assert!(
            lines.iter().any(|line| line.starts_with("lỗi: ") && line.contains(vi)),
            "{arguments:?}: {told:?}"
        );
        assert!(
            lines.iter().any(|line| line.starts_with("error: ") && line.contains(en)),
            "{arguments:?}: {told:?}"
        );
        let causes = lines.iter().filter(|line| line.starts_with("nguyên nhân · cause: ")).count();
        assert!(causes <= 1, "{arguments:?}: {told:?}");
    }
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
