//! One call to one source.

use std::time::Duration;

use dinh_context::outbound;
use dinh_context::registrations::Match;
use dinh_ngsild::read;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

use crate::tongue::{headers, named};
use crate::{Asker, Tongue};

/// Path below which the operations of the API are.
const API: &str = "/ngsi-ld/v1";
/// Paths of questions that may be answered by a map.
const QUERIES: [&str; 3] = ["/entities", "/entityOperations/query", "/temporal/entities"];
/// Longest time for an answer, unless the registration says how long.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Most warnings of one answer.
const MOST_WARNINGS: usize = 10;
/// The longest answer, in bytes.
const LONGEST: usize = 16 << 20;
/// What must be escaped in a query; the rest reads better as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b',');

/// What a source is asked.
#[derive(Clone, Debug)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// Path below that of the API, beginning with a slash.
    pub path: String,
    /// Parameters, in order.
    pub query: Vec<(&'static str, String)>,
    /// Body.
    pub body: Option<Json>,
}

/// What a source answered well.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status: 2xx.
    pub status: u16,
    /// The body, if there is one.
    pub body: Option<Json>,
    /// What it had to say of its own sources (`NGSILD-Warning`).
    pub warnings: Vec<String>,
}

/// Why a source did not answer well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It did not answer in time.
    #[error("it did not answer in time")]
    Late,
    /// It cannot be reached, or may not be called.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It failed a short while ago and is left in peace.
    #[error("it failed a short while ago and is left in peace for now")]
    Rests,
    /// What it told is no NGSI-LD.
    #[error("its answer makes no sense: {0}")]
    Unreadable(String),
    /// It told more than is taken.
    #[error("its answer is too long")]
    TooLarge,
    /// It refused.
    #[error("it answered with status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What it said of it.
        detail: Option<String>,
    },
    /// The request was here before.
    #[error("the request goes round in circles")]
    Loop,
}

/// What became of a call.
#[derive(Clone, Debug)]
pub struct Fate {
    /// To which source.
    pub source: Match,
    /// What came of it.
    pub result: Result<Answer, Failure>,
}

/// Calls the source of a registration.
pub(crate) async fn call(
    asker: &Asker,
    source: &Match,
    tongue: &Tongue,
    call: Call,
) -> Result<Answer, Failure> {
    let clock = asker.session.context().clock();
    if source.registered.rests(clock.now()) {
        return Err(Failure::Rests);
    }
    let result = attempt(asker, source, tongue, call).await;
    // That there is nothing is an answer.
    let well = matches!(result, Ok(_) | Err(Failure::Refused { status: 404, .. }));
    source.registered.note(clock.now(), well);
    metrics::counter!("dinh_source_calls_total", "outcome" => if well { "answered" } else { "failed" })
        .increment(1);
    result
}

