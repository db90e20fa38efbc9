//! A real mail server: aiosmtpd of Python, with what it has taken, read by Python's own parser of mail.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::{PATIENCE, until};

/// The program, for Debian's Python.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/mail/server.py");

/// A mail server on a free port of this machine, ended when dropped.
#[derive(Debug)]
pub struct MailServer {
    child: Child,
    port: u16,
    options: Vec<String>,
    letters: Letters,
}

/// What a mail server has taken, one JSON object each: `sender`, `to`, `headers` by their names in small letters, `text`,
/// `ascii`, `tls`, `user`.
type Letters = Arc<Mutex<Vec<Value>>>;

impl MailServer {
    /// One that takes letters from anybody, unencrypted.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// One that wants STARTTLS, a name and a password.
    pub async fn start_careful(
        certificate: &Path,
        key: &Path,
        (user, password): (&str, &str),
    ) -> Result<Self> {
        let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
        let options = ["--certificate", &certificate, "--key", &key, "--user", user, "--password", password];
        Self::start_with(&options).await
    }

    async fn start_with(options: &[&str]) -> Result<Self> {
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let letters = Letters::default();
        let (child, port) = spawn(&options, &letters).await?;
        Ok(Self { child, port, options, letters })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has taken so far.
    pub fn letters(&self) -> Vec<Value> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until what it has taken satisfies `enough`, and returns it.
    pub async fn wait_for(
        &self,
        what: &str,
        limit: Duration,
        enough: impl Fn(&[Value]) -> bool,
    ) -> Result<Vec<Value>> {
        until(what, limit, || async {
            let letters = self.letters();
            Ok(enough(&letters).then_some(letters))
        })
        .await
    }

    /// Ends it, as a power cut would.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing the mail server")
    }

    /// Starts it again on the same port.
    pub async fn start_again(&mut self) -> Result<()> {
        let mut options = self.options.clone();
        options.extend(["--port".to_owned(), self.port.to_string()]);
        (self.child, self.port) = spawn(&options, &self.letters).await?;
        Ok(())
    }
}

/// Starts the program; its first line is its port. Fails loudly when aiosmtpd is not installed: mail is part of what has
/// to work.
async fn spawn(options: &[String], letters: &Letters) -> Result<(Child, u16)> {
    let mut child = Command::new("/usr/bin/python3")
        // What the library warns of about itself is no matter of ours.
        .args(["-W", "ignore", PROGRAM])
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("Python is not installed, so mail cannot be tested; run: make setup")?;
    let mut lines = BufReader::new(child.stdout.take().context("standard output")?).lines();
    let first =
        tokio::time::timeout(PATIENCE, lines.next_line()).await.context("the mail server is silent")?;
    let first =
        first?.context("python3-aiosmtpd is not installed, so mail cannot be tested; run: make setup")?;
    let port = first.parse().with_context(|| format!("the mail server says {first:?}"))?;
    let letters = Arc::clone(letters);
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            let letter = serde_json::from_str(&line).unwrap_or(Value::String(line));
            letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        }
    });
    Ok((child, port))
}
