//! The running program.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::{Api, binary};

/// Longest start. An unoptimised binary loading a whole province on a busy machine takes its time.
const START: Duration = Duration::from_mins(3);
/// Longest graceful stop.
const STOP: Duration = Duration::from_mins(1);

/// `dinh serve` (or `demo`) on a free port, ended when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    command: Vec<OsString>,
    url: String,
    data: PathBuf,
    log: PathBuf,
    said: Said,
    started_in: Duration,
    own: Option<TempDir>,
}

/// What the program has printed after the line with its address.
type Said = Arc<Mutex<String>>;

/// How a graceful stop went.
#[derive(Debug)]
pub struct Stopped {
    /// Exit status, absent when a signal ended it.
    pub status: Option<i32>,
    /// How long it took.
    pub took: Duration,
}

impl Server {
    /// `dinh serve` in a fresh folder that lives as long as the server.
    pub async fn start() -> Result<Self> {
        Self::start_with::<&str>(&[]).await
    }

    /// `dinh serve` in a fresh folder, with more arguments.
    pub async fn start_with<A: AsRef<std::ffi::OsStr>>(arguments: &[A]) -> Result<Self> {
        let own = tempfile::Builder::new().prefix("dinh-e2e-").tempdir()?;
        let mut server = Self::start_in(&own.path().join("data"), arguments).await?;
        server.own = Some(own);
        Ok(server)
    }

    /// `dinh serve` in a folder that the test owns.
    pub async fn start_in<A: AsRef<std::ffi::OsStr>>(data: &Path, arguments: &[A]) -> Result<Self> {
        Self::launch("serve", data, arguments).await
    }

    /// `dinh demo` in a folder that the test owns.
    pub async fn demo_in(data: &Path) -> Result<Self> {
        Self::launch::<&str>("demo", data, &[]).await
    }

    async fn launch<A: AsRef<std::ffi::OsStr>>(verb: &str, data: &Path, arguments: &[A]) -> Result<Self> {
        let mut command: Vec<OsString> = vec![verb.into(), "--data".into(), data.into()];
        command.extend(["--listen".into(), "127.0.0.1:0".into()]);
        command.extend(arguments.iter().map(|a| a.as_ref().to_owned()));
        let log = data.with_extension("log");
        let said = Said::default();
        let (child, url, started_in) = spawn(&command, &log, &said).await?;
        Ok(Self { child, command, url, data: data.to_owned(), log, said, started_in, own: None })
    }

    /// Starts again on the same data after [`Server::kill`] or [`Server::stop`].
    pub async fn start_again(&mut self) -> Result<()> {
        let (child, url, started_in) = spawn(&self.command, &self.log, &self.said).await?;
        self.child = child;
        self.url = url;
        self.started_in = started_in;
        Ok(())
    }

    /// `kill -9`: no chance to say goodbye.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing the server")
    }

    /// Asks it to end, as a service manager does, and waits.
    pub async fn stop(&mut self) -> Result<Stopped> {
        let begun = Instant::now();
        self.signal("TERM").await?;
        let status = tokio::time::timeout(STOP, self.child.wait())
            .await
            .with_context(|| format!("the server did not stop within {} s", STOP.as_secs()))??;
        Ok(Stopped { status: status.code(), took: begun.elapsed() })
    }

    /// Sends a signal by name.
    pub async fn signal(&self, name: &str) -> Result<()> {
        let pid = self.pid()?.to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().await?;
        if sent.success() { Ok(()) } else { bail!("cannot send SIG{name} to {pid}") }
    }

    /// Its process id.
    pub fn pid(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("VmRSS")?;
        line.trim().trim_end_matches("kB").trim().parse().context("VmRSS is a number")
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it keeps its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What it has printed so far, after the line with its address.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From the start of the process to the line with the address.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// A client of the tenant without a name.
    pub fn api(&self) -> Result<Api> {
        Api::new(&self.url, None)
    }

    /// A client of a tenant.
    pub fn tenant(&self, name: &str) -> Result<Api> {
        Api::new(&self.url, Some(name))
    }
}

/// Starts the program and waits for the first line, `Đình: http://127.0.0.1:PORT/`.
async fn spawn(command: &[OsString], log: &Path, said: &Said) -> Result<(Child, String, Duration)> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let errors = File::options().create(true).append(true).open(log)?;
    let begun = Instant::now();
    let mut command_line = binary::command()?;
    if command.first().is_some_and(|verb| verb == "demo") {
        command_line.env_remove("DINH_PACKS");
    }
    let mut child = command_line
        .args(command)
        .current_dir(log.parent().unwrap_or(Path::new(".")))
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .context("starting dinh")?;
    let out = child.stdout.take().context("standard output")?;
    let mut lines = BufReader::new(out).lines();
    let told = || std::fs::read_to_string(log).unwrap_or_default();
    let first = match tokio::time::timeout(START, lines.next_line()).await {
        Err(_elapsed) => bail!("no address within {} s\n{}", START.as_secs(), told()),
        Ok(line) => line?.with_context(|| format!("dinh ended before it printed its address\n{}", told()))?,
    };
    let took = begun.elapsed();
    let url = first.strip_prefix("Đình: ").with_context(|| format!("the first line is {first:?}"))?;
    let url = url.trim().trim_end_matches('/').to_owned();
    // Keep reading, so that the program never blocks on a full pipe.
    let said = Arc::clone(said);
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&line);
            said.push('\n');
        }
    });
    Ok((child, url, took))
}
