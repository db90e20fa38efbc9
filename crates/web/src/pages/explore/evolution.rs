//! The history of one attribute, as the temporal API tells it: a chart where it is of numbers, and a table.

use dinh_model::Timestamp;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Question;
use super::instances::instant;
use crate::look::chart::{Chart, Kind, Point, Width, draw};
use crate::look::{self};
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// The last values that are shown.
const LAST: &str = "100";
/// Fewest values that are worth a drawing.
const FEWEST: usize = 2;

/// A history.
#[derive(Serialize)]
pub(super) struct Evolution {
    attribute: String,
    title: String,
    /// The drawing; none where there are no numbers.
    svg: Option<String>,
    /// The latest first.
    points: Vec<Value>,
    /// What the API said against the question.
    trouble: Option<String>,
}

/// One value.
#[derive(Serialize)]
struct Value {
    iso: String,
    time: String,
    text: String,
}

/// The history of an attribute of the entity `told`, and what was asked for it.
pub(super) async fn evolution(visitor: &Visitor, told: &Json, attribute: &str) -> (Evolution, Question) {
    let id = told["id"].as_str().unwrap_or_default();
    let instance = told[attribute].as_array().and_then(|all| all.first()).unwrap_or(&told[attribute]);
    let observed = instance.get("observedAt").is_some();
    let question = Question::get(format!("/ngsi-ld/v1/temporal/entities/{}", encode(id)))
        .with("attrs", attribute)
        .with("lastN", LAST)
        .with("options", "temporalValues")
        .with("timeproperty", if observed { "" } else { "modifiedAt" });
    let answer = question.ask(visitor).await;
    // What has never been said has no history: nothing is wrong with that.
    let is_there = answer.status != StatusCode::NOT_FOUND;
    let (answer, trouble) = match answer.taken() {
        Ok(answer) => (answer, None),
        Err(said) => (Json::Null, Some(said).filter(|_| is_there)),
    };
    let unit = instance["unitCode"].as_str().map(|code| look::symbol(code).to_owned()).unwrap_or_default();
    let pairs = pairs(&answer[attribute]);
    let lang = visitor.lang();
    let title = lang.say_with("explore-history-of", &args([("name", attribute.to_owned())]));
    let points = pairs.iter().rev().map(|(at, value)| Value {
        iso: at.to_string(),
        time: look::date_time(*at, lang),
        text: text(value),
    });
    let evolution = Evolution {
        attribute: attribute.to_owned(),
        svg: drawn(visitor, &pairs, &unit, &title),
        points: points.collect(),
        title,
        trouble,
    };
    (evolution, question)
}

/// Pairs of value and time, the earliest first.
fn pairs(told: &Json) -> Vec<(Timestamp, Json)> {
    // Several instances come as a list; the first is shown.
    let one = told.as_array().and_then(|all| all.first()).unwrap_or(told);
    let members = one.as_object().into_iter().flatten();
    let list = members.filter(|(name, _)| *name != "type").find_map(|(_, told)| told.as_array());
    let mut pairs: Vec<(Timestamp, Json)> = list
        .into_iter()
        .flatten()
        .filter_map(|pair| {
            let [value, at, ..] = pair.as_array()?.as_slice() else { return None };
            Some((instant(at)?, value.clone()))
        })
        .collect();
    pairs.sort_by_key(|(at, _)| *at);
    pairs
}

fn drawn(visitor: &Visitor, pairs: &[(Timestamp, Json)], unit: &str, title: &str) -> Option<String> {
    let points: Vec<Point> =
        pairs.iter().filter_map(|(at, value)| Some(Point { at: *at, value: value.as_f64()? })).collect();
    if points.len() < FEWEST || points.len() < pairs.len() {
        return None;
    }
    let (from, to) = (points.first()?.at, points.last()?.at);
    (from < to).then(|| {
        draw(&Chart {
            lang: visitor.lang(),
            kind: Kind::Line,
            points: &points,
            from,
            to: to.plus_micros(1),
            longest_join: i64::MAX,
            thresholds: &[],
            unit,
            description: title,
            width: Width::Page,
        })
    })
}

fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pairs_are_read_and_put_in_order() {
        let told = json!({"type": "Property", "values": [
            [2.0, "2026-11-20T08:00:00Z"], [1.0, "2026-11-20T07:00:00Z"], ["no time"]]});
        let read: Vec<f64> = pairs(&told).iter().filter_map(|(_, value)| value.as_f64()).collect();
        assert_eq!(read, [1.0, 2.0]);
        assert_eq!(pairs(&json!([told])).len(), 2, "of several instances the first");
        assert!(pairs(&Json::Null).is_empty());
    }
}
