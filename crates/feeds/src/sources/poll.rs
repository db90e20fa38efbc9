//! Kind `http-poll`: an address fetched again and again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Site;
use super::site::both;
use crate::Words;
use crate::definition::{Format, PollSource};
use crate::fetch::{Answer, Request};
use crate::formats::{self, Broken, FormatError, Item};
use crate::mapping::Position;
use crate::runner::Outlet;
use crate::text::{excerpt, hex_digest};

/// Records handed over at once.
const PORTION: usize = 500;
/// Longest wait that a server may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// What is remembered of the last answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Last {
    etag: Option<String>,
    modified: Option<String>,
    hash: String,
}

/// Fetches until the feed stops.
pub(super) async fn run(site: &Site, source: &PollSource, outlet: &Outlet) -> Result<(), Words> {
    let poll = Poll::new(site, &source.url, &source.headers_from, source.timeout.duration())?;
    let remembered = site.recall("poll").await?;
    let mut last: Last = remembered.and_then(|body| serde_json::from_value(body).ok()).unwrap_or_default();
    loop {
        let mut headers = poll.headers.clone();
        headers.extend(last.etag.clone().map(|tag| ("if-none-match".to_owned(), tag)));
        headers.extend(last.modified.clone().map(|at| ("if-modified-since".to_owned(), at)));
        let answer = poll.get(site, headers, source.format.most_bytes()).await?;
        if let Some(answer) = answer {
            let now = Last {
                etag: answer.headers.get("etag").cloned(),
                modified: answer.headers.get("last-modified").cloned(),
                hash: hex_digest(&[&answer.body]),
            };
            if now.hash != last.hash {
                take(site, source, outlet, answer, &now).await?;
                last = now;
            }
        }
        site.health.reached();
        if !site.wait(source.every.duration()).await {
            return Ok(());
        }
    }
}

/// Cuts an answer into records and hands them over; what is remembered goes with the last portion.
async fn take(
    site: &Site,
    source: &PollSource,
    outlet: &Outlet,
    answer: Answer,
    now: &Last,
) -> Result<(), Words> {
    let media_type = answer.headers.get("content-type").cloned().unwrap_or_default();
    let format = source.format.format.or_else(|| Format::of_media_type(&media_type));
    let format = format.or_else(|| Format::of_name(source.url.split('?').next().unwrap_or_default()));
    let format = format.unwrap_or(Format::Json);
    let how = source.format.clone();
    let place: std::sync::Arc<str> = "poll".into();
    let read = tokio::task::spawn_blocking(move || {
        let sample = String::from_utf8_lossy(answer.body.get(..2048).unwrap_or(&answer.body)).into_owned();
        match formats::records(answer.body, &place, format, &how) {
            Ok(items) => items.collect::<Vec<Item>>(),
            Err(FormatError(reason)) => {
                vec![Err(Box::new(Broken::new(Position::place(place), reason, &excerpt(&sample, 2048))))]
            }
        }
    });
    let items =
        read.await.map_err(|reason| both("lỗi khi đọc dữ liệu", "the answer could not be read", &reason))?;
    let mut items = items.into_iter().peekable();
    loop {
        let portion: Vec<Item> = items.by_ref().take(PORTION).collect();
        let last = items.peek().is_none();
        let then = if last {
            vec![site.remember("poll", serde_json::to_value(now).unwrap_or_default())]
        } else {
            Vec::new()
        };
        outlet.deliver(portion, then).await?;
        if last {
            return Ok(());
        }
    }
}

/// An address with everything needed to fetch it.
pub(super) struct Poll {
    url: Url,
    headers: BTreeMap<String, String>,
    timeout: Duration,
}

impl Poll {
    /// Fills in the address and the secrets, and asks whether the host may be called.
    pub(super) fn new(
        site: &Site,
        url: &str,
        headers_from: &BTreeMap<String, String>,
        timeout: Duration,
    ) -> Result<Self, Words> {
        let url = site.settings.fill(url)?;
        let url = Url::parse(&url)
            .map_err(|reason| both("địa chỉ không hợp lệ", "the address is not valid", &reason))?;
        site.fetch.allows(&url).map_err(|reason| {
            both("không được phép gọi địa chỉ này", "this address may not be called", &reason)
        })?;
        let mut headers = BTreeMap::new();
        for (name, secret) in headers_from {
            headers.insert(name.to_ascii_lowercase(), site.settings.secret(secret)?.to_owned());
        }
        Ok(Self { url, headers, timeout })
    }

    /// The headers of every request.
    pub(super) fn headers(&self) -> &BTreeMap<String, String> {
        &self.headers
    }

    /// Fetches the address; `None` where nothing has changed.
    pub(super) async fn get(
        &self,
        site: &Site,
        headers: BTreeMap<String, String>,
        most_bytes: u64,
    ) -> Result<Option<Answer>, Words> {
        let request = Request { url: self.url.clone(), headers, timeout: self.timeout, most_bytes };
        let answer = tokio::select! {
            () = site.stop.cancelled() => return Ok(None),
            answer = site.fetch.get(request) => answer,
        };
        let answer =
            answer.map_err(|reason| both("không tải được dữ liệu", "the data cannot be fetched", &reason))?;
        match answer.status {
            200..=299 => Ok(Some(answer)),
            304 => Ok(None),
            status => {
                let asked = answer.headers.get("retry-after").and_then(|seconds| seconds.parse().ok());
                let reason = Words::new(
                    format!("máy chủ nguồn trả lời mã {status}"),
                    format!("the source's server answered with status {status}"),
                );
                if let Some(wait) = asked.map(Duration::from_secs) {
                    site.health.failed(reason.clone(), site.clock.now());
                    site.wait(wait.min(MAX_RETRY_AFTER)).await;
                }
                Err(reason)
            }
        }
    }
}
