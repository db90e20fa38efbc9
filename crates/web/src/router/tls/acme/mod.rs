//! Certificates from an authority that asks no person (ACME, RFC 8555): ordered, proved by TLS-ALPN-01 (RFC 8737) on the
//! very port that is served, written into two files, and renewed when two thirds of their time are over.
//!
//! Off unless the configuration names domains. All calls go by the one way out, so the authority's host must be allowed.

mod dates;
mod order;
mod way;

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dinh_context::Context;
use dinh_context::outbound::Outbound;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio_util::sync::CancellationToken;

use super::{Tls, TlsError};
use dates::Dates;

/// Most names in one certificate.
const MOST_DOMAINS: usize = 20;
/// How often it is asked whether the certificate is due.
const LOOK: Duration = Duration::from_hours(1);
/// How long to wait after an order that failed, and no longer than the second: authorities count failures.
const AFTER_FAILURE: [Duration; 2] = [Duration::from_mins(15), Duration::from_hours(12)];

/// What to order, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// Names under which browsers know this server.
    pub domains: Vec<String>,
    /// Whom the authority writes to: `mailto:…`.
    pub contact: Option<String>,
    /// The authority's directory.
    pub directory: String,
    /// Where account, certificate and key are kept.
    pub folder: PathBuf,
}

impl Acme {
    /// The certificate that there is, or one that vouches for nothing until the first order is through.
    pub fn tls(self) -> Result<Tls, TlsError> {
        let sound = |name: &String| {
            !name.is_empty()
                && name.len() <= 253
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        };
        if self.domains.is_empty() || self.domains.len() > MOST_DOMAINS || !self.domains.iter().all(sound) {
            let rule = format!("http.tls.acme.domains: 1 to {MOST_DOMAINS} names such as dinh.hue.gov.vn");
            return Err(TlsError::Unusable(rule));
        }
        let (certificate, key) = (self.certificate(), self.key());
        if !certificate.exists() || !key.exists() {
            std::fs::create_dir_all(&self.folder).map_err(|error| unwritable(&self.folder, &error))?;
            let (chain, secret) = order::passing(&self.domains)?;
            self.keep_pair(&chain, &secret)?;
        }
        Tls::with_acme(&certificate, &key, self)
    }

    fn certificate(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.join("certificate-key.pem")
    }

    fn account(&self) -> PathBuf {
        self.folder.join("account.json")
    }

    /// Writes a new pair. The files are watched: what is shown changes within seconds, once both are there.
    fn keep_pair(&self, chain: &str, secret: &str) -> Result<(), TlsError> {
        write(&self.key(), secret)?;
        write(&self.certificate(), chain)
    }

    /// True if the certificate has less than a third of its time left, or cannot be read.
    fn is_due(&self, now: dinh_model::Timestamp) -> bool {
        let leaf = CertificateDer::from_pem_file(self.certificate()).ok();
        leaf.and_then(|leaf| Dates::of(&leaf)).is_none_or(|dates| dates.are_nearly_over(now))
    }

    /// Orders what is due, until `stop`.
    pub(in crate::router) async fn keep(
        self: Arc<Self>,
        tls: Tls,
        context: Context,
        stop: CancellationToken,
    ) {
        let mut failures = 0;
        loop {
            let mut wait = LOOK;
            if self.is_due(context.clock().now()) {
                match self.renew(&tls, context.outbound()).await {
                    Ok(()) => failures = 0,
                    Err(error) => {
                        let [first, longest] = AFTER_FAILURE;
                        wait = first.saturating_mul(1 << failures.min(8)).min(longest);
                        failures += 1;
                        let minutes = wait.as_secs() / 60;
                        tracing::error!(%error, again_in_minutes = minutes, "no certificate could be ordered");
                    }
                }
            }
            if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                return;
            }
        }
    }

    async fn renew(&self, tls: &Tls, outbound: &Outbound) -> Result<(), order::Failed> {
        let account = order::account(self, outbound).await?;
        let (chain, secret) = order::certificate(self, &account, tls).await?;
        self.keep_pair(&chain, &secret)?;
        tracing::info!(domains = self.domains.join(" "), "a certificate was ordered");
        Ok(())
    }
}

/// Writes a file that nobody else may read, as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), TlsError> {
    let unfinished = path.with_extension("unfinished");
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, path));
    written.map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> TlsError {
    TlsError::Unusable(format!("cannot write {}: {error}", path.display()))
}
