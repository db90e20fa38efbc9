//! ClamAV, asked by its own protocol (clamd(8), INSTREAM).

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

use crate::{Checked, Refused};

/// Bytes sent at once.
const CHUNK: usize = 64 << 10;
/// Most bytes of an answer.
const ANSWER: u64 = 4 << 10;

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerAddress {
    /// `tcp:127.0.0.1:3310`.
    Tcp(String),
    /// `unix:/run/clamav/clamd.ctl`.
    Unix(PathBuf),
}

impl ScannerAddress {
    /// Reads `tcp:HOST:PORT` or `unix:/PATH`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let host = text.strip_prefix("tcp:")?;
        let port = host
            .rsplit_once(':')
            .and_then(|(name, port)| port.parse::<u16>().ok().filter(|_| !name.is_empty()));
        port.map(|_| Self::Tcp(host.to_owned()))
    }
}

/// A ClamAV that looks at what has been checked, before it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    address: ScannerAddress,
    patience: Duration,
}

impl Scanner {
    /// One that is given up after `patience`.
    pub fn new(address: ScannerAddress, patience: Duration) -> Self {
        Self { address, patience }
    }

    /// Lets an upload pass that nothing is found in.
    ///
    /// # Errors
    /// [`Refused::Infected`] with the name of what was found; [`Refused::Unscanned`] if the scanner does not answer in
    /// time or does not say that the file is clean: what could not be scanned is not let through.
    pub async fn scan(&self, upload: &Checked) -> Result<(), Refused> {
        let answer = tokio::time::timeout(self.patience, self.ask(upload.bytes())).await;
        let answer = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::error!(%error, "the scanner for uploads does not answer; nothing is let through");
                return Err(Refused::Unscanned);
            }
            Err(_elapsed) => {
                tracing::error!(seconds = self.patience.as_secs(), "the scanner for uploads takes too long");
                return Err(Refused::Unscanned);
            }
        };
        let said = answer.trim_end_matches(['\0', '\n', '\r', ' ']);
        match said.strip_prefix("stream: ") {
            Some("OK") => Ok(()),
            Some(other) if other.ends_with(" FOUND") => {
                let name = other.trim_end_matches(" FOUND").chars().filter(|c| !c.is_control()).take(120);
                Err(Refused::Infected(name.collect()))
            }
            _ => {
                tracing::error!(
                    said = said.escape_debug().to_string(),
                    "the scanner for uploads says something strange"
                );
                Err(Refused::Unscanned)
            }
        }
    }

    async fn ask(&self, bytes: &[u8]) -> std::io::Result<String> {
        match &self.address {
            ScannerAddress::Tcp(host) => speak(TcpStream::connect(host).await?, bytes).await,
            ScannerAddress::Unix(path) => speak(UnixStream::connect(path).await?, bytes).await,
        }
    }
}

async fn speak(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> std::io::Result<String> {
    stream.write_all(b"zINSTREAM\0").await?;
    for chunk in bytes.chunks(CHUNK) {
        let length = u32::try_from(chunk.len()).map_err(std::io::Error::other)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(chunk).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await?;
    stream.flush().await?;
    let mut answer = String::new();
    stream.take(ANSWER).read_to_string(&mut answer).await?;
    Ok(answer)
}
