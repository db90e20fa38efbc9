//! `dinh serve` beside the other commands: what needs a running server on the same folder.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use crate::run::{Place, gauges};

/// A running server, ended when dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(place: &Place) -> Self {
        Self::start_with(place, &[])
    }

    fn start_with(place: &Place, settings: &[(&str, &str)]) -> Self {
        let mut command = place.command(&["serve", "--data", "data", "--listen", "127.0.0.1:0"]);
        command
            .envs(settings.iter().copied())
            .env("DINH_FEEDS__ENABLED", "false")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("output")).read_line(&mut line).expect("reads");
        let url = line.trim().strip_prefix("Đình: ").unwrap_or_default().trim_end_matches('/').to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "the first line is {line:?}");
        Self { child, url }
    }

    /// Asks it to end, and tells what it logged.
    fn stop(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-s", "TERM", &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        let status = self.child.wait().expect("ends").code();
        let mut log = String::new();
        self.child.stderr.as_mut().expect("log").read_to_string(&mut log).expect("reads");
        (status, log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_server_prints_its_address_works_beside_the_commands_and_stops_when_asked() {
    let place = Place::new();
    place.write("g.ndjson", gauges(700));
    let server = Server::start(&place);
    let told = place.succeed(&["load", "g.ndjson", "--url", &server.url]);
    assert!(told.contains("700 accepted"), "{told}");
    assert_eq!(place.succeed(&["query", "--url", &server.url, "--count"]).trim(), "700");
    let refused = place.run(&["query", "--data", "data", "--count"]);
    assert!(refused.status == 1 && refused.err.contains("--url"), "{refused:?}");
    place.succeed(&["backup", "--data", "data", "--to", "copy"]);
    let (status, log) = server.stop();
    assert_eq!(status, Some(0), "{log}");
    place.succeed(&["verify", "--data", "data"]);
    place.succeed(&["restore", "--from", "copy", "--data", "back"]);
    assert_eq!(place.succeed(&["query", "--data", "back", "--count"]).trim(), "700");
}

#[test]
fn a_load_that_breaks_off_goes_on_where_it_stopped() {
    let place = Place::new();
    place.write("g.ndjson", format!("{}{{\"broken\": \n", gauges(12_000)));
    let server = Server::start(&place);
    let load = ["load", "g.ndjson", "--url", &server.url, "--rejects", "r.ndjson"];
    let mut loading =
        place.command(&load).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    let is_noted = || {
        let mut entries = std::fs::read_dir(place.path("")).expect("reads").flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().ends_with(".json"))
    };
    while !is_noted() {
        assert!(loading.try_wait().expect("asks").is_none(), "the load ended before it noted anything");
        std::thread::yield_now();
    }
    loading.kill().expect("killed");
    loading.wait().expect("ends");
    let told = place.run(&load);
    assert_eq!(told.status, 2, "{told:?}");
    assert!(told.out.contains("12001 records, 12000 accepted, 1 refused"), "{}", told.out);
    assert!(told.out.contains("had been loaded before the interruption"), "{}", told.out);
    assert_eq!(place.succeed(&["query", "--url", &server.url, "--count"]).trim(), "12000");
    assert_eq!(place.read("r.ndjson").lines().count(), 1);
    assert!(!is_noted(), "a load that is complete leaves nothing behind");
}

#[test]
fn where_nobody_may_write_the_key_opens() {
    let place = Place::new();
    place.write("g.ndjson", gauges(3));
    place.write("key", "mot-chia-khoa-du-dai\n");
    place.write("wrong", "0123456789abcdef");
    let settings = [("DINH_ACCESS__OPEN_WRITES", "never"), ("DINH_ACCESS__WRITE_KEY_FILE", "key")];
    let server = Server::start_with(&place, &settings);
    let load = ["load", "g.ndjson", "--url", &server.url];
    for (more, hint) in
        [(&[][..], "key"), (&["--key-file", "wrong"], "key"), (&["--key-file", "absent"], "absent")]
    {
        let told = place.run(&[&load[..], more].concat());
        assert!(told.status == 1 && told.err.contains(hint), "{more:?}: {told:?}");
    }
    place.succeed(&[&load[..], &["--key-file", "key"]].concat());
    assert_eq!(place.succeed(&["query", "--url", &server.url, "--count"]).trim(), "3");
    for (key, hint) in [("short", "too short"), ("một-chìa-khoá-đủ-dài", "ASCII")] {
        place.write("key", key);
        let refused =
            place.command(&["serve", "--data", "other", "--listen", "127.0.0.1:0"]).envs(settings).output();
        let refused = refused.expect("runs");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(hint), "{refused:?}");
    }
}

#[test]
fn a_server_makes_its_key_and_its_audit_is_read_beside_it() {
    let place = Place::new();
    place.write("g.ndjson", gauges(30));
    let server = Server::start(&place);
    place.succeed(&["load", "g.ndjson", "--url", &server.url]);
    let told = place.succeed(&["audit", "verify", "--data", "data"]);
    assert!(told.contains("the audit is sound"), "{told}");
    let found = place.succeed(&["audit", "search", "--data", "data", "--action", "created"]);
    assert!(found.contains("urn:ngsi-ld:RiverGauge:g"), "{found}");
    let key = std::fs::metadata(place.path("data-keys/audit-seal.pem")).expect("a key beside the data");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o777, 0o600);
    let (status, log) = server.stop();
    assert!(status == Some(0) && !log.contains("not sealed"), "{log}");
    place.succeed(&["audit", "seal", "--data", "data"]);
    place.succeed(&["audit", "verify", "--data", "data"]);
}
