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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use dinh_context::outbound::AllowList;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server of this machine that gives one answer to everybody; its port, and how many have called.
    async fn server(answer: String) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut asked = [0; 4096];
                // The beginning of a request is enough to answer: whoever asks waits for nothing else.
                let begun = stream.read(&mut asked).await.unwrap_or_default();
                if begun > 0 {
                    stream.write_all(answer.as_bytes()).await.ok();
                }
            }
        });
        (port, calls)
    }

    async fn get(allowed: &[&str], url: &str) -> Result<Answer, String> {
        let outbound = Outbound::new(AllowList::new(allowed.iter().copied())).expect("a client");
        let url = Url::parse(url).expect("a URL");
        let timeout = Duration::from_secs(5);
        OutboundFetch(outbound)
            .get(Request { url, headers: BTreeMap::new(), timeout, most_bytes: 1 << 10 })
            .await
    }

    const GOOD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

    #[tokio::test]
    async fn a_redirect_is_not_followed_even_where_its_host_is_allowed() {
        let (inner, calls) = server(GOOD.to_owned()).await;
        for status in [301, 302, 303, 307, 308] {
            let elsewhere = format!(
                "HTTP/1.1 {status} Elsewhere\r\nlocation: http://127.0.0.1:{inner}/secret\r\n\
                 content-length: 0\r\nconnection: close\r\n\r\n"
            );
            let (port, called) = server(elsewhere).await;
            let answer =
                get(&["127.0.0.1"], &format!("http://127.0.0.1:{port}/feed")).await.expect("answers");
            assert_eq!((answer.status, answer.body.as_slice()), (status, &b""[..]));
            assert_eq!(called.load(Ordering::SeqCst), 1);
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0, "nobody went where the answer pointed");
        let answer = get(&["127.0.0.1"], &format!("http://127.0.0.1:{inner}/")).await.expect("answers");
        assert_eq!(answer.status, 200, "though it could have been reached");
    }

    #[tokio::test]
    async fn what_is_called_is_decided_by_the_name_and_not_by_where_it_leads() {
        let (port, calls) = server(GOOD.to_owned()).await;
        let url = format!("http://localhost:{port}/");
        for allowed in [&["receiver.example"][..], &["127.0.0.1"], &["*.localhost"], &[]] {
            let refused = get(allowed, &url).await.expect_err("is refused");
            assert!(refused.contains("localhost is not on the allow-list"), "{allowed:?}: {refused}");
        }
        assert_eq!(calls.load(Ordering::SeqCst), 0, "nothing was sent");
        assert_eq!(get(&["localhost"], &url).await.expect("is called").status, 200);
        assert_eq!(get(&[&format!("localhost:{port}")], &url).await.expect("is called").status, 200);
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}
