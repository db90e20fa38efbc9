//! What can be configured of HTTP.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use dinh_web::{HttpSettings, RateSettings};
use serde::{Deserialize, Serialize};

/// HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Http {
    /// Largest request body, in bytes.
    pub(crate) max_body: usize,
    /// Requests worked on at once; further ones are refused with 503.
    pub(crate) max_concurrent: usize,
    /// Browsers and programs that may follow live events at once.
    pub(crate) max_live: usize,
    /// Records of history in one answer of the temporal API; what is more is cut off in time, with status 206.
    pub(crate) max_records: NonZeroUsize,
    /// Seconds until an unfinished request is given up.
    pub(crate) timeout_seconds: u64,
    /// Seconds that the head of a request may take, and that a connection may rest between two requests.
    pub(crate) head_timeout_seconds: u64,
    /// Addresses or networks that may read `/metrics`, beside this machine and whoever shows the write key.
    pub(crate) metrics_from: Vec<String>,
    /// Address under which others reach this server: for links in notifications, and the origin of our own pages behind
    /// a proxy. By default the listening address.
    pub(crate) public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses or networks such as `10.0.0.0/8`. What comes through them
    /// is never taken for this machine's own.
    pub(crate) trusted_proxies: Vec<String>,
    /// What one caller may ask.
    pub(crate) rate: Rate,
    /// The certificate.
    pub(crate) tls: TlsFiles,
}

/// The certificate: with it the server is reached by TLS only. Both files, or neither; both are PEM, and are read again
/// when they change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TlsFiles {
    /// File of the certificate, with those that vouch for it behind.
    pub(crate) certificate: Option<PathBuf>,
    /// File of its private key.
    pub(crate) key: Option<PathBuf>,
    /// Instead of the files: order certificates from an authority.
    pub(crate) acme: AcmeOrder,
}

/// Certificates ordered by ACME (RFC 8555); off unless domains are named. Port 443 of every name must lead here, and the
/// directory's host must be in `outbound.allow`. Naming domains is the consent to the authority's terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AcmeOrder {
    /// Names under which browsers know this server.
    pub(crate) domains: Vec<String>,
    /// Whom the authority writes to: `mailto:…`.
    pub(crate) contact: Option<String>,
    /// The authority's directory.
    pub(crate) directory: String,
}

impl Default for AcmeOrder {
    fn default() -> Self {
        let directory = "https://acme-v02.api.letsencrypt.org/directory".to_owned();
        Self { domains: Vec::new(), contact: None, directory }
    }
}

impl TlsFiles {
    /// True if the server is reached by TLS only.
    pub(crate) fn is_on(&self) -> bool {
        self.certificate.is_some() || !self.acme.domains.is_empty()
    }
}

impl Default for Http {
    fn default() -> Self {
        let HttpSettings { max_body, max_concurrent, max_live, most_records, timeout, head_timeout, .. } =
            HttpSettings::default();
        Self {
            max_body,
            max_concurrent,
            max_live,
            max_records: NonZeroUsize::new(most_records).unwrap_or(NonZeroUsize::MIN),
            timeout_seconds: timeout.as_secs(),
            head_timeout_seconds: head_timeout.as_secs(),
            metrics_from: Vec::new(),
            public_url: None,
            trusted_proxies: Vec::new(),
            rate: Rate::default(),
            tls: TlsFiles::default(),
        }
    }
}

/// What one caller may ask: an account or key, else everybody of one network (/24, of IPv6 /48) together. Beyond, 429.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rate {
    /// Requests that read, a second.
    pub(crate) reads: NonZeroU32,
    /// Requests that read, at once after a pause.
    pub(crate) reads_burst: NonZeroU32,
    /// Requests that write, a second.
    pub(crate) writes: NonZeroU32,
    /// Requests that write, at once after a pause.
    pub(crate) writes_burst: NonZeroU32,
    /// Requests under way at once.
    pub(crate) concurrent: NonZeroU32,
    /// Streams of live events at once.
    pub(crate) live: NonZeroU32,
    /// Accounts and keys have so many times of all that.
    pub(crate) known_times: NonZeroU32,
    /// Callers remembered.
    pub(crate) callers: NonZeroU32,
    /// Bound this machine's own requests too.
    pub(crate) this_machine: bool,
}

impl Default for Rate {
    fn default() -> Self {
        let RateSettings { reads, writes, concurrent, live, known_times, callers, this_machine } =
            RateSettings::default();
        Self {
            reads: reads.per_second,
            reads_burst: reads.burst,
            writes: writes.per_second,
            writes_burst: writes.burst,
            concurrent,
            live,
            known_times,
            callers,
            this_machine,
        }
    }
}

impl Http {
    /// Seconds until an unfinished request is given up.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How addresses of this server begin.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls.is_on() { "https" } else { "http" }
    }
}
