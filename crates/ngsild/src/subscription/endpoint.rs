//! Where notifications go (clause 5.2.15).

use serde_json::{Map, Number, Value as Json};

use super::mqtt::{self, MqttTarget};
use crate::read::ReadError;

/// Most pairs in `receiverInfo` and in `notifierInfo`.
const PAIRS: usize = 64;
/// Longest text in a pair, in bytes.
const PAIR_BYTES: usize = 8 * 1_024;

/// The media type of notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Accept {
    /// `application/json`.
    #[default]
    Json,
    /// `application/ld+json`.
    JsonLd,
    /// `application/geo+json`.
    GeoJson,
}

impl Accept {
    /// The media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonLd => "application/ld+json",
            Self::GeoJson => "application/geo+json",
        }
    }
}

/// A key and a value that the receiver or the sender needs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyValue {
    /// E.g. the name of a header.
    pub key: String,
    /// E.g. its content.
    pub value: String,
}

/// Where notifications go.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// `http:`, `https:`, `mqtt:` or `mqtts:`.
    pub uri: String,
    /// The media type, if given.
    pub accept: Option<Accept>,
    /// Milliseconds to wait for an answer, if given.
    pub timeout: Option<Number>,
    /// Milliseconds to wait after a failure, if given.
    pub cooldown: Option<Number>,
    /// For the receiver: headers, or `metadata` over MQTT.
    pub receiver_info: Vec<KeyValue>,
    /// For the sender: how to set up the channel.
    pub notifier_info: Vec<KeyValue>,
}

impl Endpoint {
    /// The media type.
    pub fn accept(&self) -> Accept {
        self.accept.unwrap_or_default()
    }

    /// The broker and topic, if this is an MQTT endpoint.
    pub fn mqtt(&self) -> Option<MqttTarget> {
        mqtt::target(self).ok().flatten()
    }

    /// True if the receiver of GeoJSON asks for no `@context` in the body (`Prefer: body=json`).
    pub fn prefers_plain_body(&self) -> bool {
        self.receiver_info
            .iter()
            .any(|pair| pair.key.eq_ignore_ascii_case("prefer") && pair.value.contains("body=json"))
    }

    pub(super) fn read(json: &Json) -> Result<Self, ReadError> {
        let at = "notification.endpoint";
        let object = json.as_object().ok_or_else(|| ReadError::at(at, "it must be an object"))?;
        let endpoint = Self {
            uri: uri(object)?,
            accept: accept(object)?,
            timeout: milliseconds(object, "timeout")?,
            cooldown: milliseconds(object, "cooldown")?,
            receiver_info: pairs(object, "receiverInfo")?,
            notifier_info: pairs(object, "notifierInfo")?,
        };
        mqtt::target(&endpoint)?;
        Ok(endpoint)
    }

    pub(super) fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("uri".into(), self.uri.clone().into());
        if let Some(accept) = self.accept {
            object.insert("accept".into(), accept.as_str().into());
        }
        for (name, number) in [("timeout", &self.timeout), ("cooldown", &self.cooldown)] {
            if let Some(number) = number {
                object.insert(name.into(), Json::Number(number.clone()));
            }
        }
        for (name, pairs) in [("receiverInfo", &self.receiver_info), ("notifierInfo", &self.notifier_info)] {
            if !pairs.is_empty() {
                let pairs =
                    pairs.iter().map(|pair| serde_json::json!({"key": pair.key, "value": pair.value}));
                object.insert(name.into(), pairs.collect());
            }
        }
        Json::Object(object)
    }
}

fn uri(object: &Map<String, Json>) -> Result<String, ReadError> {
    let at = "notification.endpoint.uri";
    let text = object
        .get("uri")
        .and_then(Json::as_str)
        .ok_or_else(|| ReadError::at(at, "an endpoint needs a uri"))?;
    let url = url::Url::parse(text)
        .map_err(|reason| ReadError::at(at, format!("{text:?} is not a URI: {reason}")))?;
    if !matches!(url.scheme(), "http" | "https" | "mqtt" | "mqtts")
        || url.host_str().is_none_or(str::is_empty)
    {
        return Err(ReadError::at(at, "it must begin with http, https, mqtt or mqtts and name a host"));
    }
    Ok(text.to_owned())
}

fn accept(object: &Map<String, Json>) -> Result<Option<Accept>, ReadError> {
    let Some(json) = object.get("accept") else { return Ok(None) };
    [Accept::Json, Accept::JsonLd, Accept::GeoJson]
        .into_iter()
        .find(|accept| json.as_str() == Some(accept.as_str()))
        .map(Some)
        .ok_or_else(|| {
            let rule = "it is application/json, application/ld+json or application/geo+json";
            ReadError::at("notification.endpoint.accept", rule)
        })
}

fn milliseconds(object: &Map<String, Json>, name: &str) -> Result<Option<Number>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::Number(number)) if number.as_f64().is_some_and(|n| n > 0.0 && n <= 86_400_000.0) => {
            Ok(Some(number.clone()))
        }
        Some(_) => {
            let at = format!("notification.endpoint.{name}");
            Err(ReadError::at(&at, "it is a number of milliseconds above 0 and up to a day"))
        }
    }
}

/// Pairs of a key and a value, each a text.
pub(crate) fn pairs(object: &Map<String, Json>, name: &str) -> Result<Vec<KeyValue>, ReadError> {
    let at = format!("notification.endpoint.{name}");
    let Some(json) = object.get(name) else { return Ok(Vec::new()) };
    let items = json.as_array().filter(|items| items.len() <= PAIRS);
    let items =
        items.ok_or_else(|| ReadError::at(&at, format!("it must be an array of at most {PAIRS} pairs")))?;
    items
        .iter()
        .map(|item| {
            let text = |member: &str| {
                item.get(member)
                    .and_then(Json::as_str)
                    .filter(|text| text.len() <= PAIR_BYTES)
                    .map(str::to_owned)
                    .ok_or_else(|| ReadError::at(&at, "a pair is an object with the texts key and value"))
            };
            Ok(KeyValue { key: text("key")?, value: text("value")? })
        })
        .collect()
}
