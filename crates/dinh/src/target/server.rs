//! A running server.

use std::time::Duration;

use bytes::BytesMut;
use dinh_model::Tenant;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};

use super::{Answer, Ask, Trouble};
use crate::said::{OrSay as _, Words, said};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for a whole answer.
const WHOLE: Duration = Duration::from_mins(2);
/// Largest answer, in bytes: a page of the largest entities.
const MAX_ANSWER: usize = 512 << 20;

/// A client of one server.
pub(crate) struct Server {
    client: reqwest::Client,
    url: String,
    key: Option<HeaderValue>,
}

impl Server {
    /// The server at `url`, which may end in a slash.
    pub(crate) fn at(url: &str, key: Option<String>) -> anyhow::Result<Self> {
        let parsed =
            url::Url::parse(url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        let Some(parsed) = parsed else {
            return Err(said(
                format!("{url:?} không phải là địa chỉ của máy chủ; hãy viết như http://127.0.0.1:8420"),
                format!("{url:?} is not the address of a server; write it like http://127.0.0.1:8420"),
            ));
        };
        let mut client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("dinh/", env!("CARGO_PKG_VERSION")));
        if is_here(&parsed) {
            client = client.no_proxy();
        }
        let key = key.map(|key| bearer(&key)).transpose()?;
        Ok(Self { client: client.build()?, url: url.trim_end_matches('/').to_owned(), key })
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Asks in a tenant.
    pub(crate) async fn send(&self, ask: &Ask, tenant: &Tenant) -> Result<Answer, Trouble> {
        let mut request = self.client.request(ask.method.clone(), format!("{}{}", self.url, ask.path));
        request = request.header(ACCEPT, ask.accept);
        if !tenant.is_default() {
            request = request.header("NGSILD-Tenant", tenant.as_str());
        }
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key);
        }
        if let Some(key) = &ask.idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some((media, body)) = &ask.body {
            request = request.header(CONTENT_TYPE, *media).body(body.clone());
        }
        let mut response = request.send().await.map_err(|error| self.away(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.away(&error))? {
            if body.len() + part.len() > MAX_ANSWER {
                return Err(Trouble::TooLarge(MAX_ANSWER));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, headers, body: body.freeze() })
    }

    fn away(&self, error: &reqwest::Error) -> Trouble {
        let url = &self.url;
        let longest = WHOLE.as_secs();
        Trouble::Away(if error.is_connect() {
            Words::new(
                format!("không có ai trả lời ở {url}; máy chủ có đang chạy không, địa chỉ có đúng không?"),
                format!("nobody answers at {url}; is the server running, and is the address right?"),
            )
        } else if error.is_timeout() {
            Words::new(
                format!("máy chủ ở {url} không trả lời trong {longest} giây"),
                format!("the server at {url} took longer than {longest} s to answer"),
            )
        } else {
            Words::new(
                format!("kết nối tới {url} bị đứt: {error}"),
                format!("the connection to {url} broke off: {error}"),
            )
        })
    }
}

/// True for an address of this machine: no proxy leads there.
fn is_here(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn bearer(key: &str) -> anyhow::Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).or_say(|| {
        Words::new(
            "khoá ghi có ký tự không gửi được trong tiêu đề HTTP; khoá phải là một dòng",
            "the write key holds characters that no header can carry; it must be one line",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