/// Calls the source of a registration, whatever became of earlier calls, and notes nothing of this one.
pub(crate) async fn attempt(
    asker: &Asker,
    source: &Match,
    tongue: &Tongue,
    call: Call,
) -> Result<Answer, Failure> {
    let registration = &source.registered.registration;
    let outbound = asker.session.context().outbound();
    let url = address(&registration.endpoint, &call, registration.management.local_only);
    let mut request = outbound
        .request(call.method.clone(), &url)
        .map_err(|error| Failure::Unreachable(error.to_string()))?
        .timeout(registration.management.timeout.map_or(TIMEOUT, |ms| Duration::from_secs_f64(ms / 1_000.0)))
        .header("Via", asker.way.and(&asker.alias()))
        .header("Accept", named(registration, "accept").unwrap_or("application/json"));
    for (name, value) in headers(registration, &asker.headers) {
        request = request.header(name, value);
    }
    if let Some(tenant) = &registration.tenant {
        request = request.header("NGSILD-Tenant", tenant);
    }
    if let Some(map) = asker.linked.get(&registration.id).filter(|_| QUERIES.contains(&call.path.as_str())) {
        request = request.header("NGSILD-EntityMap", format!("{API}/entityMaps/{map}"));
    }
    let (body, media) = match call.body {
        None => (None, "application/json"),
        Some(body) => {
            let (body, media) = worded(body, asker, tongue);
            (Some(body), media)
        }
    };
    if media == "application/json"
        && let Some(link) = &tongue.link
    {
        let link =
            format!("<{link}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        request = request.header("Link", link);
    }
    if let Some(body) = body {
        request = request.header("Content-Type", media).body(body.to_string());
    }
    let answer = outbound.send(request, LONGEST).await.map_err(failure)?;
    let read_body = || {
        let blank = answer.body.iter().all(u8::is_ascii_whitespace);
        if blank { Ok(None) } else { read::json(&answer.body).map(Some) }
    };
    if (200..300).contains(&answer.status) {
        let body = read_body().map_err(|error| Failure::Unreadable(error.to_string()))?;
        let warnings =
            answer.headers.get_all("ngsild-warning").iter().filter_map(|value| value.to_str().ok());
        let warnings = warnings.take(MOST_WARNINGS).map(str::to_owned).collect();
        return Ok(Answer { status: answer.status, body, warnings });
    }
    let said = read_body().ok().flatten();
    let detail = said.as_ref().and_then(|said| said.get("detail")).and_then(Json::as_str).map(str::to_owned);
    Err(Failure::Refused { status: answer.status, detail })
}

/// What is sent, with its `@context` where the media type wants it.
fn worded(body: Json, asker: &Asker, tongue: &Tongue) -> (Json, &'static str) {
    let wanted = tongue.content.as_deref();
    let inline = wanted == Some("application/ld+json") && !tongue.rewrites;
    // A context without a URL of its own can go in the body alone.
    let told = tongue.link.is_some() || asker.context.source().is_none();
    if tongue.rewrites || (told && !inline) {
        return (body, "application/json");
    }
    let core = || Json::from(dinh_ngsild::context::CORE_URL);
    let context = asker.context.source().cloned().unwrap_or_else(core);
    let with = |mut body: Json| {
        if let Some(members) = body.as_object_mut() {
            members.entry("@context").or_insert_with(|| context.clone());
        }
        body
    };
    let body = match body {
        // Identifiers of entities need no context.
        Json::Array(items) if items.iter().any(Json::is_string) => {
            return (Json::Array(items), "application/json");
        }
        Json::Array(items) => items.into_iter().map(with).collect(),
        one => with(one),
    };
    (body, "application/ld+json")
}

fn failure(error: outbound::Error) -> Failure {
    match error {
        outbound::Error::TooLarge(_) => Failure::TooLarge,
        outbound::Error::Failed(text) if text.starts_with("timed out") => Failure::Late,
        other => Failure::Unreachable(other.to_string()),
    }
}

/// The URL of a call. Some register the address of the API, some that of the program.
fn address(endpoint: &str, call: &Call, local_only: bool) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    let api = if endpoint.ends_with(API) { "" } else { API };
    let local = local_only.then(|| ("local", "true".to_owned()));
    let pairs: Vec<String> = call
        .query
        .iter()
        .chain(local.as_ref())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, QUERY)))
        .collect();
    let mark = if pairs.is_empty() { "" } else { "?" };
    format!("{endpoint}{api}{}{mark}{}", call.path, pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_api() {
        let mut call =
            Call { method: Method::GET, path: "/entities".to_owned(), query: Vec::new(), body: None };
        assert_eq!(address("http://a:1/b/", &call, false), "http://a:1/b/ngsi-ld/v1/entities");
        call.query = vec![("type", "Xe bus".to_owned()), ("id", "urn:ngsi-ld:A:1".to_owned())];
        let expected = "http://a/ngsi-ld/v1/entities?type=Xe%20bus&id=urn:ngsi-ld:A:1&local=true";
        assert_eq!(address("http://a/ngsi-ld/v1", &call, true), expected);
    }
}
