//! The way out for feeds: the door's, with its allow-list.

use std::collections::BTreeMap;

use dinh_context::outbound::Outbound;
use dinh_feeds::fetch::{Answer, Fetch, Request};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use url::Url;

/// Fetches through the door.
pub(crate) struct OutboundFetch(Outbound);

impl OutboundFetch {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }

    async fn fetch(&self, request: Request) -> Result<Answer, String> {
        let Request { url, headers, timeout, most_bytes } = request;
        let mut call =
            self.0.request(reqwest::Method::GET, url.as_str()).map_err(|e| e.to_string())?.timeout(timeout);
        for (name, value) in &headers {
            call = call.header(name, value);
        }
        let most = usize::try_from(most_bytes).unwrap_or(usize::MAX);
        let answer = self.0.send(call, most).await.map_err(|e| e.to_string())?;
        let headers = answer.headers.iter();
        let headers: BTreeMap<String, String> = headers
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(Answer { status: answer.status, headers, body: answer.body })
    }
}

impl Fetch for OutboundFetch {
    fn allows(&self, url: &Url) -> Result<(), String> {
        self.0.check(url.as_str()).map(drop).map_err(|error| error.to_string())
    }

    fn get(&self, request: Request) -> BoxFuture<'_, Result<Answer, String>> {
        self.fetch(request).boxed()
    }
}
