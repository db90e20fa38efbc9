//! Calls to other machines: only to hosts on the allow-list, always with limits.

use std::time::Duration;

use url::Url;

/// Time to connect.
const CONNECT: Duration = Duration::from_secs(5);
/// Time for a whole call, unless the caller asks for less.
const WHOLE: Duration = Duration::from_secs(10);

/// Why a call was not made or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a URL of a scheme we speak.
    #[error("{0:?} is not an http or https URL")]
    NotAUrl(String),
    /// The host is not on the allow-list.
    #[error("the host {0} is not on the allow-list for outbound calls (outbound.allow in the configuration)")]
    NotAllowed(String),
    /// The call failed.
    #[error("{0}")]
    Failed(String),
    /// The answer is larger than the caller takes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer is an error.
    #[error("the other side answered with status {0}")]
    Status(u16),
}

/// The hosts that may be called: `host`, `host:port`, `*.domain` or `*` for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowList(Vec<String>);

impl Default for AllowList {
    /// This machine only.
    fn default() -> Self {
        Self::new(["localhost", "127.0.0.1", "[::1]"])
    }
}

impl AllowList {
    /// A list of patterns.
    pub fn new<S: Into<String>>(patterns: impl IntoIterator<Item = S>) -> Self {
        Self(patterns.into_iter().map(|p| p.into().to_ascii_lowercase()).collect())
    }

    /// Refuses URLs whose host is not on the list.
    pub fn check(&self, url: &Url) -> Result<(), Error> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let with_port = url.port_or_known_default().map(|port| format!("{host}:{port}")).unwrap_or_default();
        let allowed = self.0.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(domain) => host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
            None => pattern == "*" || *pattern == host || *pattern == with_port,
        });
        if allowed { Ok(()) } else { Err(Error::NotAllowed(host)) }
    }
}

/// The one way out.
#[derive(Clone, Debug)]
pub struct Outbound {
    allow: AllowList,
    client: reqwest::Client,
}

impl Outbound {
    /// A client that calls only hosts on `allow` and follows no redirects.
    pub fn new(allow: AllowList) -> Result<Self, Error> {
        // Fails only if a provider has been chosen already, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("dinh/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(4)
            // Receivers that compare names of headers letter by letter expect them as people write them.
            .http1_title_case_headers()
            .build()
            .map_err(|e| Error::Failed(e.to_string()))?;
        Ok(Self { allow, client })
    }

    /// Parses and checks a URL.
    pub fn check(&self, url: &str) -> Result<Url, Error> {
        let url = Url::parse(url).map_err(|_reason| Error::NotAUrl(url.to_owned()))?;
        self.allow.check(&url)?;
        Ok(url)
    }

    /// A request to an allowed host, for the caller to complete and [`Outbound::send`].
    pub fn request(&self, method: reqwest::Method, url: &str) -> Result<reqwest::RequestBuilder, Error> {
        let url = self.check(url)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::NotAUrl(url.to_string()));
        }
        Ok(self.client.request(method, url))
    }

    /// Sends a request and reads at most `most` bytes of the answer's body.
    pub async fn send(&self, request: reqwest::RequestBuilder, most: usize) -> Result<Answer, Error> {
        let mut response = request.send().await.map_err(|e| Error::Failed(whole(&e)))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|e| Error::Failed(whole(&e)))? {
            if body.len() + part.len() > most {
                return Err(Error::TooLarge(most));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, headers, body })
    }
}

/// What the other side answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: reqwest::header::HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// An error with its causes, without the URL: it may hold a secret.
fn whole(error: &reqwest::Error) -> String {
    let mut text =
        if error.is_timeout() { "timed out".to_owned() } else { "cannot reach the host".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_on_the_list_are_called() {
        let list = AllowList::new(["localhost", "10.0.0.7:8080", "*.hue.gov.vn"]);
        let check = |url: &str| list.check(&Url::parse(url).unwrap()).is_ok();
        for good in [
            "http://localhost:9/x",
            "http://10.0.0.7:8080/",
            "https://data.hue.gov.vn/a",
            "http://LOCALHOST/",
        ] {
            assert!(check(good), "{good}");
        }
        for bad in [
            "http://localhost.evil.vn/",
            "http://10.0.0.7/",
            "https://hue.gov.vn/",
            "https://xhue.gov.vn/",
            "http://a@evil/",
        ] {
            assert!(!check(bad), "{bad}");
        }
        assert!(AllowList::new(["*"]).check(&Url::parse("http://x/").unwrap()).is_ok());
    }
}
