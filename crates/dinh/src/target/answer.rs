//! What is answered.

use std::time::Duration;

use anyhow::anyhow;
use bytes::Bytes;
use http::header::LINK;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::problem;
use crate::said::{OrSay as _, Said, Words, said};

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status.
    pub(crate) status: StatusCode,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// Body.
    pub(crate) body: Bytes,
}

impl Answer {
    /// The answer, if it is a success; else what the server says is wrong.
    pub(crate) fn success(self) -> anyhow::Result<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        let detail = self.problem().as_ref().and_then(problem::detail).map(str::to_owned);
        Err(refused(self.status, detail))
    }

    /// What the server says is wrong, with its kind in both languages; or else the status.
    pub(crate) fn complaint(&self) -> String {
        let status = self.status;
        self.problem().as_ref().and_then(problem::reason).unwrap_or_else(|| {
            format!("máy chủ trả lời với mã {status} · the server answered with status {status}")
        })
    }

    fn problem(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body).or_say(|| {
            Words::new(
                "câu trả lời không phải là JSON như mong đợi; đây có đúng là máy chủ Đình không?",
                "the answer is not the JSON that was expected; is this a Đình server?",
            )
        })
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the server wants to be left alone (RFC 9110 clause 10.2.3), if it says so in seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }

    /// The path of the next page, if there is one.
    pub(crate) fn next(&self) -> Option<String> {
        let links = self.headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
        links.flat_map(|value| value.split(", ")).find_map(next_of)
    }
}

/// A refusal with `status`; `detail` is what the server says of it.
pub(crate) fn refused(status: StatusCode, detail: Option<String>) -> anyhow::Error {
    let words = match status {
        StatusCode::UNAUTHORIZED => Words::new(
            "không được phép; hãy nêu tệp chứa khoá ghi đúng bằng --key-file",
            "this is not allowed; name the file of the right write key with --key-file",
        ),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Words::new("yêu cầu không hợp lệ", "the request is not valid")
        }
        StatusCode::NOT_FOUND => Words::new("không tìm thấy", "this was not found"),
        status => Words::new(
            format!("yêu cầu bị từ chối với mã {status}"),
            format!("the request was refused with status {status}"),
        ),
    };
    match detail {
        Some(detail) => Said::because(words, anyhow!(detail)),
        None => said(words.vi, words.en),
    }
}

/// The path of a link `<path>; rel="next"`.
fn next_of(link: &str) -> Option<String> {
    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    let is_next = parameters.split(';').any(|p| matches!(p.trim(), "rel=\"next\"" | "rel=next"));
    let path = match target.split_once("://") {
        Some((_scheme, rest)) => rest.split_once('/').map(|(_host, path)| format!("/{path}"))?,
        None => target.to_owned(),
    };
    is_next.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        assert_eq!(
            next_of("</x?offset=2>; rel=\"next\"; type=\"application/json\"").as_deref(),
            Some("/x?offset=2")
        );
        assert_eq!(next_of("<http://h:1/x?offset=2>; rel=\"next\"").as_deref(), Some("/x?offset=2"));
        assert_eq!(next_of("</x?offset=0>; rel=\"prev\""), None);
        assert_eq!(next_of("nonsense"), None);
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_server() {
        let answer = |body: &'static str| Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
        };
        assert_eq!(
            answer("{\"title\": \"No.\", \"detail\": \"The q is odd.\"}").complaint(),
            "The q is odd."
        );
        assert_eq!(answer("{\"title\": \"No.\"}").complaint(), "No.");
        assert!(answer("<html>").complaint().contains("400"));
        assert!(answer("{}").success().is_err());
    }
}
