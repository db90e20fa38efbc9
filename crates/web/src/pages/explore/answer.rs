//! An answer of the API, laid out.

use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Answer;
use super::desk::entity_href;
use super::paint::paint;
use crate::look;
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Headers that tell something of an answer.
const TELLING: [&str; 10] = [
    "content-type",
    "link",
    "location",
    "content-range",
    "ngsild-results-count",
    "ngsild-warning",
    "ngsild-tenant",
    "etag",
    "retry-after",
    "www-authenticate",
];

/// What is shown of an answer.
#[derive(Serialize)]
pub(super) struct Laid {
    status: String,
    tone: &'static str,
    icon: &'static str,
    took: String,
    size: String,
    headers: Vec<(String, String)>,
    /// The body, laid out; none if it is too long to be shown.
    body: Option<String>,
    /// Whether only its beginning is shown.
    cut: bool,
    /// How many entities came, where it is a list.
    count: Option<String>,
}

/// Lays an answer out.
pub(super) fn laid(visitor: &Visitor, answer: &Answer) -> Laid {
    let lang = visitor.lang();
    let (tone, icon) = match answer.status.as_u16() {
        ..300 => ("ok", "ok"),
        300..500 => ("warn", "warn"),
        _ => ("danger", "danger"),
    };
    let json = answer.json();
    let items = json.as_array().or_else(|| json.get("features").and_then(Json::as_array));
    let painted = paint(&json, &|id| entity_href(visitor, id));
    let size = answer.bytes.as_ref().map(|bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let headers =
        TELLING.into_iter().filter_map(|name| Some((name.to_owned(), answer.header(name)?.to_owned())));
    Laid {
        status: answer.status.to_string(),
        tone,
        icon,
        took: lang.say_with("explore-took", &args([("ms", milliseconds(answer, visitor))])),
        size: size.map_or_else(|| lang.say("explore-too-long"), |size| look::bytes(size, lang)),
        headers: headers.collect(),
        body: size.filter(|size| *size > 0).map(|_| painted.html),
        cut: painted.cut,
        count: items.map(|items| {
            let shown = super::desk::counted(visitor, u64::try_from(items.len()).unwrap_or(u64::MAX));
            lang.say_with("explore-came", &args([("n", shown)]))
        }),
    }
}

fn milliseconds(answer: &Answer, visitor: &Visitor) -> String {
    look::number(answer.took.as_secs_f64() * 1_000.0, Some(1), visitor.lang())
}
