//! Running the binary in a folder of its own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder to work in, removed at the end.
pub(crate) struct Place(TempDir);

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("writes");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("reads")
    }

    /// The command with a clean slate, in this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dinh"));
        for (name, _value) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("DINH_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(self.0.path()).env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        told(self.command(arguments).output().expect("runs"))
    }

    /// Runs to the end with `input` on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Told {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        child.stdin.take().expect("input").write_all(input.as_bytes()).expect("writes");
        told(child.wait_with_output().expect("ends"))
    }

    /// Runs to the end, and has to succeed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let told = self.run(arguments);
        assert_eq!(told.status, 0, "{arguments:?}: {told:?}");
        told.out
    }

    /// How many entities the folder `data` holds.
    pub(crate) fn count(&self) -> String {
        self.succeed(&["query", "--data", "data", "--count"]).trim().to_owned()
    }
}

fn told(output: Output) -> Told {
    Told {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A river gauge.
pub(crate) fn gauge(name: &str, level: f64) -> Value {
    json!({
        "id": format!("urn:ngsi-ld:RiverGauge:{name}"),
        "type": "RiverGauge",
        "name": {"type": "Property", "value": format!("Trạm {name}")},
        "waterLevel": {"type": "Property", "value": level, "unitCode": "MTR", "observedAt": "2026-10-01T00:00:00Z"},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107.58, 16.46]}},
    })
}

/// `count` gauges, one a line.
pub(crate) fn gauges(count: usize) -> String {
    lines((0..count).map(|i| gauge(&format!("g{i}"), 1.5)))
}

/// One document a line.
pub(crate) fn lines(documents: impl Iterator<Item = Value>) -> String {
    documents.fold(String::new(), |text, document| text + &document.to_string() + "\n")
}

/// True if the file is there.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}
