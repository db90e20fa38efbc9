//! Finding and running the program.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

/// Longest run of a command that is expected to end.
const LONGEST: Duration = Duration::from_mins(5);

/// Packs with one province and no feeds: what every test runs with that brings none of its own. The shipped ones would
/// play a whole country behind every question.
const PLAIN_PACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packs");

/// How many rounds a repeated test makes: `DINH_CRASH_ROUNDS`, else `normally`.
pub fn rounds(normally: usize) -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tests are configured by environment, like every test runner"
    )]
    let asked = std::env::var("DINH_CRASH_ROUNDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(normally)
}

/// `dinh` with a clean slate: what configures the tests, or this machine's own Đình, must not configure the server.
pub(crate) fn command() -> Result<Command> {
    let mut command = Command::new(dinh()?);
    for (name, _value) in std::env::vars_os() {
        if name.to_str().is_some_and(|n| n.starts_with("DINH_")) {
            command.env_remove(name);
        }
    }
    command.env("DINH_PACKS", PLAIN_PACKS).env("NO_COLOR", "1").stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

/// The binary under test: `DINH_BIN`, else the one cargo built beside this test.
pub fn dinh() -> Result<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tests are configured by environment, like every test runner"
    )]
    let named = std::env::var("DINH_BIN").ok();
    let path = match named {
        Some(path) => PathBuf::from(path),
        None => beside_this_program()?,
    };
    ensure!(path.is_file(), "{} is not there; build it with: cargo build -p dinh", path.display());
    Ok(path)
}

/// `target/<profile>/dinh`, seen from `target/<profile>/deps/blackbox-…` or `target/<profile>/dinh-bench`.
fn beside_this_program() -> Result<PathBuf> {
    let me = std::env::current_exe().context("where this program is")?;
    let folder = me.parent().context("this program lies in a folder")?;
    let profile = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(profile.join("dinh"))
}

/// What a finished command left behind.
#[derive(Debug)]
pub struct Output {
    /// Its exit status, absent when a signal ended it.
    pub status: Option<i32>,
    /// What it wrote.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

impl Output {
    /// The output of a command that had to succeed.
    pub fn succeeded(self) -> Result<Self> {
        ensure!(self.status == Some(0), "status {:?}\n{}\n{}", self.status, self.out, self.err);
        Ok(self)
    }

    /// The output of a command that had to refuse.
    pub fn refused(self) -> Result<Self> {
        ensure!(self.status.is_some_and(|s| s != 0), "should have refused: {:?}\n{}", self.status, self.out);
        Ok(self)
    }
}

/// Runs `dinh` with `arguments` in `folder` to its end, without a terminal.
pub async fn run<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Result<Output> {
    let child = command()?
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let output =
        tokio::time::timeout(LONGEST, child.wait_with_output()).await.context("dinh did not end")??;
    Ok(Output {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).context("output is UTF-8")?,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
