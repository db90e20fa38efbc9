//! What browsers are told, as the bytes of server-sent events (WHATWG HTML, clause 9.2).

use bytes::Bytes;
use dinh_model::{EntityId, Timestamp};
use serde::Serialize;

use crate::layers::{Item, ItemValue, Layer};
use crate::tiles::number_of;

/// Most items in one event; a busier moment makes several.
const MAX_ITEMS: usize = 500;

/// One changed entity as scripts read it. Short names: there are many of them.
#[derive(Debug, Serialize)]
pub(super) struct Told<'a> {
    /// The number that its features have in tiles.
    id: u64,
    eid: &'a str,
    layer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    t: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<u8>,
    #[serde(skip_serializing_if = "is_false", serialize_with = "as_number")]
    stale: bool,
    #[serde(skip_serializing_if = "is_false", serialize_with = "as_number")]
    replay: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "is_false", serialize_with = "as_number")]
    gone: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn as_number<S: serde::Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(u8::from(*value))
}

impl<'a> Told<'a> {
    /// An entity that is in a layer.
    pub(super) fn item(layer: &'a Layer, item: &'a Item, now: Timestamp) -> Self {
        let place = item.place.as_ref().and_then(crate::layers::Place::anchor);
        Self {
            id: number_of(item.id.as_str()),
            eid: item.id.as_str(),
            layer: &layer.id,
            name: Some(&item.name),
            lon: place.map(|p| p.0),
            lat: place.map(|p| p.1),
            v: item.value.as_ref().and_then(ItemValue::number),
            t: match &item.value {
                Some(ItemValue::Text(text)) => Some(text),
                _ => None,
            },
            c: item.class,
            stale: item.is_stale(layer, now),
            replay: item.replay_of.is_some(),
            at: item.at.map(|at| at.to_string()),
            gone: false,
        }
    }

    /// An entity that has left a layer.
    pub(super) fn gone(layer: &'a Layer, id: &'a EntityId) -> Self {
        Self {
            id: number_of(id.as_str()),
            eid: id.as_str(),
            layer: &layer.id,
            name: None,
            lon: None,
            lat: None,
            v: None,
            t: None,
            c: None,
            stale: false,
            replay: false,
            at: None,
            gone: true,
        }
    }
}

#[derive(Serialize)]
struct Changes<'a> {
    seq: u64,
    items: &'a [Told<'a>],
}

/// Events `change` with these items, one event or several.
pub(super) fn changes(seq: u64, items: &[Told<'_>]) -> Bytes {
    let mut text = Vec::new();
    for items in items.chunks(MAX_ITEMS) {
        text.extend_from_slice(b"event: change\ndata: ");
        // Serialising to memory fails for maps with odd keys only; there are none.
        if serde_json::to_writer(&mut text, &Changes { seq, items }).is_err() {
            return Bytes::new();
        }
        text.extend_from_slice(b"\n\n");
    }
    text.into()
}

/// The place in the feed up to which everything was told; the browser names it when it comes back.
pub(super) fn position(seq: u64) -> Bytes {
    format!("id: {seq}\n\n").into()
}

/// Too much was missed: fetch everything again.
pub(super) const RESET: Bytes = Bytes::from_static(b"event: reset\ndata: {}\n\n");
/// The health of the sources has changed.
pub(super) const HEALTH: Bytes = Bytes::from_static(b"event: health\ndata: {}\n\n");
/// Keeps the connection open and shows that it is.
pub(super) const HEARTBEAT: Bytes = Bytes::from_static(b":\n\n");
/// The first words: when to come back after a break, in milliseconds.
pub(super) const GREETING: Bytes = Bytes::from_static(b"retry: 2000\n\n");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Place;

    #[test]
    fn an_item_is_one_line_of_json() {
        let text = r#"
            title = { vi = "Mưa", en = "Rain" }
            group = { vi = "Thời tiết", en = "Weather" }
            types = ["Gauge"]
        "#;
        let layer = Layer::parse("p", "rain", text, &|name| name.into()).unwrap();
        let id = EntityId::trusted("urn:g:1");
        let item = Item {
            id: id.clone(),
            name: "Kim\nLong".into(),
            place: Some(Place::Point(107.5, 16.5)),
            value: Some(ItemValue::Number(2.5)),
            class: Some(1),
            at: Some(Timestamp::from_micros(0)),
            replay_of: Some(Timestamp::from_micros(0)),
        };
        let told = [Told::item(&layer, &item, Timestamp::from_micros(0)), Told::gone(&layer, &id)];
        let bytes = changes(7, &told);
        let text = std::str::from_utf8(&bytes).unwrap();
        let data = text.strip_prefix("event: change\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
        assert!(!data.contains('\n'));
        let json: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(json["seq"], 7);
        assert_eq!(json["items"][0]["v"], 2.5);
        assert_eq!(json["items"][0]["replay"], 1);
        assert!(json["items"][0].get("stale").is_none());
        assert_eq!(json["items"][1]["gone"], 1);
    }
}
