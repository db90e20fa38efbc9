//! Calls to other machines. The door of the house decides which hosts may be called.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::BoxFuture;
use url::Url;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// Request headers. Values may be secrets: they are never logged.
    pub headers: BTreeMap<String, String>,
    /// Longest wait for the whole answer.
    pub timeout: Duration,
    /// Most bytes of the answer's body.
    pub most_bytes: u64,
}

/// What was answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Response headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Makes calls to hosts that the configuration allows, and to no others.
pub trait Fetch: Send + Sync {
    /// Refuses an address whose host is not allowed; the reason in English.
    fn allows(&self, url: &Url) -> Result<(), String>;

    /// Fetches an address; the reason of a failure in English, without secrets.
    fn get(&self, request: Request) -> BoxFuture<'_, Result<Answer, String>>;
}
