//! Bounds of HTTP, and whom it believes.

use std::num::NonZeroU32;
use std::time::Duration;

use dinh_uploads::Scanner;
use ipnet::IpNet;

/// Bounds of HTTP, and whom it believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Requests worked on at once; further ones are refused with 503.
    pub max_concurrent: usize,
    /// Browsers and programs that may follow live events at once.
    pub max_live: usize,
    /// Most records of history in one answer of the temporal API: what is more is cut off in time.
    pub most_records: usize,
    /// How long a request may take until its answer begins.
    pub timeout: Duration,
    /// How long the head of a request may take, and how long a connection may rest between two requests.
    pub head_timeout: Duration,
    /// Networks that may read `/metrics`, beside this machine and whoever shows the write key.
    pub metrics_from: Vec<IpNet>,
    /// Everybody comes by TLS.
    pub secure: bool,
    /// The address that browsers show, if a proxy stands before this server.
    pub public_url: Option<String>,
    /// Proxies that are believed when they say for whom they ask.
    pub trusted_proxies: Vec<IpNet>,
    /// What one caller may ask.
    pub rate: RateSettings,
    /// What looks at uploads besides us; none if nothing does.
    pub scanner: Option<Scanner>,
}

impl HttpSettings {
    /// Whether browsers come by HTTPS: to this server, or to the proxy that stands before it.
    pub(crate) fn for_https(&self) -> bool {
        self.secure || self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Most of the time that an answer may take: by then nothing more is begun, so that what was done is still told.
pub(crate) fn most_of(timeout: Duration) -> jiff::SignedDuration {
    jiff::SignedDuration::try_from(timeout.mul_f64(0.7)).unwrap_or(jiff::SignedDuration::MAX)
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            max_body: 16 << 20,
            max_concurrent: 1024,
            max_live: 4096,
            most_records: 10_000,
            timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(20),
            metrics_from: Vec::new(),
            secure: false,
            public_url: None,
            trusted_proxies: Vec::new(),
            rate: RateSettings::default(),
            scanner: None,
        }
    }
}

/// What one caller may ask: somebody known, or else everybody of one network (/24, of IPv6 /48) together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateSettings {
    /// Requests that read.
    pub reads: Budget,
    /// Requests that write, and attempts to be let in.
    pub writes: Budget,
    /// Requests of one caller that are worked on at once.
    pub concurrent: NonZeroU32,
    /// Streams of live events that one caller may follow at once.
    pub live: NonZeroU32,
    /// Somebody known has so many times of all that.
    pub known_times: NonZeroU32,
    /// Callers remembered; beyond, who has not asked for longest is forgotten.
    pub callers: NonZeroU32,
    /// Bound this machine's own requests too.
    pub this_machine: bool,
}

/// So many requests a second for as long as one likes, and so many at once after a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Requests a second.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

impl Budget {
    const fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { per_second, burst }
    }

    /// So many times as much.
    pub(crate) const fn times(self, factor: NonZeroU32) -> Self {
        Self::new(self.per_second.saturating_mul(factor), self.burst.saturating_mul(factor))
    }
}

/// A number that is not zero: one if it is.
const fn number(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for RateSettings {
    /// Generous: a whole office looks at the map from behind one address.
    fn default() -> Self {
        Self {
            reads: Budget::new(number(200), number(4000)),
            writes: Budget::new(number(20), number(500)),
            concurrent: number(64),
            live: number(64),
            known_times: number(10),
            callers: number(16_384),
            this_machine: false,
        }
    }
}
