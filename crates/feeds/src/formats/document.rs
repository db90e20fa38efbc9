//! JSON, JSON lines and GeoJSON.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Broken, FormatError, Item, Items};
use crate::Words;
use crate::mapping::{Position, Record};

/// Longest line of JSON lines, in bytes.
const MAX_LINE: usize = 4 << 20;

/// A JSON document: an array of records, or one record. `items` points at the array within the document.
pub(super) fn json(text: &str, place: &Arc<str>, items: Option<&str>) -> Result<Items, FormatError> {
    let mut document = parse(text)?;
    let found = match items {
        None => document,
        Some(pointer) => document.pointer_mut(pointer).map(Json::take).ok_or_else(|| {
            FormatError::new(
                format!("tài liệu JSON không có {pointer}"),
                format!("the JSON document has nothing at {pointer}"),
            )
        })?,
    };
    Ok(match found {
        Json::Array(list) => numbered(list, place, |value, position| Ok(Record::of_json(value, position))),
        single => Box::new(std::iter::once(Ok(Record::of_json(single, Position::place(Arc::clone(place)))))),
    })
}

/// One JSON value a line.
pub(super) fn lines(text: String, place: &Arc<str>) -> Items {
    let place = Arc::clone(place);
    let (mut at, mut line) = (0, 0);
    Box::new(std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let end = rest.find('\n').unwrap_or(rest.len());
            let row = rest.get(..end)?.trim();
            at += end + 1;
            line += 1;
            if !row.is_empty() {
                return Some(one_line(row, Position::row(&place, line)));
            }
        }
    }))
}

fn one_line(row: &str, position: Position) -> Item {
    if row.len() > MAX_LINE {
        let reason = Words::new(
            format!("dòng dài hơn {MAX_LINE} byte"),
            format!("the line is longer than {MAX_LINE} bytes"),
        );
        return Err(Box::new(Broken::new(position, reason, row)));
    }
    match parse(row) {
        Ok(value) => Ok(Record::of_json(value, position)),
        Err(reason) => Err(Box::new(Broken::new(position, reason.0, row))),
    }
}

/// A GeoJSON FeatureCollection or a single Feature.
pub(super) fn geojson(text: &str, place: &Arc<str>) -> Result<Items, FormatError> {
    let mut document = parse(text)?;
    let kind = document.get("type").and_then(Json::as_str).unwrap_or_default();
    match kind {
        "Feature" => {
            let position = Position::place(Arc::clone(place));
            Ok(Box::new(std::iter::once(feature(document, position))))
        }
        "FeatureCollection" => match document.get_mut("features").map(Json::take) {
            Some(Json::Array(features)) => Ok(numbered(features, place, feature)),
            _ => Err(FormatError::new(
                "FeatureCollection thiếu danh sách features",
                "the FeatureCollection has no array of features",
            )),
        },
        _ => Err(FormatError::new(
            "không phải GeoJSON FeatureCollection",
            "this is not a GeoJSON FeatureCollection (RFC 7946)",
        )),
    }
}

/// The properties of a feature, with its geometry as the field `geometry` and its identifier as `$id`.
fn feature(mut value: Json, position: Position) -> Item {
    let is_feature = value.get("type").and_then(Json::as_str) == Some("Feature");
    let mut take = |key: &str| value.get_mut(key).map(Json::take);
    let (geometry, id, properties) = (take("geometry"), take("id"), take("properties"));
    let mut fields = match properties {
        Some(Json::Object(fields)) => fields,
        None | Some(Json::Null) => Map::new(),
        Some(_) => return Err(no_feature(position, &value)),
    };
    if !is_feature {
        return Err(no_feature(position, &value));
    }
    fields.insert("geometry".to_owned(), geometry.unwrap_or_default());
    if let Some(id) = id {
        fields.insert("$id".to_owned(), id);
    }
    Ok(Record::new(fields, position))
}

fn no_feature(position: Position, value: &Json) -> Box<Broken> {
    let reason = Words::new("mục này không phải GeoJSON Feature", "this item is not a GeoJSON Feature");
    Box::new(Broken::new(position, reason, &value.to_string()))
}

fn numbered(
    list: Vec<Json>,
    place: &Arc<str>,
    mut read: impl FnMut(Json, Position) -> Item + Send + 'static,
) -> Items {
    let place = Arc::clone(place);
    let rows = (1..).zip(list);
    Box::new(rows.map(move |(row, value)| read(value, Position::row(&place, row))))
}

/// Parses JSON; serde_json refuses nesting deeper than 128 by itself.
fn parse(text: &str) -> Result<Json, FormatError> {
    serde_json::from_str(text).map_err(|reason| {
        FormatError::new(format!("JSON không hợp lệ: {reason}"), format!("this is not valid JSON: {reason}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Arc<str> {
        "x".into()
    }

    #[test]
    fn reads_documents_lists_and_lines() {
        let count = |text: &str, items| json(text, &place(), items).map(Iterator::count);
        assert_eq!(count("[{},{}]", None).unwrap(), 2);
        assert_eq!(count("{\"a\":1}", None).unwrap(), 1);
        assert_eq!(count("{\"data\":{\"rows\":[1,2,3]}}", Some("/data/rows")).unwrap(), 3);
        assert!(count("{\"data\":1}", Some("/rows")).is_err());
        assert!(count("[1,", None).is_err());
        assert!(count(&"[".repeat(5_000), None).is_err());
        let found: Vec<Item> = lines("{\"a\":1}\n\n{broken\n{\"a\":2}".to_owned(), &place()).collect();
        let good: Vec<bool> = found.iter().map(Result::is_ok).collect();
        assert_eq!(good, [true, false, true]);
        assert_eq!(found[1].as_ref().unwrap_err().position.row, Some(3));
    }

    #[test]
    fn reads_features() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","id":7,"properties":{"Huyện ":"A"},"geometry":{"type":"Point","coordinates":[1,2]}},
            {"type":"Feature","properties":null,"geometry":null},
            {"type":"Thing"}, 5]}"#;
        let found: Vec<Item> = geojson(text, &place()).unwrap().collect();
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.text("$id").unwrap(), "7");
        assert_eq!(first.text("Huyện ").unwrap(), "A");
        assert!(first.get("geometry").is_some());
        assert!(found[1].as_ref().unwrap().get("geometry").is_none());
        assert!(found[2].is_err() && found[3].is_err());
        assert!(geojson("{\"type\":\"Topology\"}", &place()).is_err());
    }
}
